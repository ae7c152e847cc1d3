"""The shared kernel: names and value types of emergency management that all services mean alike."""

from vocabulary.area import NATION, is_within, parents, parse_code, subject_tokens
from vocabulary.emergency import EMERGENCY_TYPES, EmergencyType, emergency_class, matches
from vocabulary.figure import Figure
from vocabulary.indicator import INDICATORS, Indicator
from vocabulary.law import Duty, DutyKind, LegalAnswer, LegalGap, LegalVerdict, Provision, may
from vocabulary.levels import (
    Comparison,
    EmergencyClass,
    Grade,
    JurisdictionState,
    Mode,
    OrganizationKind,
    ResponseLevel,
    WarningColour,
)
from vocabulary.place import Crs, Place, distance_m, to_wgs84

__all__ = [
    "EMERGENCY_TYPES",
    "INDICATORS",
    "NATION",
    "Comparison",
    "Crs",
    "Duty",
    "DutyKind",
    "EmergencyClass",
    "EmergencyType",
    "Figure",
    "Grade",
    "Indicator",
    "JurisdictionState",
    "LegalAnswer",
    "LegalGap",
    "LegalVerdict",
    "Mode",
    "OrganizationKind",
    "Place",
    "Provision",
    "ResponseLevel",
    "WarningColour",
    "distance_m",
    "emergency_class",
    "is_within",
    "matches",
    "may",
    "parents",
    "parse_code",
    "subject_tokens",
    "to_wgs84",
]

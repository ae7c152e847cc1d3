"""The scales that must never be mixed: grade of an incident, level of a response, colour of a warning."""

from enum import StrEnum
from typing import Self


class Scale(StrEnum):
    """An ordered scale whose members are declared from most to least severe."""

    @property
    def severity(self) -> int:
        """Rank from 1 (least severe) upwards; comparable only within one scale."""
        members = list(type(self))
        return len(members) - members.index(self)

    def at_least(self, other: Self) -> bool:
        """Whether this member is as severe as `other`, or more."""
        return self.severity >= other.severity


class Grade(Scale):
    """Severity of an incident by measured criteria; absent for social safety (Emergency Response Law, art. 3)."""

    GRADE_I = "GRADE_I"
    GRADE_II = "GRADE_II"
    GRADE_III = "GRADE_III"
    GRADE_IV = "GRADE_IV"


class ResponseLevel(Scale):
    """Level at which a plan is in force."""

    LEVEL_I = "LEVEL_I"
    LEVEL_II = "LEVEL_II"
    LEVEL_III = "LEVEL_III"
    LEVEL_IV = "LEVEL_IV"


class WarningColour(Scale):
    """How warning levels 1-4 are shown: red is level 1."""

    RED = "RED"
    ORANGE = "ORANGE"
    YELLOW = "YELLOW"
    BLUE = "BLUE"


class Mode(StrEnum):
    """Real, or a rehearsal of people; facts of the two never mix."""

    REAL = "REAL"
    EXERCISE = "EXERCISE"


class EmergencyClass(StrEnum):
    """The four classes of the law (GB/T 35561, first two digits 11-14)."""

    NATURAL_DISASTER = "NATURAL_DISASTER"
    ACCIDENT_DISASTER = "ACCIDENT_DISASTER"
    PUBLIC_HEALTH = "PUBLIC_HEALTH"
    SOCIAL_SAFETY = "SOCIAL_SAFETY"


class OrganizationKind(StrEnum):
    """Kinds of units that can owe and answer (seed paper §4)."""

    COMMITTEE = "COMMITTEE"
    COMMITTEE_OFFICE = "COMMITTEE_OFFICE"
    SPECIAL_COMMAND = "SPECIAL_COMMAND"
    EXPERT_ORGANIZATION = "EXPERT_ORGANIZATION"
    COORDINATION_ORGANIZATION = "COORDINATION_ORGANIZATION"
    SUPERVISION_ORGANIZATION = "SUPERVISION_ORGANIZATION"
    DEPARTMENT = "DEPARTMENT"
    GRASSROOTS = "GRASSROOTS"
    ENTERPRISE = "ENTERPRISE"
    SOCIAL_ORGANIZATION = "SOCIAL_ORGANIZATION"
    PARTNER_GOVERNMENT = "PARTNER_GOVERNMENT"


class JurisdictionState(StrEnum):
    """State of a jurisdiction; a state of emergency is a national act and not in this scale."""

    NORMAL = "NORMAL"
    HEIGHTENED = "HEIGHTENED"
    RESPONSE = "RESPONSE"


class Comparison(StrEnum):
    """How a measured value is compared with a constant."""

    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="

    def holds(self, value: float, limit: float) -> bool:
        """Whether `value` stands in this relation to `limit`."""
        match self:
            case Comparison.ABOVE:
                return value > limit
            case Comparison.AT_LEAST:
                return value >= limit
            case Comparison.BELOW:
                return value < limit
            case Comparison.AT_MOST:
                return value <= limit

"""The plan as a file: read, checked, and made a draft; every fault has its place and its remedy."""

from services.plans.domain.plan_file.bundle import ALONE, bundle, files_of, place_of
from services.plans.domain.plan_file.derivation import Deriver, derived, derived_id
from services.plans.domain.plan_file.form import schema
from services.plans.domain.plan_file.parsing import PlanFileInvalid, lint, parse
from services.plans.domain.plan_file.place import position_of
from services.plans.domain.plan_file.source import Fault, Position, Severity

__all__ = [
    "ALONE",
    "Deriver",
    "Fault",
    "PlanFileInvalid",
    "Position",
    "Severity",
    "bundle",
    "derived",
    "derived_id",
    "files_of",
    "lint",
    "parse",
    "place_of",
    "position_of",
    "schema",
]

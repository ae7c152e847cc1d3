"""Who may: grants, decisions on single objects, and the one predicate behind every list."""

from chassis.policy.engine import Areas, Policy
from chassis.policy.rules import PolicyError
from chassis.policy.types import (
    SEALED_READER,
    VIEW,
    Decision,
    Grant,
    NotPermitted,
    Permission,
    SecondPersonRequired,
    Target,
    of_token,
)

__all__ = [
    "SEALED_READER",
    "VIEW",
    "Areas",
    "Decision",
    "Grant",
    "NotPermitted",
    "Permission",
    "Policy",
    "PolicyError",
    "SecondPersonRequired",
    "Target",
    "of_token",
]

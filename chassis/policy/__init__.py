"""Who may: grants, decisions on single objects, and the one predicate behind every list."""

from chassis.policy.engine import Areas, Policy
from chassis.policy.rules import PolicyError
from chassis.policy.standing import AccountDisabled, Standing, Standings, put_account, put_grant
from chassis.policy.types import (
    SEALED_READER,
    SUPERVISOR,
    VIEW,
    Decision,
    Grant,
    NotPermitted,
    Permission,
    SecondPersonRequired,
    Target,
    of_token,
)
from chassis.policy.visible import (
    EVERYBODY,
    EVERYTHING,
    NOTHING,
    Scope,
    Visible,
    announced,
    enter,
    predicate,
)

__all__ = [
    "EVERYBODY",
    "EVERYTHING",
    "NOTHING",
    "SEALED_READER",
    "SUPERVISOR",
    "VIEW",
    "AccountDisabled",
    "Areas",
    "Decision",
    "Grant",
    "NotPermitted",
    "Permission",
    "Policy",
    "PolicyError",
    "Scope",
    "SecondPersonRequired",
    "Standing",
    "Standings",
    "Target",
    "Visible",
    "announced",
    "enter",
    "of_token",
    "predicate",
    "put_account",
    "put_grant",
]

"""What guarantee tells others, and how its facts become contract messages."""

from services.guarantee.events import (
    bulletin,
    dispatch,
    provision,
    requirement,
    resource,
    rumour,
    signal,
    warning,
)
from services.guarantee.events.bulletin import bulletin_told
from services.guarantee.events.dispatch import dispatch_told
from services.guarantee.events.provision import provision_state
from services.guarantee.events.requirement import (
    requirement_cancelled,
    requirement_met,
    requirement_raised,
    requirement_unmet,
)
from services.guarantee.events.resource import resource_state
from services.guarantee.events.rumour import rumour_told
from services.guarantee.events.signal import (
    signal_cancelled,
    signal_expired,
    signal_issued,
    signal_superseded,
)
from services.guarantee.events.warning import (
    warning_cancelled,
    warning_drafted,
    warning_expired,
    warning_issued,
    warning_rejected,
    warning_superseded,
)

PUBLISHED = (
    *signal.PUBLISHED,
    *warning.PUBLISHED,
    *bulletin.PUBLISHED,
    *rumour.PUBLISHED,
    *provision.PUBLISHED,
    *requirement.PUBLISHED,
    *dispatch.PUBLISHED,
    *resource.PUBLISHED,
)

__all__ = [
    "PUBLISHED",
    "bulletin_told",
    "dispatch_told",
    "provision_state",
    "requirement_cancelled",
    "requirement_met",
    "requirement_raised",
    "requirement_unmet",
    "resource_state",
    "rumour_told",
    "signal_cancelled",
    "signal_expired",
    "signal_issued",
    "signal_superseded",
    "warning_cancelled",
    "warning_drafted",
    "warning_expired",
    "warning_issued",
    "warning_rejected",
    "warning_superseded",
]

"""What the organization system says: each event of the domain as a message of its contract."""

from collections.abc import Callable, Mapping
from typing import Any

from chassis.messages import Message
from services.org.events import (
    account,
    coordination_request,
    grant,
    incident,
    incident_command,
    jurisdiction,
    log_entry,
    obligation,
    order,
    organization,
    report,
    situation_report,
    task,
)

__all__ = ["PUBLISHED", "to_message"]

_PARTS = (
    grant,
    account,
    jurisdiction,
    organization,
    report,
    incident,
    incident_command,
    task,
    order,
    obligation,
    log_entry,
    situation_report,
    coordination_request,
)
PUBLISHED = tuple(said for part in _PARTS for said in part.PUBLISHED)

# Each function takes the event class that it stands at; the mapping cannot say so in types.
_MESSAGES: Mapping[type, Callable[[Any], Message]] = {
    kind: function for part in _PARTS for kind, function in part.MESSAGES.items()
}


def to_message(event: object) -> Message:
    """Return the message that tells the event. Raises KeyError for what is no event of the domain."""
    return _MESSAGES[type(event)](event)

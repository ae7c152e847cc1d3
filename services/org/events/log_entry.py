"""What is said of the duty log: that something was written, never what."""

import msgspec

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

PUBLISHED = (
    Published(
        aggregate="log_entry",
        event="added",
        body=contract.LogEntryAdded,
        meaning="A line was signed in the duty log.",
    ),
    Published(
        aggregate="log_entry",
        event="struck",
        body=contract.LogEntryStruck,
        meaning="A line does not count any more; it stays readable.",
    ),
)


def added(said: domain.LogEntryAdded) -> Message:
    """The entry without its text."""
    return _message("added", said.entry, contract.LogEntryAdded(entry=_body(said.entry)))


def struck(said: domain.LogEntryStruck) -> Message:
    """The entry without its text, and why it was struck."""
    body = contract.LogEntryStruck(entry=_body(said.entry), reason=said.reason)
    return _message("struck", said.entry, body)


def _message(event: str, entry: domain.LogEntry, body: msgspec.Struct) -> Message:
    return wire.message(
        body,
        aggregate="log_entry",
        event=event,
        id=entry.id,
        area=entry.jurisdiction,
        mode=entry.mode,
    )


def _body(one: domain.LogEntry) -> contract.LogEntry:
    return contract.LogEntry(
        id=one.id,
        at=one.at,
        recorded_at=one.recorded_at,
        kind=one.kind.value,
        organization_id=one.organization_id,
        jurisdiction=one.jurisdiction,
        incident_id=one.incident_id,
        mode=one.mode,
        exercise_id=one.exercise_id,
    )


MESSAGES = {domain.LogEntryAdded: added, domain.LogEntryStruck: struck}

"""What the situation picture counts: open incidents, reports and unmet needs, from heard events."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

import msgspec

from services.analytics.domain.event_log import LoggedEvent

REPORT_WINDOW = timedelta(hours=1)  # "reports of the last hour"


class Counted(StrEnum):
    """What an item is."""

    INCIDENT = "INCIDENT"
    REPORT = "REPORT"
    REQUIREMENT = "REQUIREMENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationItem:
    """One counted object as its newest event left it; `open` says that it still counts.

    A `sealed` incident counts for whoever is cleared, and so does what belongs to it: its reports
    and its unmet needs name it as `incident_id`.
    """

    kind: Counted
    id: str
    jurisdiction: str
    mode: str
    version: int
    open: bool
    sealed: bool
    at: datetime
    incident_id: str | None = None


_KINDS = {
    ("org", "incident"): Counted.INCIDENT,
    ("org", "report"): Counted.REPORT,
    ("guarantee", "requirement"): Counted.REQUIREMENT,
}
_CLOSED_INCIDENT = frozenset({"CLOSED", "FALSE_ALARM", "MERGED"})
_UNMET = frozenset({"UNMET", "PARTLY_MET"})


class _About(msgspec.Struct, frozen=True, rename="camel"):
    """The members that the picture needs of whatever an event is about."""

    status: str | None = None
    sealed: bool = False
    incident_id: str | None = None


def situation_item(event: LoggedEvent) -> SituationItem | None:
    """What the event says about a counted object; None when it tells of nothing counted."""
    kind = _KINDS.get((event.service, event.aggregate))
    if kind is None:
        return None
    about = _about(event)
    return SituationItem(
        kind=kind,
        id=event.id,
        jurisdiction=event.area,
        mode=event.mode,
        version=event.version,
        open=_is_open(kind, event=event.event, status=about.status),
        sealed=about.sealed,
        at=event.time,
        incident_id=about.incident_id,
    )


def _about(event: LoggedEvent) -> _About:
    try:
        about = msgspec.json.decode(event.payload, type=dict[str, msgspec.Raw])
        return msgspec.json.decode(about[event.aggregate], type=_About)
    except (msgspec.MsgspecError, KeyError):
        return _About()  # another version of the body: the event's name still tells


def _is_open(kind: Counted, *, event: str, status: str | None) -> bool:
    """Whether an item counts after `event` left it in `status`.

    An incident until it is closed; a report from its reception; a requirement while it is unmet.
    """
    match kind:
        case Counted.INCIDENT:
            return event != "closed" and status not in _CLOSED_INCIDENT
        case Counted.REPORT:
            return True
        case Counted.REQUIREMENT:
            return status in _UNMET if status else event == "unmet"
        case _:
            assert_never(kind)

"""What the situation picture counts: open incidents, reports and unmet needs, from heard events."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

REPORT_WINDOW = timedelta(hours=1)  # "reports of the last hour"


class Counted(StrEnum):
    """What an item is."""

    INCIDENT = "INCIDENT"
    REPORT = "REPORT"
    REQUIREMENT = "REQUIREMENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationItem:
    """One counted object as its newest event left it; `open` says that it still counts."""

    kind: Counted
    id: str
    jurisdiction: str
    mode: str
    version: int
    open: bool
    at: datetime


_KINDS = {
    ("org", "incident"): Counted.INCIDENT,
    ("org", "report"): Counted.REPORT,
    ("guarantee", "requirement"): Counted.REQUIREMENT,
}
_CLOSED_INCIDENT = frozenset({"CLOSED", "FALSE_ALARM", "MERGED"})


def counted(service: str, aggregate: str) -> Counted | None:
    """Which kind of item the events of this aggregate tell of; None when it is not counted."""
    return _KINDS.get((service, aggregate))


def is_open(kind: Counted, *, event: str, status: str | None) -> bool:
    """Whether an item counts after `event` left it in `status`.

    An incident until it is closed; a report from its reception; a requirement while it is unmet.
    """
    match kind:
        case Counted.INCIDENT:
            return event != "closed" and status not in _CLOSED_INCIDENT
        case Counted.REPORT:
            return True
        case Counted.REQUIREMENT:
            return event == "unmet"

"""The duty log: timed, signed entries, struck with a reason and never edited (ORG-12)."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict
from services.org.domain.figure import check_observed
from vocabulary import Mode


class LogEntryStruckAlready(Conflict):
    """The entry was struck before."""

    slug = "log-entry-struck"


class LogKind(StrEnum):
    """What an entry records; SYSTEM entries are written by decisions, not by people."""

    NOTE = "NOTE"
    DECISION = "DECISION"
    FACT = "FACT"
    CALL = "CALL"
    ORDER = "ORDER"
    REPORT_UP = "REPORT_UP"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One line of the log: when it happened, when it was written, who signed. Text stays in org.

    `text_en` is there for SYSTEM entries; what people write is in their own language.
    """

    id: str
    version: int = 0
    at: datetime
    recorded_at: datetime
    kind: LogKind
    text: str
    text_en: str | None = None
    by: str
    post: str | None = None
    organization_id: str | None = None
    jurisdiction: str
    incident_id: str | None = None
    attachments: tuple[str, ...] = ()
    mode: Mode
    exercise_id: str | None = None
    struck_at: datetime | None = None
    struck_by: str | None = None
    struck_because: str | None = None

    @property
    def struck(self) -> bool:
        """Whether it does not count any more; it stays to be read."""
        return self.struck_at is not None


@dataclass(frozen=True, slots=True)
class LogEntryAdded:
    """An entry was signed."""

    entry: LogEntry


@dataclass(frozen=True, slots=True)
class LogEntryStruck:
    """An entry does not count any more."""

    entry: LogEntry
    reason: str


def add_entry(draft: LogEntry) -> tuple[LogEntry, LogEntryAdded]:
    """Sign the entry. Raises ObservedInFuture when `at` is more than two minutes ahead."""
    check_observed(draft.at, draft.recorded_at, field=("at",))
    return draft, LogEntryAdded(draft)


def strike_entry(
    entry: LogEntry, reason: str, *, by: str, now: datetime
) -> tuple[LogEntry, LogEntryStruck]:
    """Strike the entry, leaving it readable. Raises LogEntryStruckAlready."""
    if entry.struck:
        raise LogEntryStruckAlready(f"Struck by {entry.struck_by}: {entry.struck_because}.")
    struck = dataclasses.replace(entry, struck_at=now, struck_by=by, struck_because=reason)
    return struck, LogEntryStruck(struck, reason)

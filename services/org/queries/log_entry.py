"""Reads of the duty log: struck entries stay in it, with the reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from services.org.domain import LogEntry
from services.org.queries import views
from services.org.store import tables
from vocabulary import Mode

_TABLE = tables.log_entry
_NEWEST_FIRST = (_TABLE.c.at.desc(), _TABLE.c.id.desc())


class LogEntryView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A signed line: when it happened, when it was written, by whom; `textEn` for SYSTEM entries."""

    id: str
    version: int
    at: datetime
    recorded_at: datetime
    kind: str
    text: str
    text_en: str | None
    by: str
    post: str | None
    organization_id: str | None
    jurisdiction: str
    incident_id: str | None
    attachments: tuple[str, ...]
    mode: str
    exercise_id: str | None
    struck_at: datetime | None
    struck_by: str | None
    struck_because: str | None


async def log_entry(db: AsyncConnection, entry_id: str) -> LogEntryView:
    """Return the entry. Raises NotFound."""
    return log_entry_view(await documents.load(db, _TABLE, entry_id, LogEntry))


async def log_entries(
    db: AsyncConnection,
    request: paging.PageRequest,
    *,
    mode: Mode,
    jurisdiction: str | None,
    incident: str | None,
    organization: str | None,
    kind: Sequence[str],
) -> paging.Page[LogEntryView]:
    """Return the log, the latest happening first; `jurisdiction` includes the divisions in it."""
    given = [
        (_TABLE.c.mode, mode),
        (_TABLE.c.incident_id, incident),
        (_TABLE.c.organization_id, organization),
    ]
    where = [column == value for column, value in given if value is not None]
    if kind:
        where.append(_TABLE.c.kind.in_(list(kind)))
    if jurisdiction is not None:
        where.append(views.within(_TABLE.c.jurisdiction, jurisdiction))
    return await paging.page(
        db,
        views.whole(_TABLE, *where),
        request,
        order_by=_NEWEST_FIRST,
        view=views.decode(LogEntry, log_entry_view),
    )


async def log_by_incident(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[LogEntryView]]:
    """Return the log of each incident, the latest happening first."""
    return await views.lists_by_key(
        db,
        views.whole(_TABLE),
        _TABLE.c.incident_id,
        keys,
        shape=views.decode(LogEntry, log_entry_view),
        order_by=_NEWEST_FIRST,
    )


def log_entry_view(one: LogEntry) -> LogEntryView:
    """The entry as readers see it."""
    return LogEntryView(
        id=one.id,
        version=one.version,
        at=one.at,
        recorded_at=one.recorded_at,
        kind=one.kind.value,
        text=one.text,
        text_en=one.text_en,
        by=one.by,
        post=one.post,
        organization_id=one.organization_id,
        jurisdiction=one.jurisdiction,
        incident_id=one.incident_id,
        attachments=one.attachments,
        mode=one.mode.value,
        exercise_id=one.exercise_id,
        struck_at=one.struck_at,
        struck_by=one.struck_by,
        struck_because=one.struck_because,
    )

"""Reads of intake reports."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from services.org.domain import Report
from services.org.queries import views
from services.org.queries.incident import PointView
from services.org.store import tables
from vocabulary import Mode

_TABLE = tables.report


class ReportView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was told; `possibleDuplicates` are hints for a person, nothing was merged."""

    id: str
    version: int
    status: str
    source: str
    emergency_type: str | None
    place: PointView | None
    address: str | None
    jurisdiction: str
    text: str
    observed_at: datetime
    received_at: datetime
    mode: str
    exercise_id: str | None
    incident_id: str | None
    possible_duplicates: tuple[str, ...]
    decided_by: str | None
    decided_because: str | None


async def report(db: AsyncConnection, report_id: str) -> ReportView:
    """Return the report. Raises NotFound."""
    return report_view(await documents.load(db, _TABLE, report_id, Report))


async def reports(
    db: AsyncConnection,
    request: paging.PageRequest,
    *,
    mode: Mode,
    status: Sequence[str],
    jurisdiction: str | None,
) -> paging.Page[ReportView]:
    """Return reports, the newest first; `jurisdiction` includes the divisions in it."""
    where = [_TABLE.c.mode == mode]
    if status:
        where.append(_TABLE.c.status.in_(list(status)))
    if jurisdiction is not None:
        where.append(views.within(_TABLE.c.jurisdiction, jurisdiction))
    return await paging.page(
        db,
        views.whole(_TABLE, *where),
        request,
        order_by=[_TABLE.c.received_at.desc(), _TABLE.c.id.desc()],
        view=views.decode(Report, report_view),
    )


def report_view(one: Report) -> ReportView:
    """The report as readers see it."""
    place = one.place
    return ReportView(
        id=one.id,
        version=one.version,
        status=one.status.value,
        source=one.source,
        emergency_type=one.emergency_type,
        place=PointView(coordinates=(place.longitude, place.latitude)) if place else None,
        address=one.address,
        jurisdiction=one.jurisdiction,
        text=one.text,
        observed_at=one.observed_at,
        received_at=one.received_at,
        mode=one.mode.value,
        exercise_id=one.exercise_id,
        incident_id=one.incident_id,
        possible_duplicates=one.possible_duplicates,
        decided_by=one.decided_by,
        decided_because=one.decided_because,
    )

"""Intake reports as rows."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import NEAR_TIME, Report
from services.org.store import tables
from services.org.store.incident import sealed_with
from vocabulary import Mode

_MOST_HINTS = 50  # a burst of calls about one event: the first fifty say enough


async def get_report(
    db: AsyncConnection, report_id: str, *, expected_version: int | None = None
) -> Report:
    """Return the report, ours until the unit of work ends.

    Raises NotFound `report-not-found` and VersionConflict.
    """
    return await documents.load(
        db, tables.report, report_id, Report, lock=True, expected_version=expected_version
    )


async def find_report(db: AsyncConnection, report_id: str) -> Report | None:
    """Return the report, or None."""
    found = await documents.find(db, tables.report, Report, tables.report.c.id == report_id)
    return found[0] if found else None


async def find_report_by_source(db: AsyncConnection, source_key: str) -> Report | None:
    """Return the report that the source sent under that number, or None."""
    table = tables.report
    found = await documents.find(db, table, Report, table.c.source_key == source_key)
    return found[0] if found else None


async def reports_about(db: AsyncConnection, *, mode: Mode, at: datetime) -> list[Report]:
    """Return reports of about that time, the oldest first."""
    table = tables.report
    return await documents.find(
        db,
        table,
        Report,
        table.c.mode == mode,
        table.c.observed_at.between(at - NEAR_TIME, at + NEAR_TIME),
        limit=_MOST_HINTS,
    )


async def reports_of_incidents(db: AsyncConnection, incidents: Collection[str]) -> list[str]:
    """Return the ids of the reports that tell of these incidents."""
    table = tables.report
    found = await db.scalars(
        select(table.c.id).where(table.c.incident_id.in_(list(incidents))).order_by(table.c.id)
    )
    return list(found)


async def put_report(db: AsyncConnection, report: Report) -> Report:
    """Store the report; who told it is sealed as it is."""
    sealed = sealed_with(report.incident_id)
    stored = await documents.save(db, tables.report, report, incident_sealed=sealed)
    if report.incident_id is not None:
        table = tables.reporter
        told = table.update().where(table.c.id == report.id)
        await db.execute(told.values(incident_sealed=sealed))
    return stored

"""Situation reports as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import (
    Order,
    OrderStatus,
    SituationReport,
    SituationReportStatus,
    report_parties,
)
from services.org.store import tables
from services.org.store.incident import sealed_with


async def get_situation_report(db: AsyncConnection, report_id: str) -> SituationReport:
    """Return the report, ours until the unit of work ends. Raises NotFound."""
    return await documents.load(db, tables.situation_report, report_id, SituationReport, lock=True)


async def find_situation_report(db: AsyncConnection, report_id: str) -> SituationReport | None:
    """Return the report, or None."""
    table = tables.situation_report
    found = await documents.find(db, table, SituationReport, table.c.id == report_id)
    return found[0] if found else None


async def situation_reports_of(db: AsyncConnection, incident_id: str) -> list[SituationReport]:
    """Return the reports of the incident that were not withdrawn, in their order, locked."""
    table = tables.situation_report
    stands = table.c.status != SituationReportStatus.WITHDRAWN
    where = [table.c.incident_id == incident_id, stands]
    found = await documents.find(db, table, SituationReport, *where, lock=True)
    return sorted(found, key=lambda one: one.ordinal)


async def orders_given(db: AsyncConnection, incident_id: str) -> list[Order]:
    """Return the orders that were issued for the incident, in force or lifted."""
    table = tables.order
    given = table.c.status.in_([OrderStatus.ISSUED, OrderStatus.LIFTED])
    return await documents.find(db, table, Order, table.c.incident_id == incident_id, given)


async def put_situation_report(db: AsyncConnection, report: SituationReport) -> SituationReport:
    """Store the report."""
    table, seen_by = tables.situation_report, sorted(report_parties(report))
    sealed = sealed_with(report.incident_id)
    return await documents.save(db, table, report, seen_by=seen_by, incident_sealed=sealed)

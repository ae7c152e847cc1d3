"""Commands on intake reports: received, verified, rejected."""

from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store


async def receive_report(uow: UnitOfWork, draft: domain.Report) -> domain.Report:
    """Take the report in with hints at others that may tell the same; the source's own number once.

    Raises ObservedInFuture.
    """
    if draft.source_key is not None:
        await store.hold(uow.db, f"report/{draft.source_key}")
        present = await store.find_report_by_source(uow.db, draft.source_key)
        if present is not None:
            return present
    others = await store.reports_about(uow.db, mode=draft.mode, at=draft.observed_at)
    report, received = domain.receive_report(draft, others=others)
    report = await store.put_report(uow.db, report)
    await uow.publish(events.to_message(received))
    return report


async def verify_report(
    uow: UnitOfWork, report_id: str, *, incident_id: str | None, expected_version: int | None
) -> domain.Report:
    """Confirm the report. Raises NotFound, VersionConflict, ReportStatusWrong, ModeIsFixed."""
    report = await store.get_report(uow.db, report_id, expected_version=expected_version)
    if incident_id is not None:
        incident = await store.get_incident(uow.db, incident_id)
        domain.expect_mode(report.mode, incident.mode, field="incident")
    by = uow.caller.person or uow.caller.subject
    report, verified = domain.verify_report(report, incident_id=incident_id, by=by)
    report = await store.put_report(uow.db, report)
    await uow.publish(events.to_message(verified))
    return report


async def reject_report(
    uow: UnitOfWork,
    report_id: str,
    *,
    reason: str,
    duplicate_of: str | None,
    expected_version: int,
) -> domain.Report:
    """Set the report aside. Raises NotFound (of either), VersionConflict, ReportStatusWrong."""
    report = await store.get_report(uow.db, report_id, expected_version=expected_version)
    if duplicate_of is not None:
        await store.get_report(uow.db, duplicate_of)
    by = uow.caller.person or uow.caller.subject
    report, rejected = domain.reject_report(report, reason, duplicate_of=duplicate_of, by=by)
    report = await store.put_report(uow.db, report)
    await uow.publish(events.to_message(rejected))
    return report

"""Commands on intake reports: received, verified, rejected."""

from chassis import documents
from chassis.sealing import Ring
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import reporter, target


async def receive_report(
    uow: UnitOfWork, draft: domain.Report, *, person: domain.Person | None, ring: Ring
) -> domain.Report:
    """Take the report in with hints at others that may tell the same; the source's own number once.

    Who told is sealed apart; no hint comes from it. Raises ObservedInFuture and PersonInSource.
    """
    uow.authorize("receive_report", await target.of_report(uow.db, draft, is_new=True))
    if draft.exercise_id is not None:
        exercise = await store.find_exercise(uow.db, draft.exercise_id)
        domain.expect_on(exercise, draft.exercise_id, draft.mode)
    domain.check_source(draft.source, draft.source_key)
    if draft.source_key is not None:
        await store.hold(uow.db, f"report/{draft.source_key}")
        present = await store.find_report_by_source(uow.db, draft.source_key)
        if present is not None:
            return present
    report = await take_in(uow, draft)
    if person is not None:
        await reporter.take_reporter(uow, report, person, ring=ring)
    return report


async def take_in(uow: UnitOfWork, draft: domain.Report) -> domain.Report:
    """Take the report in with hints at others of its mode and exercise. Raises ObservedInFuture."""
    others = await store.reports_about(uow.db, mode=draft.mode, at=draft.observed_at)
    ours = [one for one in others if one.exercise_id == draft.exercise_id]
    report, received = domain.receive_report(draft, others=ours)
    report = await store.put_report(uow.db, report)
    await uow.publish(events.to_message(received))
    return report


async def verify_report(
    uow: UnitOfWork, report_id: str, *, incident_id: str | None, expected_version: int | None
) -> domain.Report:
    """Confirm the report. Raises NotFound, VersionConflict, ReportStatusWrong, ModeIsFixed."""
    report = await store.get_report(uow.db, report_id)
    uow.authorize("verify_report", await target.of_report(uow.db, report))
    await documents.current(uow.db, store.tables.report, report, expected_version)
    incident = None
    if incident_id is not None:
        incident = await store.get_incident(uow.db, incident_id)
        uow.authorize("view", target.of_incident(incident))
        domain.expect_mode(report.mode, incident.mode, field="incident")
    by = uow.caller.person or uow.caller.subject
    report, verified = domain.verify_report(report, incident_id=incident_id, by=by)
    report = await store.put_report(uow.db, report)
    await reporter.decide_reporter(uow, report.id, incident)
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
    report = await store.get_report(uow.db, report_id)
    uow.authorize("reject_report", await target.of_report(uow.db, report))
    await documents.current(uow.db, store.tables.report, report, expected_version)
    if duplicate_of is not None:
        other = await store.get_report(uow.db, duplicate_of)
        uow.authorize("view", await target.of_report(uow.db, other))
    by = uow.caller.person or uow.caller.subject
    report, rejected = domain.reject_report(report, reason, duplicate_of=duplicate_of, by=by)
    report = await store.put_report(uow.db, report)
    await reporter.decide_reporter(uow, report.id, None)
    await uow.publish(events.to_message(rejected))
    return report

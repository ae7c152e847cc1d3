"""The series of an incident's reports: what is owed next as the incident goes on."""

from datetime import timedelta

from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import obligation as obligations
from services.org.commands.situation_report import steps

_UNSENT = (domain.SituationReportStatus.DRAFT, domain.SituationReportStatus.SIGNED)


async def begin_series(uow: UnitOfWork, incident: domain.Incident) -> None:
    """The initial report is drafted and owed; nothing where nobody commands or no rule applies."""
    initial = domain.ReportStage.INITIAL
    await steps.open_report(uow, incident, initial, ordinal=0, since=incident.declared_at)


async def follow_incident(
    uow: UnitOfWork, incident: domain.Incident, *, before: domain.Incident | None = None
) -> None:
    """The open draft says what is known now; a graver incident is reported sooner, or again.

    `before` is the incident before a change of its facts.
    """
    reports = await store.situation_reports_of(uow.db, incident.id)
    times = steps.times_of(incident)
    if not reports or times is None:
        return
    last = reports[-1]
    is_graver = before is not None and domain.is_graver(incident.grade, before.grade)
    if last.status is domain.SituationReportStatus.DRAFT:
        await _follow(uow, incident, last, times, is_graver=is_graver)
    elif is_graver and last.status not in _UNSENT:
        await _report_graver(uow, incident, last, times)


async def follow_status(uow: UnitOfWork, incident: domain.Incident) -> None:
    """The draft follows the status; with the end of the incident its final report is owed.

    What was never reported stays owed when the incident is closed, and is withdrawn when it turned
    out to be none. One that became part of another is reported with that.
    """
    if incident.status not in domain.ENDED:
        await follow_incident(uow, incident)
        return
    reports = await store.situation_reports_of(uow.db, incident.id)
    is_closed = incident.status is domain.IncidentStatus.CLOSED
    if reports and reports[-1].status in _UNSENT:
        last = reports.pop()
        if last.ordinal == 0 and is_closed:
            return
        await steps.withdraw(uow, last, f"the incident is {incident.status}")
    if reports and incident.status is not domain.IncidentStatus.MERGED:
        await _end(uow, incident, reports[-1])


async def resume_series(uow: UnitOfWork, incident: domain.Incident) -> None:
    """What stands for itself again is reported on again, from now."""
    reports = await store.situation_reports_of(uow.db, incident.id)
    stage = domain.ReportStage.FOLLOW_UP if reports else domain.ReportStage.INITIAL
    ordinal = reports[-1].ordinal + 1 if reports else 0
    await steps.open_report(uow, incident, stage, ordinal=ordinal, since=uow.now)


async def drop_series(uow: UnitOfWork, incident: domain.Incident, reason: str) -> None:
    """What was not sent will not be, and no final report is owed."""
    for one in await store.situation_reports_of(uow.db, incident.id):
        await steps.withdraw(uow, one, reason)


async def follow_up(uow: UnitOfWork, report_id: str) -> None:
    """The next report is drafted and owed, unless another one is or the incident has ended."""
    known = await store.find_situation_report(uow.db, report_id)
    if known is None or known.sent_at is None:
        return
    incident = await store.get_incident(uow.db, known.incident_id)
    last = (await store.situation_reports_of(uow.db, incident.id))[-1]
    if incident.status in domain.ENDED or last.id != report_id:
        return
    stage, ordinal = domain.ReportStage.FOLLOW_UP, last.ordinal + 1
    await steps.open_report(uow, incident, stage, ordinal=ordinal, since=known.sent_at)


async def go_on(uow: UnitOfWork, incident: domain.Incident, sent: domain.SituationReport) -> None:
    """After a report was sent the next one is thought of: the follow-up, or the final one.

    What became graver after the signature, which froze what was sent, is reported at once.
    """
    times = steps.times_of(incident)
    if incident.status is domain.IncidentStatus.CLOSED:
        await _end(uow, incident, sent)
    elif incident.status in domain.ENDED or times is None:
        return
    elif domain.is_graver(incident.grade, sent.content.grade):
        await _report_graver(uow, incident, sent, times)
    else:
        due = domain.written_due(times, domain.ReportStage.FOLLOW_UP, since=uow.now)
        await uow.schedule(
            f"follow-up/{sent.id}",
            due_at=due - timedelta(minutes=times.ahead_minutes),
            command="report_follow_up",
            payload={"report": sent.id},
        )


async def _report_graver(
    uow: UnitOfWork,
    incident: domain.Incident,
    last: domain.SituationReport,
    times: domain.ReportingTimes,
) -> None:
    due = uow.now + timedelta(minutes=times.written_minutes)
    stage, ordinal = domain.ReportStage.FOLLOW_UP, last.ordinal + 1
    await steps.open_report(uow, incident, stage, ordinal=ordinal, since=uow.now, due_at=due)


async def _end(uow: UnitOfWork, incident: domain.Incident, last: domain.SituationReport) -> None:
    stage = domain.ReportStage.FINAL
    if last.stage is not stage:
        since = incident.closed_at or uow.now
        await steps.open_report(uow, incident, stage, ordinal=last.ordinal + 1, since=since)


async def _follow(
    uow: UnitOfWork,
    incident: domain.Incident,
    report: domain.SituationReport,
    times: domain.ReportingTimes,
    *,
    is_graver: bool,
) -> None:
    sooner = uow.now + timedelta(minutes=times.written_minutes)
    said = await steps.content(uow, incident, ordinal=report.ordinal)
    due = min(report.due_at, sooner) if is_graver else report.due_at
    followed, drafted = domain.follow_facts(report, said, times=times, due_at=due)
    if drafted is None:
        return
    followed = await store.put_situation_report(uow.db, followed)
    await uow.publish(events.to_message(drafted))
    if followed.due_at != report.due_at:
        before = await steps.owed(uow, report, domain.ObligationKind.REPORT_UPWARD)
        await obligations.waive(uow, before, "a graver incident is reported sooner")
        await steps.owe_written(uow, incident, followed)
    if followed.is_urgent and not report.is_urgent:
        await steps.owe_call(uow, incident, followed, times, since=uow.now)

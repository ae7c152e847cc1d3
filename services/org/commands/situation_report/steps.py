"""One report of a series: what it says, how it is opened, owed and withdrawn."""

from datetime import datetime, timedelta

from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import obligation as obligations

_OWED = (domain.ObligationKind.PHONE_REPORT, domain.ObligationKind.REPORT_UPWARD)


def times_of(incident: domain.Incident) -> domain.ReportingTimes | None:
    """The times of the rule that was in force when the incident was declared; None: no rule."""
    return domain.reporting_times(
        store.reporting_rules(),
        incident.emergency_type,
        grade=incident.grade,
        jurisdiction=incident.jurisdiction,
        at=incident.declared_at,
    )


async def content(uow: UnitOfWork, incident: domain.Incident, *, ordinal: int) -> domain.Content:
    """What the report at that place of the series says now."""
    reports = await store.situation_reports_of(uow.db, incident.id)
    told = [one.content for one in reports if one.ordinal < ordinal and one.sent_at is not None]
    measures = domain.measures_taken(
        await store.find_command(uow.db, incident.id),
        await store.orders_given(uow.db, incident.id),
    )
    return domain.draft_content(
        incident,
        store.figure_rule(),
        measures=measures,
        before=told[-1] if told else None,
        now=uow.now,
    )


async def open_report(
    uow: UnitOfWork,
    incident: domain.Incident,
    stage: domain.ReportStage,
    *,
    ordinal: int,
    since: datetime,
    due_at: datetime | None = None,
) -> None:
    """Draft the report and owe it; nothing where nobody commands or no rule applies."""
    times = times_of(incident)
    known = await store.organizations_over(uow.db, incident.jurisdiction)
    reporter = domain.commanding(known, incident.jurisdiction, incident.emergency_type)
    if times is None or reporter is None:
        return
    recipient = domain.superior_of(known, reporter, incident.emergency_type)
    report, drafted = domain.draft_report(
        uow.new_id("sit"),
        incident,
        stage=stage,
        ordinal=ordinal,
        content=await content(uow, incident, ordinal=ordinal),
        organization_id=reporter.id,
        recipient_id=recipient.id if recipient else None,
        times=times,
        due_at=due_at or domain.written_due(times, stage, since=since),
        now=uow.now,
    )
    await store.put_situation_report(uow.db, report)
    await uow.publish(events.to_message(drafted))
    await owe_written(uow, incident, report)
    if report.is_urgent:
        await owe_call(uow, incident, report, times, since=since)


async def owe_written(
    uow: UnitOfWork, incident: domain.Incident, report: domain.SituationReport
) -> None:
    """The organization that commands owes the report until it is sent."""
    zh, en = domain.heading(report)
    wanted = _draft(
        uow,
        incident,
        report,
        domain.ObligationKind.REPORT_UPWARD,
        title=(f"报送{zh}", f"report upward: {en}"),
        due_at=report.due_at,
    )
    await obligations.owe(uow, wanted)


async def owe_call(
    uow: UnitOfWork,
    incident: domain.Incident,
    report: domain.SituationReport,
    times: domain.ReportingTimes,
    *,
    since: datetime,
) -> None:
    """The organization that commands owes a call ahead of the paper."""
    zh, en = domain.heading(report)
    wanted = _draft(
        uow,
        incident,
        report,
        domain.ObligationKind.PHONE_REPORT,
        title=(f"电话报告{zh}", f"phone ahead: {en}"),
        due_at=since + timedelta(minutes=times.phone_minutes or times.written_minutes),
    )
    await obligations.owe(uow, wanted)


async def owe_receipt(
    uow: UnitOfWork, incident: domain.Incident, report: domain.SituationReport
) -> None:
    """Whoever received the report owes its receipt."""
    if report.recipient_id is None:
        return
    zh, en = domain.heading(report)
    wanted = obligations.draft(
        uow,
        domain.ObligationKind.ACKNOWLEDGE_REPORT,
        key=f"ACKNOWLEDGE_REPORT/{report.id}",
        owed_by=report.recipient_id,
        owed_to=report.organization_id,
        subject=domain.Subject(domain.SubjectKind.SITUATION_REPORT, report.id),
        title=(f"签收{zh}", f"receipt of {en}"),
        at=uow.now,
        mode=report.mode,
        exercise_id=report.exercise_id,
        jurisdiction=report.jurisdiction,
        emergency_type=incident.emergency_type,
        incident_id=incident.id,
    )
    await obligations.owe(uow, wanted)


async def withdraw(uow: UnitOfWork, report: domain.SituationReport, reason: str) -> None:
    """Neither the report nor its call is owed any more."""
    withdrawn, said = domain.withdraw_report(report, reason)
    if said is None:
        return
    await store.put_situation_report(uow.db, withdrawn)
    await uow.publish(events.to_message(said))
    for kind in _OWED:
        await obligations.waive(uow, await owed(uow, report, kind), reason)


async def owed(
    uow: UnitOfWork, report: domain.SituationReport, kind: domain.ObligationKind
) -> list[domain.Obligation]:
    """The open obligations of that kind on the report, locked."""
    return await store.open_obligations(uow.db, kind, subject_id=report.id)


def _draft(
    uow: UnitOfWork,
    incident: domain.Incident,
    report: domain.SituationReport,
    kind: domain.ObligationKind,
    *,
    title: tuple[str, str],
    due_at: datetime,
) -> domain.Obligation:
    # what fell due before it was known of is owed since before that, or its due time would move
    at = min(uow.now, due_at - timedelta(minutes=1))
    return obligations.draft(
        uow,
        kind,
        key=f"{kind}/{report.id}/{due_at:%Y%m%dT%H%M%S}",
        owed_by=report.organization_id,
        owed_to=report.recipient_id,
        subject=domain.Subject(domain.SubjectKind.SITUATION_REPORT, report.id),
        title=title,
        at=at,
        due_at=due_at,
        mode=report.mode,
        exercise_id=report.exercise_id,
        jurisdiction=report.jurisdiction,
        emergency_type=incident.emergency_type,
        incident_id=incident.id,
    )

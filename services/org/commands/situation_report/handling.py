"""What people do with situation reports: revised, phoned, addressed, signed, sent, receipted."""

from datetime import datetime

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import log_entry, target
from services.org.commands import obligation as obligations
from services.org.commands.situation_report import series, steps


async def revise_situation_report(
    uow: UnitOfWork, report_id: str, *, note: str, expected_version: int
) -> domain.SituationReport:
    """Put the caller's words beside the facts of now; what was signed is a draft again.

    Raises NotFound, VersionConflict, SituationReportStatusWrong.
    """
    report, incident = await _get(uow, "revise_situation_report", report_id, expected_version)
    said = await steps.content(uow, incident, ordinal=report.ordinal)
    report, drafted = domain.revise_report(report, said, note=note, by=_by(uow), now=uow.now)
    return await _keep(uow, report, drafted)


async def phone_situation_report(
    uow: UnitOfWork, report_id: str, *, to: str, at: datetime | None, expected_version: int
) -> domain.SituationReport:
    """Record that the caller told the superior by telephone; the call is no longer owed.

    Raises NotFound, VersionConflict, SituationReportStatusWrong, ObservedInFuture.
    """
    report, incident = await _get(uow, "phone_situation_report", report_id, expected_version)
    called_at = at or uow.now
    domain.check_observed(called_at, uow.now, field=("at",))
    call = domain.Call(at=called_at, to=to, by=_by(uow))
    report, phoned = domain.phone_report(report, call)
    report = await _keep(uow, report, phoned)
    owed = await steps.owed(uow, report, domain.ObligationKind.PHONE_REPORT)
    await obligations.answer_all(uow, owed, at=called_at, by=report.organization_id)
    await _log(uow, incident, report, ("电话报告", "phoned ahead"))
    return report


async def sign_situation_report(
    uow: UnitOfWork, report_id: str, *, post: str | None, expected_version: int
) -> domain.SituationReport:
    """Freeze what the report says under the caller's name, who is not its drafter.

    Raises NotFound, VersionConflict, SecondPersonRequired, PostNotHeld, SituationReportStatusWrong.
    """
    report, _ = await _get(uow, "sign_situation_report", report_id, expected_version)
    if post is not None and post not in uow.caller.posts:
        raise domain.PostNotHeld(f"You do not hold {post}.", field=("post",), missing=post)
    signer = f"{report.organization_id}/{post or _by(uow)}"
    report, signed = domain.sign_report(report, by=signer, now=uow.now)
    return await _keep(uow, report, signed)


async def send_situation_report(
    uow: UnitOfWork,
    report_id: str,
    *,
    recipient: str | None,
    reason: str | None,
    expected_version: int,
) -> domain.SituationReport:
    """Hand the signed report upward, to `recipient` if named; its receipt is owed from now on.

    Raises NotFound, VersionConflict, SituationReportStatusWrong, PhoneFirst, RecipientMissing,
    RecipientNotAbove, SkipReasonMissing.
    """
    report, incident = await _get(uow, "send_situation_report", report_id, expected_version)
    if recipient is not None and recipient != report.recipient_id:
        report = await _addressed(uow, report, recipient, reason)
    report, sent = domain.send_report(report, by=_by(uow), now=uow.now)
    report = await _keep(uow, report, sent)
    owed = await steps.owed(uow, report, domain.ObligationKind.REPORT_UPWARD)
    await obligations.answer_all(uow, owed, at=uow.now, by=report.organization_id)
    await steps.owe_receipt(uow, incident, report)
    await series.go_on(uow, incident, report)
    await _log(uow, incident, report, ("报送", "sent"))
    return report


async def receipt_situation_report(
    uow: UnitOfWork,
    report_id: str,
    *,
    reference: str | None,
    expected_version: int | None = None,
) -> domain.SituationReport:
    """Record that the recipient has the report, under its own reference; again changes nothing.

    Raises NotFound, VersionConflict, SituationReportStatusWrong.
    """
    report, incident = await _get(uow, "receipt_situation_report", report_id, expected_version)
    report, receipted = domain.receipt_report(report, by=_by(uow), reference=reference, now=uow.now)
    if receipted is None:
        return report
    report = await _keep(uow, report, receipted)
    owed = await steps.owed(uow, report, domain.ObligationKind.ACKNOWLEDGE_REPORT)
    await obligations.answer_all(uow, owed, at=uow.now, by=report.recipient_id or "")
    await _log(uow, incident, report, ("签收", "receipted"))
    return report


async def _addressed(
    uow: UnitOfWork, report: domain.SituationReport, recipient_id: str, reason: str | None
) -> domain.SituationReport:
    recipient = await store.get_organization(uow.db, recipient_id)
    present = (
        await store.find_organization(uow.db, report.recipient_id) if report.recipient_id else None
    )
    return domain.address_report(report, recipient, present=present, reason=reason)


async def _get(
    uow: UnitOfWork, action: str, report_id: str, expected_version: int | None
) -> tuple[domain.SituationReport, domain.Incident]:
    """The report and its incident, both locked, that the caller may do this to.

    The incident first, as whatever changes an incident locks it before its reports.
    """
    known = await store.find_situation_report(uow.db, report_id)
    incident = None
    if known is not None:
        incident = await store.find_incident(uow.db, known.incident_id, lock=True)
    report = await store.get_situation_report(uow.db, report_id)
    drafters = _drafters(uow, report)
    uow.authorize(action, await target.of_situation_report(uow.db, report, authors=drafters))
    await documents.current(uow.db, store.tables.situation_report, report, expected_version)
    return report, incident or await store.get_incident(uow.db, report.incident_id)


def _drafters(uow: UnitOfWork, report: domain.SituationReport) -> frozenset[str]:
    """Whoever drafted it, the same person whichever token they hold."""
    own = {uow.caller.subject} if report.drafted_by == _by(uow) else set()
    return frozenset({report.drafted_by, *own})


def _by(uow: UnitOfWork) -> str:
    return uow.caller.person or uow.caller.subject


async def _keep(
    uow: UnitOfWork, report: domain.SituationReport, said: domain.SituationReportEvent
) -> domain.SituationReport:
    report = await store.put_situation_report(uow.db, report)
    await uow.publish(events.to_message(said))
    return report


async def _log(
    uow: UnitOfWork,
    incident: domain.Incident,
    report: domain.SituationReport,
    what: tuple[str, str],
) -> None:
    zh, en = domain.heading(report)
    await log_entry.note(
        uow,
        (f"{what[0]}:{zh}({report.number})", f"{what[1]}: {en} ({report.number})"),
        at=uow.now,
        jurisdiction=report.jurisdiction,
        mode=report.mode,
        exercise_id=report.exercise_id,
        incident_id=incident.id,
        organization_id=report.organization_id,
    )

"""Decisions on situation reports: drafted, phoned, signed, sent, receipted, withdrawn (ORG-4)."""

import dataclasses
import hashlib
from datetime import datetime, timedelta

import msgspec

from services.org.domain.incident import Incident
from services.org.domain.jurisdiction import lineage
from services.org.domain.organization import Organization
from services.org.domain.reporting import ReportingTimes
from services.org.domain.situation_report.drafting import is_new
from services.org.domain.situation_report.state import (
    Call,
    Content,
    PhoneFirst,
    RecipientMissing,
    RecipientNotAbove,
    ReportStage,
    SituationReport,
    SituationReportDrafted,
    SituationReportPhoned,
    SituationReportReceipted,
    SituationReportSent,
    SituationReportSigned,
    SituationReportStatus,
    SituationReportWithdrawn,
    SkipReasonMissing,
    expect_status,
)

SYSTEM = "system"


def draft_report(
    id: str,
    incident: Incident,
    *,
    stage: ReportStage,
    ordinal: int,
    content: Content,
    organization_id: str,
    recipient_id: str | None,
    times: ReportingTimes,
    due_at: datetime,
    now: datetime,
) -> tuple[SituationReport, SituationReportDrafted]:
    """Prepare the report from facts; it binds nobody until it is signed."""
    report = SituationReport(
        id=id,
        number=f"{incident.number}-R{ordinal:02d}",
        stage=stage,
        ordinal=ordinal,
        incident_id=incident.id,
        incident_number=incident.number,
        jurisdiction=incident.jurisdiction,
        mode=incident.mode,
        exercise_id=incident.exercise_id,
        organization_id=organization_id,
        recipient_id=recipient_id,
        is_urgent=is_phoned(stage, times),
        rule=times.rule,
        due_at=due_at,
        content=content,
        drafted_at=now,
        drafted_by=SYSTEM,
    )
    return report, SituationReportDrafted(report)


def is_phoned(stage: ReportStage, times: ReportingTimes) -> bool:
    """Whether a call comes before the paper: the first news of a grave incident."""
    return stage is ReportStage.INITIAL and times.phone_minutes is not None


def follow_facts(
    report: SituationReport, content: Content, *, times: ReportingTimes, due_at: datetime
) -> tuple[SituationReport, SituationReportDrafted | None]:
    """Let the draft say what is known now, no event when nothing is new; what is signed stays.

    A graver incident makes it urgent and due earlier, never the other way.
    """
    if report.status is not SituationReportStatus.DRAFT:
        return report, None
    due = min(report.due_at, due_at)
    urgent = report.is_urgent or is_phoned(report.stage, times)
    if not is_new(content, report.content) and (due, urgent) == (report.due_at, report.is_urgent):
        return report, None
    followed = dataclasses.replace(
        report, content=content, due_at=due, is_urgent=urgent, rule=times.rule
    )
    return followed, SituationReportDrafted(followed)


def revise_report(
    report: SituationReport, content: Content, *, note: str, by: str, now: datetime
) -> tuple[SituationReport, SituationReportDrafted]:
    """Put the drafter's words beside the facts of now; a signature on the old words falls.

    Raises SituationReportStatusWrong once it is sent.
    """
    expect_status(report, SituationReportStatus.DRAFT, SituationReportStatus.SIGNED)
    revised = dataclasses.replace(
        report,
        status=SituationReportStatus.DRAFT,
        content=content,
        note=note,
        drafted_by=by,
        drafted_at=now,
        signed_at=None,
        signed_by=None,
        digest=None,
    )
    return revised, SituationReportDrafted(revised)


def phone_report(
    report: SituationReport, call: Call
) -> tuple[SituationReport, SituationReportPhoned]:
    """Record a call to the superior. Raises SituationReportStatusWrong once it is sent."""
    expect_status(report, SituationReportStatus.DRAFT, SituationReportStatus.SIGNED)
    phoned = dataclasses.replace(report, calls=(*report.calls, call))
    return phoned, SituationReportPhoned(phoned)


def sign_report(
    report: SituationReport, *, by: str, now: datetime
) -> tuple[SituationReport, SituationReportSigned]:
    """Freeze what it says under a leader's name. Raises SituationReportStatusWrong unless a draft."""
    expect_status(report, SituationReportStatus.DRAFT)
    signed = dataclasses.replace(
        report,
        status=SituationReportStatus.SIGNED,
        signed_at=now,
        signed_by=by,
        digest=digest_of(report),
    )
    return signed, SituationReportSigned(signed)


def digest_of(report: SituationReport) -> str:
    """SHA-256 of what a signature covers: number, stage, facts and words."""
    covered = (report.number, report.stage, report.content, report.note)
    return hashlib.sha256(msgspec.json.encode(covered)).hexdigest()


def send_report(
    report: SituationReport, *, by: str, now: datetime
) -> tuple[SituationReport, SituationReportSent]:
    """Hand the signed report to its recipient.

    Raises SituationReportStatusWrong unless signed, PhoneFirst, RecipientMissing.
    """
    expect_status(report, SituationReportStatus.SIGNED)
    if report.is_urgent and not report.calls:
        raise PhoneFirst(
            f"{report.number} is urgent and nobody above was called.",
            remedy="Call the superior's duty post, record the call, then send.",
        )
    if report.recipient_id is None:
        raise RecipientMissing(
            "No organization above is known to receive it.",
            field=("recipient",),
            remedy="Name the recipient.",
        )
    sent = dataclasses.replace(report, status=SituationReportStatus.SENT, sent_at=now, sent_by=by)
    return sent, SituationReportSent(sent)


def address_report(
    report: SituationReport,
    recipient: Organization,
    *,
    present: Organization | None,
    reason: str | None,
) -> SituationReport:
    """Address it to another organization above; one beyond the next level skips that level.

    The level that is skipped gets a copy. Raises SituationReportStatusWrong once it is sent,
    RecipientNotAbove, SkipReasonMissing. Source: Emergency Response Law, levels may be skipped
    when necessary.
    """
    expect_status(report, SituationReportStatus.DRAFT, SituationReportStatus.SIGNED)
    above = lineage(report.jurisdiction)[1:]
    if recipient.jurisdiction not in above:
        raise RecipientNotAbove(
            f"{recipient.name_en} is not above {report.jurisdiction}.",
            field=("recipient",),
            remedy=f"An organization of one of {', '.join(above)}.",
        )
    skipped = present is not None and _is_beyond(recipient, present, above)
    if skipped and not reason:
        raise SkipReasonMissing(
            "A level is skipped without a reason.",
            field=("reason",),
            remedy="Say why the report cannot wait for the level between.",
        )
    return dataclasses.replace(
        report,
        recipient_id=recipient.id,
        skipped_id=present.id if present is not None and skipped else None,
        skip_reason=reason if skipped else None,
    )


def receipt_report(
    report: SituationReport, *, by: str, reference: str | None, now: datetime
) -> tuple[SituationReport, SituationReportReceipted | None]:
    """Record that the recipient has it; no event the second time.

    Raises SituationReportStatusWrong before it is sent.
    """
    if report.status is SituationReportStatus.RECEIPTED:
        return report, None
    expect_status(report, SituationReportStatus.SENT)
    receipted = dataclasses.replace(
        report,
        status=SituationReportStatus.RECEIPTED,
        received_at=now,
        received_by=by,
        reference=reference,
    )
    return receipted, SituationReportReceipted(receipted)


def withdraw_report(
    report: SituationReport, reason: str
) -> tuple[SituationReport, SituationReportWithdrawn | None]:
    """Drop what was not sent; no event for what was."""
    if report.status not in (SituationReportStatus.DRAFT, SituationReportStatus.SIGNED):
        return report, None
    withdrawn = dataclasses.replace(
        report, status=SituationReportStatus.WITHDRAWN, withdrawn_because=reason
    )
    return withdrawn, SituationReportWithdrawn(withdrawn)


def written_due(times: ReportingTimes, stage: ReportStage, *, since: datetime) -> datetime:
    """When the written report is due: `since` the declaration, the report before, or the end."""
    minutes = {
        ReportStage.INITIAL: times.written_minutes,
        ReportStage.FOLLOW_UP: times.follow_up_minutes,
        ReportStage.FINAL: times.final_minutes,
    }
    return since + timedelta(minutes=minutes[stage])


def _is_beyond(recipient: Organization, present: Organization, above: tuple[str, ...]) -> bool:
    if present.jurisdiction not in above:
        return False
    return above.index(recipient.jurisdiction) > above.index(present.jurisdiction)

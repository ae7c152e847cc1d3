"""What a situation report is: its stage and status, what it says, who called, signed and received."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from services.org.domain.incident import IncidentStatus
from vocabulary import Grade, Mode, Place


class SituationReportStatusWrong(Conflict):
    """The report is not in a state for this."""

    slug = "situation-report-status-wrong"


class PhoneFirst(Conflict):
    """An urgent report is phoned before it is sent."""

    slug = "phone-first"


class RecipientMissing(Invalid):
    """No organization above is known to receive the report."""

    slug = "recipient-missing"


class RecipientNotAbove(Invalid):
    """A report goes upward, and one that skips a level goes above the level that it skips."""

    slug = "recipient-not-above"


class SkipReasonMissing(Invalid):
    """Whoever skips a level says why."""

    slug = "skip-reason-missing"


class ReportStage(StrEnum):
    """初报, 续报, 终报."""

    INITIAL = "INITIAL"
    FOLLOW_UP = "FOLLOW_UP"
    FINAL = "FINAL"


class SituationReportStatus(StrEnum):
    """A draft follows the facts; a signed report is frozen."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    SENT = "SENT"
    RECEIPTED = "RECEIPTED"
    WITHDRAWN = "WITHDRAWN"


class Doubt(StrEnum):
    """Why something in a report is not clear."""

    UNKNOWN = "UNKNOWN"
    CONTRADICTED = "CONTRADICTED"
    UNCONFIRMED = "UNCONFIRMED"
    DECREASED = "DECREASED"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFigure:
    """One source's figure, the one to go by for its metric; `was` is what the report before said."""

    metric: str
    value: float | None
    unit: str
    source: str
    observed_at: datetime
    was: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """What is not clear: a metric, `grade` or `occurredAt`, with what the sources say of it."""

    about: str
    why: Doubt
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureTaken:
    """Something that was done, in both languages, and when."""

    text_zh: str
    text_en: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the report says, drafted from facts as of `as_of`; figures are never added up."""

    title: str
    emergency_type: str
    incident_status: IncidentStatus
    grade: Grade | None
    grade_rule: str | None
    place: Place
    address: str | None
    occurred_at: datetime | None
    declared_at: datetime
    as_of: datetime
    figures: tuple[StatedFigure, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    measures: tuple[MeasureTaken, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call ahead of the paper: who spoke to whom, when."""

    at: datetime
    to: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationReport:
    """The report of one incident to the superior: `ordinal` 0 is the initial one.

    `note` are the drafter's words on cause, trend and what is asked for. `recipient_id` is who
    receives it, `skipped_id` the level that was skipped with `skip_reason` and gets a copy.
    `digest` is the SHA-256 of what was signed.
    """

    id: str
    version: int = 0
    number: str
    stage: ReportStage
    ordinal: int
    status: SituationReportStatus = SituationReportStatus.DRAFT
    incident_id: str
    incident_number: str
    jurisdiction: str
    mode: Mode
    exercise_id: str | None = None
    organization_id: str
    recipient_id: str | None
    skipped_id: str | None = None
    skip_reason: str | None = None
    is_urgent: bool
    rule: str
    due_at: datetime
    content: Content
    note: str = ""
    drafted_at: datetime
    drafted_by: str
    calls: tuple[Call, ...] = ()
    signed_at: datetime | None = None
    signed_by: str | None = None
    digest: str | None = None
    sent_at: datetime | None = None
    sent_by: str | None = None
    received_at: datetime | None = None
    received_by: str | None = None
    reference: str | None = None
    withdrawn_because: str | None = None


@dataclass(frozen=True, slots=True)
class SituationReportDrafted:
    """It says what is known now."""

    report: SituationReport


@dataclass(frozen=True, slots=True)
class SituationReportPhoned:
    """The superior was told by telephone."""

    report: SituationReport


@dataclass(frozen=True, slots=True)
class SituationReportSigned:
    """A leader answers for what it says."""

    report: SituationReport


@dataclass(frozen=True, slots=True)
class SituationReportSent:
    """It is with the superior."""

    report: SituationReport


@dataclass(frozen=True, slots=True)
class SituationReportReceipted:
    """The superior has it."""

    report: SituationReport


@dataclass(frozen=True, slots=True)
class SituationReportWithdrawn:
    """It is not owed any more, and will not be sent."""

    report: SituationReport


SituationReportEvent = (
    SituationReportDrafted
    | SituationReportPhoned
    | SituationReportSigned
    | SituationReportSent
    | SituationReportReceipted
    | SituationReportWithdrawn
)


def report_parties(report: SituationReport) -> tuple[str, ...]:
    """Who reports, who receives, and the level that was skipped: they see it wherever they are.

    Whoever is above sees it once it is sent.
    """
    above = [report.recipient_id, report.skipped_id] if report.sent_at is not None else []
    return tuple(dict.fromkeys([report.organization_id, *(one for one in above if one)]))


def expect_status(report: SituationReport, *allowed: SituationReportStatus) -> None:
    """Pass in one of these. Raises SituationReportStatusWrong."""
    if report.status not in allowed:
        raise SituationReportStatusWrong(
            f"The report {report.number} is {report.status}.",
            remedy=f"This can be done while it is {' or '.join(allowed)}.",
            currentStatus=report.status,
        )

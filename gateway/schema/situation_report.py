"""Situation reports: the signed report upward, drafted from facts, with every step timed."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import ExerciseRef, IncidentRef, Jurisdiction, Organization
from vocabulary import Grade, Mode


@strawberry.enum
class ReportStage(StrEnum):
    """初报, 续报, 终报."""

    INITIAL = "INITIAL"
    FOLLOW_UP = "FOLLOW_UP"
    FINAL = "FINAL"


@strawberry.enum
class SituationReportStatus(StrEnum):
    """A draft follows the facts; a signed report is frozen."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    SENT = "SENT"
    RECEIPTED = "RECEIPTED"
    WITHDRAWN = "WITHDRAWN"


@strawberry.enum(description="Why something in a report is not clear.")
class Doubt(StrEnum):
    """Unknown, contradicted, unconfirmed, or less than was reported before."""

    UNKNOWN = "UNKNOWN"
    CONTRADICTED = "CONTRADICTED"
    UNCONFIRMED = "UNCONFIRMED"
    DECREASED = "DECREASED"


@strawberry.type(description="One source's figure, the one to go by; never a sum.")
class StatedFigure:
    """What the report says, and what the one before said."""

    metric: str
    value: float | None
    unit: str
    source: str
    observed_at: datetime
    was: float | None = strawberry.field(description="What the report before said.")


@strawberry.type(description="What is not clear at the time of the report.")
class Unclear:
    """About what, why, and what the sources say."""

    about: str = strawberry.field(description="A metric, `grade` or `occurredAt`.")
    why: Doubt
    detail: str | None


@strawberry.type(description="Something that was done.")
class MeasureTaken:
    """What, and when."""

    text: str = fields.label("text")
    at: datetime


@strawberry.type(description="A call to the superior ahead of the paper.")
class ReportCall:
    """Who told whom, when."""

    at: datetime
    to: str
    by: str


@strawberry.type(
    description="The signed report upward (信息报告): initial, follow-up n, final. Drafted from facts."
)
class SituationReport(Node):
    """What is reported of an incident to whom, by when, and how far it is."""

    version: int
    number: str
    stage: ReportStage
    ordinal: int = strawberry.field(description="0 for the initial report.")
    status: SituationReportStatus
    incident: IncidentRef | None = fields.joined("SituationReport.incident")
    jurisdiction: Jurisdiction | None = fields.joined("SituationReport.jurisdiction")
    mode: Mode
    exercise: ExerciseRef | None = fields.joined("SituationReport.exercise")
    organization: Organization | None = fields.joined("SituationReport.organization")
    recipient: Organization | None = fields.joined("SituationReport.recipient")
    skipped: Organization | None = fields.joined(
        "SituationReport.skipped", description="The level that was skipped and gets a copy."
    )
    skip_reason: str | None
    is_urgent: bool = strawberry.field(description="Phoned before it is sent.")
    rule: str
    due_at: datetime
    title: str
    grade: Grade | None
    as_of: datetime
    figures: list[StatedFigure] = fields.listed("figures")
    unclear: list[Unclear] = fields.listed("unclear")
    measures: list[MeasureTaken] = fields.listed("measures")
    note: str = strawberry.field(description="The drafter's words: cause, trend, requests.")
    text: str = fields.label("text", description="The whole report, ready to print.")
    drafted_at: datetime
    drafted_by: str
    calls: list[ReportCall] = fields.listed("calls")
    signed_at: datetime | None
    signed_by: str | None
    digest: str | None = strawberry.field(description="SHA-256 of what was signed.")
    sent_at: datetime | None
    received_at: datetime | None
    received_by: str | None
    reference: str | None = strawberry.field(description="The receiver's own reference.")
    withdrawn_because: str | None
    viewer_permissions: list[Permission] | None = fields.permissions("SituationReport")

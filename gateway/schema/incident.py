"""The incident room: facts that change, the command formed for it, and all that was started."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.context import Info
from gateway.joins import JOINS
from gateway.scalars import GeoJSON, Lang
from gateway.schema.coordination import CoordinationRequest
from gateway.schema.disclosure import Bulletin
from gateway.schema.guarantee import Dispatch, EarlyWarning, Requirement, Signal
from gateway.schema.node import Node
from gateway.schema.order import Order
from gateway.schema.permission import Permission
from gateway.schema.places import (
    EmergencyType,
    ExerciseRef,
    Figure,
    Jurisdiction,
    ObligationRef,
    Organization,
    OverrideFiguresRef,
)
from gateway.schema.plans import Activation
from gateway.schema.situation_report import SituationReport
from gateway.schema.task import Task
from gateway.upstream import Json
from vocabulary import Grade, Mode


@strawberry.enum
class IncidentStatus(StrEnum):
    """The life of an incident; declared is verified, typed, graded and opened by who may."""

    DECLARED = "DECLARED"
    RESPONDING = "RESPONDING"
    CONTAINED = "CONTAINED"
    RECOVERING = "RECOVERING"
    CLOSED = "CLOSED"
    FALSE_ALARM = "FALSE_ALARM"
    MERGED = "MERGED"


@strawberry.enum
class LogKind(StrEnum):
    """What an entry of the duty log tells of."""

    NOTE = "NOTE"
    DECISION = "DECISION"
    FACT = "FACT"
    CALL = "CALL"
    ORDER = "ORDER"
    REPORT_UP = "REPORT_UP"
    SYSTEM = "SYSTEM"


@strawberry.type(description="A subordinate of the command.")
class CommandSection:
    """Which organization, in which functions."""

    organization: Organization | None = fields.joined("CommandSection.organization")
    functions: list[str] = fields.listed("functions")


@strawberry.type(description="The one command formed for an incident.")
class Command(Node):
    """Who commands, from where, over how many."""

    organization: Organization | None = fields.joined("Command.organization")
    commander_post: str
    held_by: Jurisdiction | None = fields.joined("Command.heldBy")
    sections: list[CommandSection] = fields.listed("sections")
    span_of_control: int
    is_span_kept: bool = strawberry.field(description="3 to 7 subordinates (ORG-5).")
    formed_at: datetime


def _entry_text(root: fields.Source, lang: Lang = Lang.ZH) -> str:
    return str((lang is Lang.EN and root.get("textEn")) or root["text"])


@strawberry.type(
    description="Signed and timed, the duty officer's own record. Never edited, only struck."
)
class LogEntry(Node):
    """What happened or was said, when, by whose hand."""

    version: int
    at: datetime
    recorded_at: datetime
    kind: LogKind
    text: str = fields.computed(_entry_text, "text", "textEn")
    by: str
    post: str | None
    organization: Organization | None = fields.joined("LogEntry.organization")
    struck_at: datetime | None
    struck_because: str | None
    viewer_permissions: list[Permission] | None = fields.permissions("LogEntry")


@strawberry.type(description="What another source says of the same metric.")
class Contradiction:
    """A value and who gave it."""

    value: float | None
    source: str


@strawberry.type(description="A figure of an incident, side by side with those of other sources.")
class ReportedFigure(Figure):
    """A figure with its standing among the others: never summed, never overwritten."""

    id: strawberry.ID | None
    state: str | None = strawberry.field(description="CONFIRMED, or waiting for a second person.")
    preferred: bool | None
    contradicted_by: list[Contradiction] = fields.listed("contradictedBy")
    correction_reason: str | None


@strawberry.type(description="What somebody must do before a figure counts.")
class Attention:
    """A figure that waits for a second person, and why."""

    code: str
    message: str
    figure_id: strawberry.ID


async def _figures(root: fields.Source, info: Info, preferred_only: bool = True) -> Json:
    if preferred_only:
        return root.get("figures") or []
    return await fields.read(JOINS["Incident.figures"], root, info, preferredOnly=False)


@strawberry.type(description="A verified emergency with facts that change.")
class Incident(Node):
    """One incident, with what every service knows of it."""

    number: str = strawberry.field(description="Spoken on the radio: 410100-20210720-003")
    version: int | None
    mode: Mode
    exercise: ExerciseRef | None = fields.joined("Incident.exercise")
    title: str
    emergency_type: EmergencyType = fields.emergency_type()
    status: IncidentStatus
    grade: Grade | None
    grade_rule: str | None
    place: GeoJSON | None = fields.place()
    address: str | None
    jurisdiction: Jurisdiction | None = fields.joined("Incident.jurisdiction")
    occurred_at: datetime | None = strawberry.field(
        description="When it happened; null while nobody has said."
    )
    declared_at: datetime
    declared_by: str | None
    updated_at: datetime | None
    closed_at: datetime | None
    merged_into: "Incident | None" = fields.joined("Incident.mergedInto")
    stale_since: datetime | None = strawberry.field(
        description="Set when org is away and this is another service's copy; then null is unknown."
    )
    figures: list[ReportedFigure] | None = fields.computed(_figures, "id", "figures")
    attention: list[Attention] | None
    command: Command | None = fields.joined("Incident.command")
    orders: list[Order] | None = fields.joined("Incident.orders")
    bulletins: list[Bulletin] | None = fields.joined(
        "Incident.bulletins", description="What the public is told of it, drafts as well."
    )
    coordination_requests: list[CoordinationRequest] | None = fields.joined(
        "Incident.coordinationRequests"
    )
    situation_reports: list[SituationReport] | None = fields.joined(
        "Incident.situationReports", description="Upward: initial, follow-ups, final."
    )
    tasks: list[Task] | None = fields.joined("Incident.tasks")
    obligations: list[ObligationRef] | None = fields.joined("Incident.obligations")
    log: list[LogEntry] | None = fields.joined("Incident.log")
    signals: list[Signal] | None = fields.joined("Incident.signals")
    warnings: list[EarlyWarning] | None = fields.joined("Incident.warnings")
    activations: list[Activation] | None = fields.joined("Incident.activations")
    dispatches: list[Dispatch] | None = fields.joined("Incident.dispatches")
    override_figures: OverrideFiguresRef | None = fields.joined(
        "Incident.overrideFigures",
        description="How often the law was set aside in the responses to it.",
    )
    unmet_needs: list[Requirement] | None = fields.joined("Incident.unmetNeeds")
    viewer_permissions: list[Permission] | None = fields.permissions("Incident")

"""The incident room: facts that change, the command formed for it, and all that was started."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.scalars import GeoJSON
from gateway.schema.guarantee import Dispatch, Requirement
from gateway.schema.node import Node
from gateway.schema.order import Order
from gateway.schema.places import EmergencyType, Figure, Jurisdiction, Organization
from gateway.schema.plans import Activation
from gateway.schema.task import Task
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


@strawberry.type(description="The one command formed for an incident.")
class Command(Node):
    """Who commands, from where, over how many."""

    organization: Organization | None = fields.joined("Command.organization")
    commander_post: str
    held_by: Jurisdiction | None = fields.joined("Command.heldBy")
    span_of_control: int | None
    formed_at: datetime


@strawberry.type(
    description="Signed and timed, the duty officer's own record. Never edited, only struck."
)
class LogEntry(Node):
    """What happened or was said, when, by whose hand."""

    at: datetime
    recorded_at: datetime
    kind: LogKind
    text: str
    by: str | None
    organization: Organization | None = fields.joined("LogEntry.organization")
    struck_because: str | None


@strawberry.type(description="A verified emergency with facts that change.")
class Incident(Node):
    """One incident, with what every service knows of it."""

    number: str = strawberry.field(description="Spoken on the radio: 410100-20210720-003")
    version: int | None
    mode: Mode
    title: str
    emergency_type: EmergencyType = fields.emergency_type()
    status: IncidentStatus
    grade: Grade | None
    grade_rule: str | None
    place: GeoJSON | None = fields.place()
    jurisdiction: Jurisdiction | None = fields.joined("Incident.jurisdiction")
    declared_at: datetime
    closed_at: datetime | None
    stale_since: datetime | None = strawberry.field(
        description="Set when org is away and this is another service's copy; then null is unknown."
    )
    figures: list[Figure] = fields.listed("figures")
    command: Command | None = fields.joined("Incident.command")
    orders: list[Order] | None = fields.joined("Incident.orders")
    tasks: list[Task] | None = fields.joined("Incident.tasks")
    log: list[LogEntry] | None = fields.joined("Incident.log")
    activations: list[Activation] | None = fields.joined("Incident.activations")
    dispatches: list[Dispatch] | None = fields.joined("Incident.dispatches")
    unmet_needs: list[Requirement] | None = fields.joined("Incident.unmetNeeds")

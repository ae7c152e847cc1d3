"""Coordination requests: one department asks another, and how fast who answers whom."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import ExerciseRef, IncidentRef, Jurisdiction, Organization
from vocabulary import Mode


@strawberry.enum
class Urgency(StrEnum):
    """How soon an answer is owed."""

    URGENT = "URGENT"
    ROUTINE = "ROUTINE"


@strawberry.enum
class CoordinationStatus(StrEnum):
    """How far the answer is."""

    REQUESTED = "REQUESTED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    COMPLETED = "COMPLETED"
    WITHDRAWN = "WITHDRAWN"


@strawberry.enum(description="Why an organization does not help.")
class DeclineGround(StrEnum):
    """The ground; words stand beside it."""

    NO_CAPACITY = "NO_CAPACITY"
    NOT_COMPETENT = "NOT_COMPETENT"
    NO_AUTHORITY = "NO_AUTHORITY"
    OWN_RESPONSE = "OWN_RESPONSE"
    UNREACHABLE = "UNREACHABLE"
    OTHER = "OTHER"


@strawberry.enum(description="What a common superior says to what was declined or not answered.")
class Direction(StrEnum):
    """Whether it is to be done."""

    DO_IT = "DO_IT"
    LEAVE_IT = "LEAVE_IT"


@strawberry.type(description="So much of a capability.")
class RequestedNeed:
    """What is asked for, in numbers."""

    capability: str
    quantity: float
    unit: str


@strawberry.type(description="One organization asks another beside it; every step has its time.")
class CoordinationRequest(Node):
    """Who asks whom for what, by when, and what was answered."""

    version: int
    status: CoordinationStatus
    title: str
    text: str
    need: RequestedNeed | None
    urgency: Urgency
    from_organization: Organization | None = fields.joined("CoordinationRequest.fromOrganization")
    to_organization: Organization | None = fields.joined("CoordinationRequest.toOrganization")
    jurisdiction: Jurisdiction | None = fields.joined("CoordinationRequest.jurisdiction")
    incident: IncidentRef | None = fields.joined("CoordinationRequest.incident")
    mode: Mode
    exercise: ExerciseRef | None = fields.joined("CoordinationRequest.exercise")
    needed_by: datetime | None
    requested_at: datetime
    answer_due_at: datetime
    rule: str
    acknowledged_at: datetime | None
    answered_at: datetime | None
    promised_by: datetime | None
    limited: str | None = strawberry.field(description="What the acceptance leaves out.")
    ground: DeclineGround | None
    reason: str | None
    completed_at: datetime | None
    result: str | None
    withdrawn_at: datetime | None
    withdrawn_because: str | None
    escalated_to: Organization | None = fields.joined("CoordinationRequest.escalatedTo")
    escalated_at: datetime | None
    direction: Direction | None
    directed_at: datetime | None
    directed_by: str | None
    viewer_permissions: list[Permission] | None = fields.permissions("CoordinationRequest")


@strawberry.type(description="What one organization asked of another, in numbers.")
class PairFigures:
    """Minutes and shares (0-1) are null while nothing is on record."""

    from_organization: Organization | None = fields.joined("PairFigures.fromOrganization")
    to_organization: Organization | None = fields.joined("PairFigures.toOrganization")
    asked: int
    answered: int
    declined: int
    completed: int
    unanswered_late: int
    acknowledge_median_minutes: float | None
    answer_median_minutes: float | None
    answer_p90_minutes: float | None
    complete_median_minutes: float | None
    on_time_share: float | None

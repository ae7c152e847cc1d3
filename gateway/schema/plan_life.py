"""The life of plan versions: steps, consultations, evidence, what falls due and what asks for a revision."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway import fields
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import Jurisdiction, Organization
from vocabulary import ResponseLevel

if TYPE_CHECKING:
    from gateway.schema.plan_version import PlanVersion

PlanVersionRef = Annotated["PlanVersion", strawberry.lazy("gateway.schema.plan_version")]


@strawberry.enum(
    description="Where a version stands. It is in force (from its effective date) while it is "
    "PUBLISHED, FILED or UNDER_REVISION, and never changes from PUBLISHED on."
)
class PlanStatus(StrEnum):
    """Status of a version."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"
    FILED = "FILED"
    UNDER_REVISION = "UNDER_REVISION"
    RETIRED = "RETIRED"


@strawberry.enum(description="What brings a version from one status to another.")
class PlanAction(StrEnum):
    """Step of a version's life."""

    SUBMIT = "SUBMIT"
    RETURN = "RETURN"
    APPROVE = "APPROVE"
    PUBLISH = "PUBLISH"
    FILE = "FILE"
    BEGIN_REVISION = "BEGIN_REVISION"
    END_REVISION = "END_REVISION"
    RETIRE = "RETIRE"
    SUPERSEDE = "SUPERSEDE"


@strawberry.enum(description="The six grounds on which a plan has to be revised.")
class RevisionGround(StrEnum):
    """Ground of a revision."""

    LAW_OR_SUPERIOR_CHANGED = "LAW_OR_SUPERIOR_CHANGED"
    COMMAND_CHANGED = "COMMAND_CHANGED"
    RISK_CHANGED = "RISK_CHANGED"
    RESOURCES_CHANGED = "RESOURCES_CHANGED"
    INFORMATION_CHANGED = "INFORMATION_CHANGED"
    SHORTCOMING_FOUND = "SHORTCOMING_FOUND"


@strawberry.enum(description="What has to be done again and again.")
class CycleKind(StrEnum):
    """Kind of cycle."""

    DRILL = "DRILL"
    REVIEW = "REVIEW"


@strawberry.enum(description="DUE once its lead time has begun, OVERDUE past its due time.")
class CycleState(StrEnum):
    """How a cycle stands."""

    UPCOMING = "UPCOMING"
    DUE = "DUE"
    OVERDUE = "OVERDUE"


@strawberry.enum(description="What a consulted organization thinks of a version.")
class Opinion(StrEnum):
    """Opinion on a version."""

    AGREED = "AGREED"
    COMMENTED = "COMMENTED"
    OBJECTED = "OBJECTED"


@strawberry.enum(description="What became of a comment.")
class Resolution(StrEnum):
    """Taken up in the text, explained, or declined."""

    TAKEN_UP = "TAKEN_UP"
    ANSWERED = "ANSWERED"
    DECLINED = "DECLINED"


@strawberry.enum(description="A division's own plans, also those of divisions below, or above.")
class Reach(StrEnum):
    """How far a list of plans reaches."""

    HERE = "HERE"
    BELOW = "BELOW"
    ABOVE = "ABOVE"


@strawberry.type(description="One change of a version's status.")
class PlanTransition:
    """What was done, by whom (organization and post), when and why."""

    action: PlanAction
    from_status: PlanStatus
    to_status: PlanStatus
    at: datetime
    by: str
    reason: str | None


@strawberry.type(description="With whom a version is on file.")
class PlanFiling:
    """Filing (备案)."""

    organization: str
    number: str
    at: datetime


@strawberry.type(description="A drill of the plan.")
class PlanDrill:
    """When it was drilled, by whom, and what shows it."""

    at: datetime
    organization: Organization | None = fields.joined("PlanDrill.organization")
    note: str
    by: str
    exercise_id: strawberry.ID | None = strawberry.field(description="null: held elsewhere.")


@strawberry.type(description="A review of the plan, as its cycle asks.")
class PlanReview:
    """When it was reviewed, by whom, and with what outcome."""

    at: datetime
    organization: Organization | None = fields.joined("PlanReview.organization")
    note: str
    by: str
    is_fit: bool = strawberry.field(description="false: it needs a revision.")


@strawberry.type(description="Something that asks for a revision of a version.")
class RevisionTrigger:
    """On which ground, because of what, and whether anybody has acted on it."""

    ground: RevisionGround
    cause: str
    note: str
    at: datetime
    by: str
    answered_at: datetime | None = strawberry.field(description="null: nobody has acted on it.")


@strawberry.type(description="How one level of a plan comes into force.")
class PlanLevel:
    """A level of a plan."""

    level: ResponseLevel
    start: str = strawberry.field(description="automatic or signature.")
    hold_down_minutes: int
    sign_within_minutes: int


@strawberry.type(description="An organization that was asked about a version.")
class Consulted:
    """Until when it was asked, and what it thinks."""

    organization: Organization | None = fields.joined("Consulted.organization")
    answer_before: datetime
    opinion: Opinion | None = strawberry.field(description="null: it has not answered.")
    note: str | None
    answered_at: datetime | None
    by: str | None


@strawberry.type(description="What was said about one place of a plan, and what became of it.")
class PlanComment:
    """A comment; `place` is `plan`, a part, a level, or `LEVEL_II/steps/<id>`."""

    id: strawberry.ID
    organization: Organization | None = fields.joined("PlanComment.organization")
    place: str
    text: str
    at: datetime
    by: str
    resolution: Resolution | None = strawberry.field(description="null: it is unresolved.")
    answer: str | None
    resolved_at: datetime | None
    resolved_by: str | None


@strawberry.type(description="One round of asking organizations about a version in review.")
class Consultation(Node):
    """Who was asked, what was said, and what became of it."""

    version: int
    plan: PlanVersionRef | None = fields.joined("Consultation.plan")
    jurisdiction: Jurisdiction | None = fields.joined("Consultation.jurisdiction")
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    consulted: list[Consulted] = fields.listed("consulted")
    comments: list[PlanComment] = fields.listed("comments")
    viewer_permissions: list[Permission] | None = fields.permissions("Consultation")


@strawberry.type(description="By when a plan has to be drilled or reviewed again.")
class PlanCycle:
    """One cycle of one plan."""

    id: strawberry.ID
    plan: PlanVersionRef | None = fields.joined("PlanCycle.plan")
    plan_title: str = fields.label("planTitle")
    jurisdiction: Jurisdiction | None = fields.joined("PlanCycle.jurisdiction")
    organization: Organization | None = fields.joined("PlanCycle.organization")
    kind: CycleKind
    state: CycleState
    counted_from: datetime
    warn_at: datetime
    due_at: datetime
    rule: str = strawberry.field(description="The rule that asks for it, in its version.")
    due_raised_at: datetime | None
    overdue_raised_at: datetime | None = strawberry.field(
        description="When it was raised; later than `dueAt` after a downtime."
    )
    met_at: datetime | None = strawberry.field(description="When the cycle before was met.")

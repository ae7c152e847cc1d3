"""What planners, approvers and consulted organizations do with plan versions."""

from datetime import datetime

import strawberry

from gateway.schema.inputs.keyed import Expecting, Keyed
from gateway.schema.plan_life import Opinion, Resolution, RevisionGround


@strawberry.input
class OnVersion(Expecting):
    """A step of one version of a plan."""

    plan_id: strawberry.ID
    plan_version: str


@strawberry.input
class ConsultedInput:
    """An organization that is asked, and until when."""

    organization: strawberry.ID
    answer_before: datetime


@strawberry.input
class SubmitPlanInput(OnVersion):
    """Send a draft to review and ask organizations about it."""

    consulted: list[ConsultedInput] = strawberry.field(default_factory=list)


@strawberry.input
class ReturnPlanInput(OnVersion):
    """Send a version in review, or approved, back to draft."""

    reason: str


@strawberry.input
class ApprovePlanInput(OnVersion):
    """Approve a version in review; `reason` is required while a consultation is open."""

    reason: str | None = None


@strawberry.input
class PublishPlanInput(OnVersion):
    """Publish an approved version: immutable from then on."""


@strawberry.input
class FilePlanInput(OnVersion):
    """Record that a published version was put on file."""

    organization: str
    number: str
    filed_at: datetime


@strawberry.input
class TriggerRevisionInput(OnVersion):
    """Record that something asks for a revision."""

    ground: RevisionGround
    note: str


@strawberry.input
class BeginRevisionInput(OnVersion):
    """Begin the revision of a version, which stays in force meanwhile."""

    ground: RevisionGround
    note: str


@strawberry.input
class EndRevisionInput(OnVersion):
    """End a revision that leads to no new version."""

    reason: str


@strawberry.input
class RetirePlanInput(OnVersion):
    """Take a version out of force."""

    reason: str


@strawberry.input
class RecordDrillInput(OnVersion):
    """Record a drill that was held outside this system."""

    organization: strawberry.ID
    held_at: datetime
    note: str


@strawberry.input
class RecordReviewInput(OnVersion):
    """Record a review of the plan; `isFit` false: it needs a revision."""

    organization: strawberry.ID
    held_at: datetime
    note: str
    is_fit: bool


@strawberry.input
class DerivePlanInput(Keyed):
    """Keep a draft for a division below, made of a superior's version."""

    plan_id: strawberry.ID
    plan_version: str
    jurisdiction: str
    organization: strawberry.ID
    new_plan_id: strawberry.ID | None = None
    new_plan_version: str = "1"


@strawberry.input
class CommentOnPlanInput(Expecting):
    """Comment on one place of a version in review."""

    consultation: strawberry.ID
    place: str
    text: str


@strawberry.input
class ResolveCommentInput(Expecting):
    """Say what became of a comment, and why."""

    consultation: strawberry.ID
    comment: strawberry.ID
    resolution: Resolution
    answer: str


@strawberry.input
class AnswerConsultationInput(Expecting):
    """Give the opinion of the viewer's organization."""

    consultation: strawberry.ID
    opinion: Opinion
    note: str | None = None

"""The upkeep of a plan: that it was drilled or reviewed, kept on the version that was."""

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.errors import Conflict, Invalid
from services.plans.domain import revision
from services.plans.domain.exercise import Exercise
from services.plans.domain.history import Drill, Review
from services.plans.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class PlanDrilled:
    """The plan was drilled."""

    plan: Plan
    drill: Drill


@dataclass(frozen=True, slots=True)
class PlanReviewed:
    """The plan was reviewed."""

    plan: Plan
    review: Review


class PlanNeverInForce(Conflict):
    """What was never published is neither drilled nor reviewed."""

    slug = "plan-never-in-force"


class EvidenceInFuture(Invalid):
    """Evidence of something that has not happened yet."""

    slug = "evidence-in-future"


def record_drill(plan: Plan, drill: Drill) -> tuple[Plan, PlanDrilled]:
    """The version counts as drilled; the same drill again changes nothing.

    Raises `PlanNeverInForce` and `EvidenceInFuture`.
    """
    _check_evidence(plan, drill.at, drill.recorded_at)
    known = any(_same(kept, drill) for kept in plan.drills)
    drilled = plan if known else replace(plan, drills=(*plan.drills, drill))
    return drilled, PlanDrilled(drilled, drill)


def drill_by(exercise: Exercise, *, recorded_at: datetime, by: str) -> Drill | None:
    """That the exercise drilled its plan; None unless it was played to its end.

    One that a rehearsal with a clock ahead of ours brought counts from when it was brought.
    """
    if exercise.drilled_at is None:
        return None
    return Drill(
        at=min(exercise.drilled_at, recorded_at),
        organization_id=exercise.organization_id,
        note=f"{exercise.type}: {exercise.title_zh} / {exercise.title_en}",
        recorded_at=recorded_at,
        by=by,
        exercise_id=exercise.id,
    )


def record_review(plan: Plan, review: Review) -> tuple[Plan, PlanReviewed]:
    """The version counts as reviewed; found fit, whatever asked for its revision is answered.

    Raises `PlanNeverInForce` and `EvidenceInFuture`.
    """
    _check_evidence(plan, review.at, review.recorded_at)
    reviewed = replace(plan, reviews=(*plan.reviews, review))
    if review.is_fit:
        reviewed = revision.answered(reviewed, review.recorded_at)
    return reviewed, PlanReviewed(reviewed, review)


def _check_evidence(plan: Plan, at: datetime, now: datetime) -> None:
    if plan.published_at is None:
        raise PlanNeverInForce(
            f"{plan.id} is {plan.status}.",
            remedy="Name the version that was in force.",
            currentStatus=plan.status,
        )
    if at > now:
        raise EvidenceInFuture("That day has not come.", field=("heldAt",))


def _same(kept: Drill, drill: Drill) -> bool:
    if drill.exercise_id is not None:
        return kept.exercise_id == drill.exercise_id
    return (kept.at, kept.organization_id) == (drill.at, drill.organization_id)

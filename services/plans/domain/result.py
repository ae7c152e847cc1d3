"""What an evaluator saw of a step that was talked through: the record of a tabletop exercise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.errors import Conflict, Invalid
from services.plans.domain.exercise import Exercise, ExerciseState, ExerciseStateWrong
from services.plans.domain.plan import Plan, Step
from services.plans.domain.step_record import Source, StepRecord
from vocabulary import Mode, ResponseLevel


class NotTalkedThrough(Conflict):
    """What runs through the system is scored by what the system saw."""

    slug = "exercise-not-talked-through"


class StepNotInPlan(Invalid):
    """The version that is exercised has no such step."""

    slug = "step-not-in-plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """How a step went by the evaluator: in so many minutes, or None: it was not done."""

    step: str
    minutes: float | None
    organization_id: str | None = None
    note: str | None = None


def result_id(exercise_id: str, step: str) -> str:
    """The one id of an evaluator's record of a step."""
    return f"{exercise_id}/{step}"


def entered(
    exercise: Exercise, plan: Plan, *, result: StepResult, kept: StepRecord | None, now: datetime
) -> StepRecord:
    """The record of what the evaluator saw, counted from the start of the exercise.

    Raises `NotTalkedThrough`, `ExerciseStateWrong` before its start, and `StepNotInPlan`.
    """
    started_at = _started(exercise)
    level, step = _step(plan, result.step)
    done = timedelta(minutes=result.minutes) if result.minutes is not None else None
    return StepRecord(
        id=result_id(exercise.id, step.id),
        plan_id=plan.plan_id,
        plan_version=plan.plan_version,
        step=step.id,
        level=level,
        jurisdiction=exercise.jurisdiction,
        mode=Mode.EXERCISE,
        activation_id=None,
        exercise_id=exercise.id,
        organization_id=result.organization_id,
        owed_at=started_at,
        due_at=started_at + timedelta(minutes=step.time_limit_minutes),
        done_at=started_at + done if done is not None else None,
        ended_at=now if done is None else None,
        declined=done is None,
        source=Source.EVALUATOR,
        note=result.note,
        version=kept.version if kept else 0,
    )


def _started(exercise: Exercise) -> datetime:
    if not exercise.is_talked_through:
        raise NotTalkedThrough(
            f"{exercise.type} exercises are scored by what organizations report.",
            remedy="Report the task as done, late or not taken on.",
        )
    over = exercise.state is ExerciseState.CANCELLED
    if exercise.started_at is None or over:
        raise ExerciseStateWrong(f"The exercise is {exercise.state}.", currentStatus=exercise.state)
    return exercise.started_at


def _step(plan: Plan, id: str) -> tuple[ResponseLevel, Step]:
    """The step and the least severe level that has it."""
    for level in reversed(plan.levels):
        for step in level.steps:
            if step.id == id:
                return level.level, step
    raise StepNotInPlan(f"{plan.id} has no step {id}.", field=("step",))

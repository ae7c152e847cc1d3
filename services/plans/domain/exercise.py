"""An exercise: people rehearse one plan version, marked as such everywhere (PLAN-7).

The types are those of ISO 22398. Whoever takes part is named when it is planned; nobody else is
told of anything in it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from services.plans.domain.activation import (
    Activation,
    ActivationEnded,
    ActivationState,
    Because,
    LevelChange,
)
from services.plans.domain.decision import without_proposal
from services.plans.domain.plan import Plan, PlanNotEffective, Text, version_id
from vocabulary import Mode


class ExerciseType(StrEnum):
    """TABLETOP is talked through, facts read out; the others run through the whole system."""

    TABLETOP = "TABLETOP"
    DRILL = "DRILL"
    FUNCTIONAL = "FUNCTIONAL"
    FULL_SCALE = "FULL_SCALE"


class ExerciseState(StrEnum):
    """COMPLETED and CANCELLED are final."""

    PLANNED = "PLANNED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class ExerciseStateWrong(Conflict):
    """The exercise is not in the state that this needs."""

    slug = "exercise-state-wrong"


class ExerciseModeWrong(Invalid):
    """What belongs to an exercise is of mode EXERCISE."""

    slug = "exercise-mode-wrong"


class ExercisePlanMismatch(Invalid):
    """The exercise lies elsewhere than the plan that it exercises."""

    slug = "exercise-plan-mismatch"


@dataclass(frozen=True, slots=True)
class Objective:
    """What the exercise is to show."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record that was brought here was made; `digest` is the SHA-256 of the record."""

    deployment: str
    exported_at: datetime
    digest: str
    imported_at: datetime
    imported_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise of one plan version, run by `organization_id` for the division."""

    id: str
    type: ExerciseType
    state: ExerciseState = ExerciseState.PLANNED
    title_zh: str
    title_en: str
    plan_id: str
    plan_version: str
    jurisdiction: str
    organization_id: str
    participants: tuple[str, ...]
    planned_from: datetime
    planned_to: datetime
    objectives: tuple[Objective, ...] = ()
    started_at: datetime | None = None
    ended_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    provenance: Provenance | None = None
    version: int = 0

    @property
    def version_id(self) -> str:
        """The plan version that is exercised."""
        return version_id(self.plan_id, self.plan_version)

    @property
    def mode(self) -> Mode:
        """All that belongs to it is of this mode."""
        return Mode.EXERCISE

    @property
    def is_running(self) -> bool:
        """Whether facts act on it."""
        return self.state is ExerciseState.RUNNING

    @property
    def drilled_at(self) -> datetime | None:
        """When it drilled its plan: at its end, once it was played to it."""
        return self.ended_at if self.state is ExerciseState.COMPLETED else None

    @property
    def is_talked_through(self) -> bool:
        """Whether facts are only read out, and an evaluator says how it went."""
        return self.type is ExerciseType.TABLETOP


@dataclass(frozen=True, slots=True)
class ExercisePlanned:
    """It will take place."""

    exercise: Exercise


@dataclass(frozen=True, slots=True)
class ExerciseStarted:
    """Its script runs from now on."""

    exercise: Exercise


@dataclass(frozen=True, slots=True)
class ExerciseCompleted:
    """It was played to its end; nothing of it stands any more."""

    exercise: Exercise


@dataclass(frozen=True, slots=True)
class ExerciseCancelled:
    """It will not be played, or not any further."""

    exercise: Exercise


ExerciseEvent = ExercisePlanned | ExerciseStarted | ExerciseCompleted | ExerciseCancelled


def plan_exercise(drafted: Exercise, plan: Plan) -> tuple[Exercise, ExercisePlanned]:
    """The exercise of that version will take place. Raises `ExercisePlanMismatch`."""
    if drafted.jurisdiction != plan.jurisdiction:
        raise ExercisePlanMismatch(
            f"{plan.id} is a plan of {plan.jurisdiction}, not of {drafted.jurisdiction}.",
            field=("jurisdiction",),
            remedy="Exercise a plan of the division itself.",
        )
    return drafted, ExercisePlanned(drafted)


def start_exercise(exercise: Exercise, now: datetime, by: str) -> tuple[Exercise, ExerciseStarted]:
    """Its script runs from `now` on. Raises `ExerciseStateWrong`."""
    _expect(exercise, ExerciseState.PLANNED)
    started = replace(exercise, state=ExerciseState.RUNNING, started_at=now, decided_by=by)
    return started, ExerciseStarted(started)


def complete_exercise(
    exercise: Exercise, now: datetime, by: str
) -> tuple[Exercise, ExerciseCompleted]:
    """It is over, and can be scored. Raises `ExerciseStateWrong`."""
    _expect(exercise, ExerciseState.RUNNING)
    done = replace(exercise, state=ExerciseState.COMPLETED, ended_at=now, decided_by=by)
    return done, ExerciseCompleted(done)


def cancel_exercise(
    exercise: Exercise, now: datetime, *, by: str, reason: str
) -> tuple[Exercise, ExerciseCancelled]:
    """It is not played, or not any further, and says nothing of the plan. Raises `ExerciseStateWrong`."""
    _expect(exercise, ExerciseState.PLANNED, ExerciseState.RUNNING)
    cancelled = replace(
        exercise, state=ExerciseState.CANCELLED, ended_at=now, decided_by=by, reason=reason
    )
    return cancelled, ExerciseCancelled(cancelled)


def expect_running(exercise: Exercise, mode: Mode) -> None:
    """Pass for what belongs to a running exercise. Raises `ExerciseModeWrong`, `ExerciseStateWrong`."""
    if mode is not Mode.EXERCISE:
        raise ExerciseModeWrong(
            f"{exercise.id} is an exercise, so this is of mode EXERCISE.", field=("mode",)
        )
    _expect(exercise, ExerciseState.RUNNING)


def expect_exercised(exercise: Exercise, plan_version: str | None) -> None:
    """Pass for the version exercised, or none named. Raises `PlanNotEffective`."""
    if plan_version in (None, exercise.plan_version):
        return
    raise PlanNotEffective(
        f"{exercise.id} exercises {exercise.version_id}.",
        field=("planVersion",),
        remedy=f"Start {exercise.version_id}.",
        inForce=exercise.version_id,
    )


def end_with_exercise(
    activation: Activation, exercise: Exercise
) -> tuple[Activation, ActivationEnded]:
    """The activation ended, or its proposal withdrawn, because the exercise is over."""
    assert exercise.ended_at is not None  # only what is over ends anything
    change = LevelChange(
        activation.level,
        None,
        exercise.ended_at,
        Because.EXERCISE_OVER,
        activation.explanation.evaluation_id,
        by=exercise.decided_by,
    )
    ended = replace(
        without_proposal(activation),
        state=ActivationState.ENDED,
        level=None,
        ended_at=exercise.ended_at,
        slack_since=None,
        history=(*activation.history, change) if activation.level else activation.history,
    )
    return ended, ActivationEnded(ended)


def _expect(exercise: Exercise, *states: ExerciseState) -> None:
    if exercise.state not in states:
        raise ExerciseStateWrong(
            f"The exercise is {exercise.state}.",
            remedy="Plan another one." if exercise.ended_at else None,
            currentStatus=exercise.state,
        )

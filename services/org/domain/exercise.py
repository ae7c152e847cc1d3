"""An exercise as this service hears of it: who takes part, and whether it is on."""

from dataclasses import dataclass

from chassis.errors import Conflict, Invalid
from vocabulary import Mode


class ExerciseNotOn(Conflict):
    """Nothing is begun in an exercise that does not run."""

    slug = "exercise-not-on"


class ExerciseModeWrong(Invalid):
    """What belongs to an exercise is of mode EXERCISE."""

    slug = "exercise-mode-wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """The last that was heard of it; nobody but the posts of `participants` is told of anything in it."""

    id: str
    version: int = 0
    state: str
    title_zh: str
    title_en: str
    jurisdiction: str
    participants: frozenset[str]

    @property
    def is_over(self) -> bool:
        """Whether nothing is owed in it any more."""
        return self.state in {"COMPLETED", "CANCELLED"}


def expect_on(exercise: Exercise | None, exercise_id: str, mode: Mode) -> None:
    """Pass for what belongs to a running exercise. Raises ExerciseModeWrong and ExerciseNotOn."""
    if mode is not Mode.EXERCISE:
        raise ExerciseModeWrong(
            f"{exercise_id} is an exercise, so this is of mode EXERCISE.", field=("mode",)
        )
    if exercise is None or exercise.state != "RUNNING":
        state = exercise.state if exercise else "not known here yet"
        raise ExerciseNotOn(
            f"The exercise is {state}.", field=("exerciseId",), remedy="Start it first."
        )

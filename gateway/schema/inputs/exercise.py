"""What is done with exercises and revision proposals."""

import strawberry

from gateway.schema.inputs.keyed import Because, Expecting, Keyed


@strawberry.input
class PlanExerciseInput(Keyed):
    """Plan the exercise of a file: YAML or JSON, as plans' /v1/exercises/schema describes it."""

    text: str


@strawberry.input
class StartExerciseInput(Expecting):
    """Start it: each fact of the script comes when its time does."""

    exercise: strawberry.ID


@strawberry.input
class CompleteExerciseInput(Expecting):
    """End it as played: nothing of it is in force any more, and it is scored."""

    exercise: strawberry.ID


@strawberry.input
class CancelExerciseInput(Because):
    """Call it off: it says nothing of the plan."""

    exercise: strawberry.ID


@strawberry.input
class EnterResultInput(Keyed):
    """Enter how a step of a tabletop exercise went; without `minutes` it was not done."""

    exercise: strawberry.ID
    step: str
    minutes: float | None = None
    organization_id: strawberry.ID | None = None
    note: str | None = None


@strawberry.input
class AmendmentInput:
    """One value to write at the place; `was` is the expression that is meant."""

    field: str
    value: str
    was: str | None = None


@strawberry.input
class AcceptRevisionInput(Because):
    """Take the proposal up: the next version's draft holds the change, to be reviewed as any other."""

    proposal: strawberry.ID
    amendments: list[AmendmentInput]
    draft_version: str | None = None


@strawberry.input
class RejectRevisionInput(Because):
    """Leave the place as it is, for that reason; only new cases ask again."""

    proposal: strawberry.ID

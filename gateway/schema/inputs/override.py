"""What is decided about a measure that the law refuses."""

import strawberry

from gateway.schema.inputs.keyed import Because, Expecting, Keyed


@strawberry.input
class AskOverrideInput(Keyed):
    """Ask those who hold the missing authority, or stand above them, to let the measure pass."""

    activation: strawberry.ID
    measure: str
    minutes: int
    reason: str


@strawberry.input
class OverrideMeasureInput(Expecting):
    """Let the measure pass from now on until the time is over; never by who asked."""

    override: strawberry.ID
    reason: str
    minutes: int | None = strawberry.field(
        default=None, description="Without it for as long as was asked, never longer."
    )


@strawberry.input
class DeclineOverrideInput(Because):
    """Leave the measure refused."""

    override: strawberry.ID


@strawberry.input
class EndOverrideInput(Because):
    """End the override before its time, or take back what was asked."""

    override: strawberry.ID

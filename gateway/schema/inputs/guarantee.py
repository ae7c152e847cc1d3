"""What is said of early warnings and of dispatches."""

from datetime import datetime

import strawberry

from gateway.schema.inputs.keyed import Because, Expecting, Keyed
from vocabulary import Mode, WarningColour


@strawberry.input
class DraftWarningInput(Keyed):
    """Draft an early warning for the approval of a second person."""

    emergency_type: str
    colour: WarningColour
    areas: list[str]
    headline_zh: str | None = None
    headline_en: str | None = None
    description_zh: str | None = None
    description_en: str | None = None
    onset: datetime | None = None
    expires_at: datetime | None = None
    signal_id: strawberry.ID | None = None
    supersedes: list[strawberry.ID] = strawberry.field(default_factory=list)
    mode: Mode = Mode.REAL


@strawberry.input
class ApproveWarningInput(Expecting):
    """Announce the warning; whoever drafted it cannot."""

    warning: strawberry.ID


@strawberry.input
class RejectWarningInput(Because):
    """Lay a draft aside."""

    warning: strawberry.ID


@strawberry.input
class CancelWarningInput(Because):
    """End a warning before its time."""

    warning: strawberry.ID


@strawberry.input
class AcknowledgeDispatchInput(Expecting):
    """Say that the crew has the order."""

    dispatch: strawberry.ID


@strawberry.input
class ReportEnRouteInput(Expecting):
    """Say that it is on its way."""

    dispatch: strawberry.ID


@strawberry.input
class ReportOnSceneInput(Expecting):
    """Say that it has arrived."""

    dispatch: strawberry.ID


@strawberry.input
class ReportUnableInput(Because):
    """Say that it cannot go, or go on, and why."""

    dispatch: strawberry.ID


@strawberry.input
class ReleaseDispatchInput(Because):
    """Let it go, or call it off before it has moved."""

    dispatch: strawberry.ID


@strawberry.input
class ReturnDispatchInput(Expecting):
    """Say that it is back; of a stock, how much was not used."""

    dispatch: strawberry.ID
    quantity: float | None = None

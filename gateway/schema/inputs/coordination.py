"""What departments ask of one another and answer."""

from datetime import datetime

import strawberry

from gateway.schema.coordination import DeclineGround, Direction, Urgency
from gateway.schema.inputs.keyed import Because, Expecting, Keyed
from vocabulary import Mode


@strawberry.input
class RequestedNeedInput:
    """So much of a capability."""

    capability: str
    quantity: float
    unit: str


@strawberry.input
class RequestCoordinationInput(Keyed):
    """Ask another organization; of an incident, it takes the incident's division and mode."""

    from_organization: strawberry.ID
    to_organization: strawberry.ID
    title: str
    text: str
    need: RequestedNeedInput | None = None
    urgency: Urgency
    needed_by: datetime | None = None
    incident: strawberry.ID | None = None
    mode: Mode = Mode.REAL


@strawberry.input
class AcknowledgeRequestInput(Expecting):
    """Say that the caller's organization knows."""

    request: strawberry.ID


@strawberry.input
class AcceptRequestInput(Expecting):
    """Promise help: by when, and what of it is left out."""

    request: strawberry.ID
    promised_by: datetime | None = None
    limited: str | None = None


@strawberry.input
class DeclineRequestInput(Because):
    """Refuse on a ground; the common superior is asked to direct it."""

    request: strawberry.ID
    ground: DeclineGround


@strawberry.input
class CompleteRequestInput(Expecting):
    """Say that help was given, and what came of it."""

    request: strawberry.ID
    result: str


@strawberry.input
class WithdrawRequestInput(Because):
    """Take the request back."""

    request: strawberry.ID


@strawberry.input
class DirectRequestInput(Because):
    """Say for the common superior whether it is to be done."""

    request: strawberry.ID
    direction: Direction

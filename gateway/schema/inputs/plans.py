"""What a commander decides about activations."""

from datetime import datetime

import strawberry

from gateway.schema.inputs.keyed import Expecting, Keyed
from vocabulary import Mode, ResponseLevel


@strawberry.input
class StartActivationInput(Keyed):
    """Put a plan in force without waiting for its conditions; no rule lowers it."""

    plan_id: str
    level: ResponseLevel
    reason: str
    mode: Mode = Mode.REAL
    incident_id: strawberry.ID | None = None
    plan_version: str | None = strawberry.field(
        default=None, description="Must be the version in force, where it is named."
    )


@strawberry.input
class SignActivationInput(Expecting):
    """Sign what is proposed, or another level above what is in force."""

    activation: strawberry.ID
    level: ResponseLevel | None = None
    reason: str | None = None


@strawberry.input
class DeclineActivationInput(Expecting):
    """Decline what is proposed; what is in force stands."""

    activation: strawberry.ID
    reason: str


@strawberry.input
class RaiseActivationInput(Expecting):
    """Raise the level beyond what the conditions give."""

    activation: strawberry.ID
    level: ResponseLevel
    reason: str


@strawberry.input
class LowerActivationInput(Expecting):
    """Lower the level; `override` names who answers for going below what the conditions give."""

    activation: strawberry.ID
    level: ResponseLevel
    reason: str
    override: str | None = None


@strawberry.input
class EndActivationInput(Expecting):
    """End the response; `override` names who answers for going below what the conditions give."""

    activation: strawberry.ID
    reason: str
    override: str | None = None


@strawberry.input
class SupposedFactInput:
    """A figure that somebody supposes; without `value` it is unknown."""

    metric: str
    value: float | None = None
    unit: str | None = None
    observed_at: datetime | None = None

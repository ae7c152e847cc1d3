"""What mutations take: each carries its idempotency key, updates the version that was seen."""

from datetime import datetime

import strawberry

from vocabulary import Mode, ResponseLevel, WarningColour

KEY = (
    "Same key, same input: same answer. Same key, other input: IDEMPOTENCY_KEY_REUSED. "
    "One for each mutation field, to be sent again with a repeat."
)


@strawberry.input
class Keyed:
    """What every input has."""

    idempotency_key: strawberry.ID = strawberry.field(description=KEY)


@strawberry.input
class SignActivationInput(Keyed):
    """Sign what is proposed, or another level above what is in force."""

    activation: strawberry.ID
    expected_version: int
    level: ResponseLevel | None = None
    reason: str | None = None


@strawberry.input
class DeclineActivationInput(Keyed):
    """Decline what is proposed; what is in force stands."""

    activation: strawberry.ID
    expected_version: int
    reason: str


@strawberry.input
class RaiseActivationInput(Keyed):
    """Raise the level beyond what the conditions give."""

    activation: strawberry.ID
    expected_version: int
    level: ResponseLevel
    reason: str


@strawberry.input
class LowerActivationInput(Keyed):
    """Lower the level; `override` names who answers for going below what the conditions give."""

    activation: strawberry.ID
    expected_version: int
    level: ResponseLevel
    reason: str
    override: str | None = None


@strawberry.input
class EndActivationInput(Keyed):
    """End the response; `override` names who answers for going below what the conditions give."""

    activation: strawberry.ID
    expected_version: int
    reason: str
    override: str | None = None


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
class ApproveWarningInput(Keyed):
    """Announce the warning; whoever drafted it cannot."""

    warning: strawberry.ID
    expected_version: int


@strawberry.input
class RejectWarningInput(Keyed):
    """Lay a draft aside."""

    warning: strawberry.ID
    expected_version: int
    reason: str


@strawberry.input
class CancelWarningInput(Keyed):
    """End a warning before its time."""

    warning: strawberry.ID
    expected_version: int
    reason: str

"""What a coordination request is: who asks whom for what, and how far the answer is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict, Invalid
from vocabulary import Mode


class CoordinationStatusWrong(Conflict):
    """The request is not in a state for this."""

    slug = "coordination-status-wrong"


class AskedItself(Invalid):
    """An organization does not ask itself."""

    slug = "asked-itself"


class NeededInPast(Invalid):
    """What is needed by an instant that has passed, or promised for one."""

    slug = "needed-in-past"


class NotEscalated(Conflict):
    """Nobody above was asked to direct it."""

    slug = "not-escalated"


class OwnRequest(Conflict):
    """Whoever asks does not direct the answer."""

    slug = "own-request"


class Urgency(StrEnum):
    """How soon an answer is owed."""

    URGENT = "URGENT"
    ROUTINE = "ROUTINE"


class CoordinationStatus(StrEnum):
    """ACCEPTED may be by a superior's direction; DECLINED is final unless one is given."""

    REQUESTED = "REQUESTED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    COMPLETED = "COMPLETED"
    WITHDRAWN = "WITHDRAWN"


UNANSWERED = frozenset({CoordinationStatus.REQUESTED, CoordinationStatus.ACKNOWLEDGED})
OPEN_REQUEST = UNANSWERED | {CoordinationStatus.ACCEPTED}


class DeclineGround(StrEnum):
    """Why an organization does not help."""

    NO_CAPACITY = "NO_CAPACITY"
    NOT_COMPETENT = "NOT_COMPETENT"
    NO_AUTHORITY = "NO_AUTHORITY"
    OWN_RESPONSE = "OWN_RESPONSE"
    UNREACHABLE = "UNREACHABLE"
    OTHER = "OTHER"


class Direction(StrEnum):
    """What a common superior says to a request that was declined or not answered."""

    DO_IT = "DO_IT"
    LEAVE_IT = "LEAVE_IT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """So much of a capability."""

    capability: str
    quantity: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinationRequest:
    """One organization asks another beside it; each step has its own time.

    `limited` says in words what an acceptance leaves out. `escalated_to` is the common superior,
    `direction` what it said.
    """

    id: str
    version: int = 0
    status: CoordinationStatus = CoordinationStatus.REQUESTED
    title: str
    text: str
    need: Need | None = None
    urgency: Urgency
    from_organization: str
    to_organization: str
    jurisdiction: str
    incident_id: str | None = None
    mode: Mode
    exercise_id: str | None = None
    needed_by: datetime | None = None
    requested_at: datetime
    requested_by: str
    answer_due_at: datetime
    rule: str
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    promised_by: datetime | None = None
    limited: str | None = None
    ground: DeclineGround | None = None
    reason: str | None = None
    completed_at: datetime | None = None
    completed_by: str | None = None
    result: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None
    escalated_to: str | None = None
    escalated_at: datetime | None = None
    direction: Direction | None = None
    directed_at: datetime | None = None
    directed_by: str | None = None


@dataclass(frozen=True, slots=True)
class CoordinationRequested:
    """An organization asks another."""

    request: CoordinationRequest


@dataclass(frozen=True, slots=True)
class CoordinationAcknowledged:
    """The organization that is asked knows."""

    request: CoordinationRequest


@dataclass(frozen=True, slots=True)
class CoordinationAccepted:
    """It will help, by its own word or by direction."""

    request: CoordinationRequest


@dataclass(frozen=True, slots=True)
class CoordinationDeclined:
    """It will not, and says why."""

    request: CoordinationRequest


@dataclass(frozen=True, slots=True)
class CoordinationCompleted:
    """It has helped."""

    request: CoordinationRequest


@dataclass(frozen=True, slots=True)
class CoordinationWithdrawn:
    """It is not needed any more."""

    request: CoordinationRequest


@dataclass(frozen=True, slots=True)
class CoordinationEscalated:
    """The common superior is asked to direct it."""

    request: CoordinationRequest


@dataclass(frozen=True, slots=True)
class CoordinationDirected:
    """The common superior has spoken."""

    request: CoordinationRequest


CoordinationEvent = (
    CoordinationRequested
    | CoordinationAcknowledged
    | CoordinationAccepted
    | CoordinationDeclined
    | CoordinationCompleted
    | CoordinationWithdrawn
    | CoordinationEscalated
    | CoordinationDirected
)


def coordination_parties(request: CoordinationRequest) -> tuple[str, ...]:
    """Who asks, who is asked, and the superior who directs: they see it wherever they are."""
    named = [request.from_organization, request.to_organization, request.escalated_to]
    return tuple(dict.fromkeys(one for one in named if one is not None))

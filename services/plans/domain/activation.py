"""An activation: one plan version put in force, or proposed, at a response level."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from services.plans.domain import proposal
from services.plans.domain.content import NOTHING, Content
from services.plans.domain.evaluation import Cause, CauseKind, ConditionResult
from services.plans.domain.prevention import Lead
from services.plans.domain.proposal import Proposal
from vocabulary import Mode, ResponseLevel

ActivationId = NewType("ActivationId", str)


class ActivationState(StrEnum):
    """PROPOSED waits for a signature with nothing in force; DECLINED and ENDED are final."""

    PROPOSED = "PROPOSED"
    IN_FORCE = "IN_FORCE"
    DECLINED = "DECLINED"
    ENDED = "ENDED"


class Because(StrEnum):
    """Why a level changed."""

    CONDITIONS_MET = "CONDITIONS_MET"
    HOLD_DOWN_PASSED = "HOLD_DOWN_PASSED"
    SIGNED = "SIGNED"
    DECIDED_BY_PERSON = "DECIDED_BY_PERSON"
    EXERCISE_OVER = "EXERCISE_OVER"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why: every condition with its values, from the evaluation record of that id."""

    level: ResponseLevel | None
    conditions: tuple[ConditionResult, ...]
    as_of: datetime
    evaluation_id: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decided: organization and post, never a person's name; `override` names whose it is."""

    by: str
    reason: str | None
    override: str | None = None


@dataclass(frozen=True, slots=True)
class LevelChange:
    """One change of the level in force; `by` None when the plan's own rule made it."""

    from_level: ResponseLevel | None
    to_level: ResponseLevel | None
    at: datetime
    because: Because
    evaluation_id: str
    by: str | None = None
    reason: str | None = None
    override: str | None = None


@dataclass(frozen=True, slots=True)
class Activation:
    """One plan version in force for one jurisdiction and mode.

    `level` None: nothing in force. `proposed_level` set: a person must sign. `set_by_person` is a
    level that a person chose beyond what conditions gave: no rule lowers it. The two `slack_since`
    tell since when conditions have certainly given less than the level, and than the proposal.
    `weighed` names the signals, warnings, incidents and activations that led to it or were answered
    by it, `incidents` those that anything it says rests on: it is sealed while one of them is.
    `preventive`: in force before any incident of its type in its area was declared; `lead` says by
    how much once one is.
    """

    id: ActivationId
    plan_id: str
    plan_version: str
    plan_title_zh: str
    plan_title_en: str
    emergency_type: str
    jurisdiction: str
    organization_id: str
    mode: Mode
    state: ActivationState
    cause: Cause
    explanation: Explanation
    created_at: datetime
    level: ResponseLevel | None = None
    proposed_level: ResponseLevel | None = None
    incident_id: str | None = None
    content: Content = NOTHING
    proposed_content: Content = NOTHING
    proposed_at: datetime | None = None
    sign_before: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    set_by_person: ResponseLevel | None = None
    slack_since: datetime | None = None
    proposal_slack_since: datetime | None = None
    history: tuple[LevelChange, ...] = ()
    weighed: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    exercise_id: str | None = None
    preventive: bool = False
    lead: Lead | None = None
    version: int = 0

    @property
    def proposal(self) -> Proposal | None:
        """What waits for a signature, if anything does."""
        level = self.proposed_level
        if level is None:
            return None
        return Proposal(
            level=level,
            proposed_at=self.proposed_at,
            sign_before=self.sign_before,
            reasons=proposal.reasons(level, self.explanation.conditions),
            content=self.proposed_content,
            whom_to_call=proposal.calls(self.proposed_content, self.jurisdiction),
        )

    @property
    def is_open(self) -> bool:
        """Whether it is in force or waits for a signature."""
        return self.state in (ActivationState.PROPOSED, ActivationState.IN_FORCE)


@dataclass(frozen=True, slots=True)
class ActivationProposed:
    """A level waits for a signature; the activation's content is that of the level proposed."""

    activation: Activation


@dataclass(frozen=True, slots=True)
class ActivationStarted:
    """A level is in force where none was."""

    activation: Activation


@dataclass(frozen=True, slots=True)
class ActivationRaised:
    """A more severe level is in force."""

    activation: Activation
    from_level: ResponseLevel


@dataclass(frozen=True, slots=True)
class ActivationLowered:
    """A less severe level is in force."""

    activation: Activation
    from_level: ResponseLevel


@dataclass(frozen=True, slots=True)
class ActivationMaintained:
    """Something new was weighed and what is in force, or proposed, stands."""

    activation: Activation


@dataclass(frozen=True, slots=True)
class ActivationDeclined:
    """A person declined what was proposed."""

    activation: Activation


@dataclass(frozen=True, slots=True)
class ActivationEnded:
    """Nothing is in force or proposed any more."""

    activation: Activation


Event = (
    ActivationProposed
    | ActivationStarted
    | ActivationRaised
    | ActivationLowered
    | ActivationMaintained
    | ActivationDeclined
    | ActivationEnded
)


def without_reasons(one: Activation) -> Activation:
    """The activation with its levels and dates, and with nothing that was weighed or computed."""
    return replace(
        one,
        content=NOTHING,
        proposed_content=NOTHING,
        explanation=replace(one.explanation, conditions=()),
        cause=Cause(CauseKind.PERSON, one.decided_by or ""),
        incident_id=None,
        weighed=(),
        incidents=(),
        preventive=False,
        lead=None,
    )


def is_above(level: ResponseLevel | None, other: ResponseLevel | None) -> bool:
    """Whether `level` is more severe than `other`; None stands below every level."""
    return _rank(level) > _rank(other)


def _rank(level: ResponseLevel | None) -> int:
    return level.severity if level is not None else 0

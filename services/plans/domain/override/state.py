"""What an override is: its states, its refusals, what can be told of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from chassis.errors import Conflict, Invalid
from services.plans.domain.activation import Signature
from services.plans.domain.content import DueMeasure
from vocabulary import Mode

OverrideId = NewType("OverrideId", str)


class OverrideState(StrEnum):
    """ASKED waits for an authority; only GRANTED lets the measure pass."""

    ASKED = "ASKED"
    GRANTED = "GRANTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    ENDED = "ENDED"


OPEN_OVERRIDES = (OverrideState.ASKED, OverrideState.GRANTED)


class MeasureNotInActivation(Invalid):
    """The level in force does not have the measure."""

    slug = "measure-not-in-activation"


class OverrideNotNeeded(Conflict):
    """The law does not refuse the measure."""

    slug = "override-not-needed"


class OverrideTooLong(Invalid):
    """An override may not last so long."""

    slug = "override-too-long"


class OverrideNotProvided(Conflict):
    """No rule lets measures be overridden there, or nobody is there who may."""

    slug = "override-not-provided"


class OverrideStands(Conflict):
    """The measure is overridden, or that is asked for, already."""

    slug = "override-stands"


class OverrideDecided(Conflict):
    """The override is not where this decision needs it to be."""

    slug = "override-already-decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A measure passed, or to be passed, against the law's refusal.

    `organization_id` commands and asked; `authorities` may decide, the nearest first. `asker` is
    the account that asked, which never decides. `until` is set once granted: the measure is refused
    again from then on. `rule` bound the time and named who may decide. `incidents` are those that
    the activation rested on: it is sealed with them.
    """

    id: OverrideId
    activation_id: str
    plan_title_zh: str
    plan_title_en: str
    emergency_type: str
    jurisdiction: str
    organization_id: str
    mode: Mode
    incident_id: str | None
    measure: DueMeasure
    minutes: int
    authorities: tuple[str, ...]
    rule: str
    incidents: tuple[str, ...]
    asker: str
    asked_by: str
    asked_at: datetime
    asked_because: str
    state: OverrideState = OverrideState.ASKED
    authority: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_because: str | None = None
    until: datetime | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
    exercise_id: str | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it lets the measure pass, or waits to."""
        return self.state in OPEN_OVERRIDES

    @property
    def seen_by(self) -> tuple[str, ...]:
        """Who asked and who may decide: they see it wherever it is."""
        return (self.organization_id, *self.authorities)


@dataclass(frozen=True, slots=True)
class OverrideAsked:
    """An authority is asked to let a refused measure pass."""

    override: Override


@dataclass(frozen=True, slots=True)
class OverrideGranted:
    """The measure passes until the override's end."""

    override: Override


@dataclass(frozen=True, slots=True)
class OverrideDeclined:
    """The measure stays refused."""

    override: Override


@dataclass(frozen=True, slots=True)
class OverrideExpired:
    """Its time is over: the measure is refused again."""

    override: Override


@dataclass(frozen=True, slots=True)
class OverrideEnded:
    """It is over before its time, or was never decided."""

    override: Override


OverrideEvent = OverrideAsked | OverrideGranted | OverrideDeclined | OverrideExpired | OverrideEnded


@dataclass(frozen=True, slots=True)
class OverrideFigures:
    """How often the law was set aside: asked for, waiting, granted, declined, in force, for how long.

    `minutes` counts the time of those that are over; one in force is not measured yet.
    """

    asked: int
    waiting: int
    granted: int
    declined: int
    in_force: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked for, by whom; `asker` is the account."""

    measure: str
    minutes: int
    by: Signature
    asker: str

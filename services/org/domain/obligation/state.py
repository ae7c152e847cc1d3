"""What an obligation is: its states, its notices, and what can be said of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict
from services.org.domain.limit import ObligationKind, Rung
from vocabulary import Mode


class PostNotTold(Conflict):
    """Only a post that was told can confirm."""

    slug = "post-not-told"


class ObligationNotOpen(Conflict):
    """The obligation is answered or waived."""

    slug = "obligation-not-open"


class NothingToReport(Conflict):
    """The obligation is not answered by a report."""

    slug = "nothing-to-report"


class ObligationState(StrEnum):
    """OVERDUE stays open: it can still be answered, late."""

    OWED = "OWED"
    ANSWERED = "ANSWERED"
    OVERDUE = "OVERDUE"
    WAIVED = "WAIVED"


class Reached(StrEnum):
    """What every view says about people: until someone confirms, nobody has (LINK-7)."""

    NOBODY_TOLD = "NOBODY_TOLD"
    TOLD_NOT_CONFIRMED = "TOLD_NOT_CONFIRMED"
    CONFIRMED = "CONFIRMED"


class SubjectKind(StrEnum):
    """What the clock is on."""

    SIGNAL = "SIGNAL"
    ACTIVATION = "ACTIVATION"
    ORDER = "ORDER"
    TASK = "TASK"
    INCIDENT = "INCIDENT"
    POST = "POST"
    OVERRIDE = "OVERRIDE"
    SITUATION_REPORT = "SITUATION_REPORT"
    COORDINATION_REQUEST = "COORDINATION_REQUEST"


@dataclass(frozen=True, slots=True)
class Subject:
    """The object that the obligation is about."""

    kind: SubjectKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One attempt to reach one post over one channel; `failure` says why it did not arrive."""

    post: str
    organization_id: str
    channel: str
    rung: int
    sent_at: datetime
    delivered_at: datetime | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """Owed by one organization; `key` makes it the only one for its cause.

    `system_was_up` is absent while not known, false when this system was away in the period: then
    lateness counts against nobody (LINK-10). `missing_rungs` are rungs for which no post exists.
    """

    id: str
    version: int = 0
    key: str
    kind: ObligationKind
    state: ObligationState
    owed_by: str
    owed_to: str | None = None
    subject: Subject
    title_zh: str
    title_en: str
    created_at: datetime
    due_at: datetime
    rule: str
    ladder: tuple[Rung, ...]
    notices: tuple[Notice, ...] = ()
    climbed_to: int = -1
    missing_rungs: tuple[int, ...] = ()
    mode: Mode
    exercise_id: str | None = None
    jurisdiction: str
    emergency_type: str | None = None
    incident_id: str | None = None
    activation_id: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    overdue_at: datetime | None = None
    waived_because: str | None = None
    system_was_up: bool | None = None


@dataclass(frozen=True, slots=True)
class ObligationOwed:
    """Somebody owes an answer from now on."""

    obligation: Obligation


@dataclass(frozen=True, slots=True)
class ObligationTold:
    """A post was told, or could not be told (see the notice's failure)."""

    obligation: Obligation
    notice: Notice


@dataclass(frozen=True, slots=True)
class ObligationConfirmed:
    """A post confirmed that it knows."""

    obligation: Obligation
    notice: Notice


@dataclass(frozen=True, slots=True)
class ObligationAnswered:
    """What was owed happened."""

    obligation: Obligation


@dataclass(frozen=True, slots=True)
class ObligationOverdue:
    """What was owed did not happen in time; raised once, with its true due time."""

    obligation: Obligation


@dataclass(frozen=True, slots=True)
class ObligationWaived:
    """What was owed is not owed any more."""

    obligation: Obligation
    reason: str

"""How one step of a plan went, once: what org said of its task, or an evaluator of a talk (PLAN-7, PLAN-8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.plans.domain.activation import Activation
from vocabulary import Mode, ResponseLevel


class Outcome(StrEnum):
    """EXCUSED: the system could not tell or be told in the time allowed (LINK-10).

    OUTSIDE: the one accountable takes no part in the exercise. NOT_DUE: taken back, or still open,
    before its time was up. NOT_ASKED: the plan has the step and nothing asked for it.
    """

    ON_TIME = "ON_TIME"
    LATE = "LATE"
    NOT_DONE = "NOT_DONE"
    EXCUSED = "EXCUSED"
    NOT_DUE = "NOT_DUE"
    OUTSIDE = "OUTSIDE"
    NOT_ASKED = "NOT_ASKED"


_FINISHED = frozenset({"DONE", "DECLINED", "CANCELLED"})
COUNTED = frozenset({Outcome.ON_TIME, Outcome.LATE, Outcome.NOT_DONE})


class Source(StrEnum):
    """Who says so."""

    SYSTEM = "SYSTEM"
    EVALUATOR = "EVALUATOR"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One step asked for once, under one plan version; `id` is that of its task in org.

    `organization_id` None: nobody holds the function. `ended_at` is when it was declined or taken
    back. `system_was_up` False: for part of the time allowed nobody could tell or be told.
    """

    id: str
    plan_id: str
    plan_version: str
    step: str
    level: ResponseLevel | None
    jurisdiction: str
    mode: Mode
    activation_id: str | None
    exercise_id: str | None
    organization_id: str | None
    owed_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None = None
    done_at: datetime | None = None
    ended_at: datetime | None = None
    declined: bool = False
    system_was_up: bool | None = None
    source: Source = Source.SYSTEM
    note: str | None = None
    incidents: tuple[str, ...] = ()
    version: int = 0

    @property
    def minutes(self) -> float | None:
        """How long it took from being owed to being done."""
        if self.done_at is None:
            return None
        return (self.done_at - self.owed_at) / timedelta(minutes=1)

    @property
    def allowed_minutes(self) -> float:
        """The time that the plan allows."""
        return (self.due_at - self.owed_at) / timedelta(minutes=1)

    def outcome(self, as_of: datetime) -> Outcome:
        """How it went, as known at `as_of`."""
        if self.done_at is not None and self.done_at <= self.due_at:
            return Outcome.ON_TIME
        ended = min(self.ended_at or as_of, as_of)
        if self.done_at is None and not self.declined and ended < self.due_at:
            return Outcome.NOT_DUE
        if self.system_was_up is False and not self.declined:
            return Outcome.EXCUSED
        return Outcome.LATE if self.done_at is not None else Outcome.NOT_DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardTask:
    """A task as org last said it, at `as_of`."""

    id: str
    activation_id: str
    exercise_id: str | None
    step: str
    level: ResponseLevel | None
    jurisdiction: str
    mode: Mode
    organization_id: str | None
    status: str
    owed_at: datetime | None
    due_at: datetime
    acknowledged_at: datetime | None
    finished_at: datetime | None
    system_was_up: bool | None
    as_of: datetime


def step_record(heard: HeardTask, kept: StepRecord | None, activation: Activation) -> StepRecord:
    """The record of the task as last heard, under the plan version that asked for the step.

    It is sealed with the incidents that the activation rests on.
    """
    owed_at = heard.owed_at or (kept.owed_at if kept else heard.as_of)
    finished_at = heard.finished_at or (heard.as_of if heard.status in _FINISHED else None)
    return StepRecord(
        id=heard.id,
        plan_id=activation.plan_id,
        plan_version=activation.plan_version,
        incidents=activation.incidents,
        step=heard.step,
        level=heard.level,
        jurisdiction=heard.jurisdiction,
        mode=heard.mode,
        activation_id=heard.activation_id,
        exercise_id=heard.exercise_id,
        organization_id=heard.organization_id,
        owed_at=owed_at,
        due_at=heard.due_at,
        acknowledged_at=heard.acknowledged_at,
        done_at=finished_at if heard.status == "DONE" else None,
        ended_at=finished_at if heard.status in ("DECLINED", "CANCELLED") else None,
        declined=heard.status == "DECLINED",
        system_was_up=heard.system_was_up,
        version=kept.version if kept else 0,
    )

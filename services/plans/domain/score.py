"""How an exercise went, step by step against the version exercised: figures and nothing else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.plans.domain.exercise import Exercise
from services.plans.domain.hand_off import HandOff
from services.plans.domain.inject import Inject
from services.plans.domain.measure_record import MeasureRecord
from services.plans.domain.plan import Measure, Plan, Step
from services.plans.domain.step_record import COUNTED, Outcome, StepRecord
from vocabulary import ResponseLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class StepScore:
    """One step: how it went, in minutes from being owed; None where there is nothing to tell."""

    plan_id: str
    plan_version: str
    step: str
    title_zh: str
    title_en: str
    level: ResponseLevel | None
    organization_id: str | None
    outcome: Outcome
    allowed_minutes: float | None
    minutes: float | None
    acknowledged_minutes: float | None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureScore:
    """One measure: whether it was ordered, and which of its addressees carried it out."""

    code: str
    text_zh: str
    text_en: str
    ordered_at: datetime | None
    carried_out_at: datetime | None
    addressees: tuple[str, ...]
    done_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOffScore:
    """One hand-off: from whom, to whom, and in what time it was answered."""

    kind: str
    owed_by: str
    owed_to: str | None
    outcome: Outcome
    allowed_minutes: float
    minutes: float | None
    confirmed_minutes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The figures of one exercise as known at `as_of`; rates are 0-1, None where nothing counts.

    On-time rates are of what was done in time, late or not at all; what is excused, not due,
    outside or never asked for counts for nobody.
    """

    exercise_id: str
    as_of: datetime
    steps: tuple[StepScore, ...]
    measures: tuple[MeasureScore, ...]
    hand_offs: tuple[HandOffScore, ...]
    steps_by_outcome: Mapping[Outcome, int]
    steps_on_time_rate: float | None
    measures_ordered: int
    measures_carried_out: int
    hand_offs_on_time_rate: float | None
    injects: int
    injects_delivered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """Everything that is kept of an exercise."""

    exercise: Exercise
    plan: Plan
    injects: tuple[Inject, ...]
    steps: tuple[StepRecord, ...]
    measures: tuple[MeasureRecord, ...]
    hand_offs: tuple[HandOff, ...]


def score(played: Played, now: datetime) -> Score:
    """The figures of what was played, as of the exercise's end once it has one."""
    as_of = played.exercise.ended_at or now
    steps = tuple(_steps(played, as_of))
    measures = tuple(_measures(played))
    hand_offs = tuple(_hand_off(one, played.exercise, as_of=as_of) for one in played.hand_offs)
    return Score(
        exercise_id=played.exercise.id,
        as_of=as_of,
        steps=steps,
        measures=measures,
        hand_offs=hand_offs,
        steps_by_outcome=dict(Counter(one.outcome for one in steps)),
        steps_on_time_rate=on_time_rate([one.outcome for one in steps]),
        measures_ordered=sum(one.ordered_at is not None for one in measures),
        measures_carried_out=sum(one.carried_out_at is not None for one in measures),
        hand_offs_on_time_rate=on_time_rate([one.outcome for one in hand_offs]),
        injects=len(played.injects),
        injects_delivered=sum(one.delivered_at is not None for one in played.injects),
    )


def on_time_rate(outcomes: Sequence[Outcome]) -> float | None:
    """Which share of what counts was on time."""
    counted = [one for one in outcomes if one in COUNTED]
    return sum(one is Outcome.ON_TIME for one in counted) / len(counted) if counted else None


def steps_of(plan: Plan) -> dict[str, Step]:
    """Every step of the version by id, the most severe level's wording first."""
    return {one.id: one for level in reversed(plan.levels) for one in level.steps}


def measures_of(plan: Plan) -> dict[str, Measure]:
    """Every measure of the version by code."""
    return {one.code: one for level in reversed(plan.levels) for one in level.measures}


def _steps(played: Played, as_of: datetime) -> Iterable[StepScore]:
    known = steps_of(played.plan)
    told = sorted(played.steps, key=lambda one: (one.owed_at, one.due_at, one.step, one.id))
    for one in told:
        yield _step(one, known.get(one.step), played=played, as_of=as_of)
    exercised = (played.exercise.plan_id, played.exercise.plan_version)
    asked = {one.step for one in told if (one.plan_id, one.plan_version) == exercised}
    for step in known.values():
        if step.id not in asked:
            yield _not_asked(step, played.plan)


def _step(one: StepRecord, step: Step | None, *, played: Played, as_of: datetime) -> StepScore:
    own = one.plan_id == played.exercise.plan_id
    outside = one.organization_id not in (None, *played.exercise.participants)
    acknowledged = one.acknowledged_at
    return StepScore(
        plan_id=one.plan_id,
        plan_version=one.plan_version,
        step=one.step,
        title_zh=step.title_zh if step and own else one.step,
        title_en=step.title_en if step and own else one.step,
        level=one.level,
        organization_id=one.organization_id,
        outcome=Outcome.OUTSIDE if outside else one.outcome(as_of),
        allowed_minutes=one.allowed_minutes,
        minutes=one.minutes,
        acknowledged_minutes=(acknowledged - one.owed_at).total_seconds() / 60
        if acknowledged
        else None,
        note=one.note,
    )


def _not_asked(step: Step, plan: Plan) -> StepScore:
    return StepScore(
        plan_id=plan.plan_id,
        plan_version=plan.plan_version,
        step=step.id,
        title_zh=step.title_zh,
        title_en=step.title_en,
        level=None,
        organization_id=None,
        outcome=Outcome.NOT_ASKED,
        allowed_minutes=float(step.time_limit_minutes),
        minutes=None,
        acknowledged_minutes=None,
    )


def _measures(played: Played) -> Iterable[MeasureScore]:
    known = measures_of(played.plan)
    for one in sorted(played.measures, key=lambda one: (one.ordered_at, one.id)):
        measure = known.get(one.code)
        yield MeasureScore(
            code=one.code,
            text_zh=measure.text_zh if measure else one.code,
            text_en=measure.text_en if measure else one.code,
            ordered_at=one.ordered_at,
            carried_out_at=one.carried_out_at,
            addressees=one.addressees,
            done_by=one.done_by,
        )
    ordered = {one.code for one in played.measures}
    for code, measure in known.items():
        if code not in ordered:
            yield MeasureScore(
                code=code,
                text_zh=measure.text_zh,
                text_en=measure.text_en,
                ordered_at=None,
                carried_out_at=None,
                addressees=(),
                done_by=(),
            )


def _hand_off(one: HandOff, exercise: Exercise, *, as_of: datetime) -> HandOffScore:
    outside = one.owed_by not in exercise.participants
    confirmed = one.confirmed_at
    return HandOffScore(
        kind=one.kind,
        owed_by=one.owed_by,
        owed_to=one.owed_to,
        outcome=Outcome.OUTSIDE if outside else one.outcome(as_of),
        allowed_minutes=(one.due_at - one.owed_at).total_seconds() / 60,
        minutes=one.minutes,
        confirmed_minutes=(confirmed - one.owed_at).total_seconds() / 60 if confirmed else None,
    )

"""What responses and exercises say of one place of a plan, in figures (PLAN-8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import floor, sqrt
from statistics import NormalDist

from services.plans.domain.activation import Activation, Because, LevelChange, is_above
from services.plans.domain.evaluation import Evaluation, Outcome
from services.plans.domain.exercise import Exercise, ExerciseState
from services.plans.domain.measure_record import MeasureRecord
from services.plans.domain.step_record import COUNTED, StepRecord
from services.plans.domain.step_record import Outcome as StepOutcome
from vocabulary import Mode, ResponseLevel

_GIVEN = frozenset({Outcome.STARTED, Outcome.RAISED, Outcome.PROPOSED})


class CorrectionKind(StrEnum):
    """How a person set right what conditions gave, or had not given yet."""

    DECLINED = "DECLINED"
    SIGNED_LOWER = "SIGNED_LOWER"
    OVERRIDDEN = "OVERRIDDEN"
    RAISED_BY_HAND = "RAISED_BY_HAND"


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision of a person against the conditions of a level."""

    kind: CorrectionKind
    level: ResponseLevel
    at: datetime
    activation_id: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something was asked for (`n`), and which share of that went as planned.

    `low` and `high` are its Wilson interval; all three None without a case.
    """

    n: int
    as_planned: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How a place of a plan went, and in which cases.

    Minutes are of what was done, median and 90th percentile, None where nothing was.
    """

    rate: Rate
    median_minutes: float | None = None
    p90_minutes: float | None = None
    late: int = 0
    not_done: int = 0
    excused: int = 0
    real: int = 0
    activations: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()


def rate(as_planned: int, n: int, confidence: float) -> Rate:
    """The rate with the interval in which it lies with that confidence."""
    if n == 0:
        return Rate(0, 0, None, None, None)
    low, high = wilson(as_planned, n, confidence)
    return Rate(n, as_planned, as_planned / n, low, high)


def wilson(as_planned: int, n: int, confidence: float) -> tuple[float, float]:
    """The interval in which the rate lies with that confidence.

    Source: Wilson 1927; it keeps its promise for small n and for 0 of n, where others do not.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = as_planned / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / n + spread / (4 * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value below which that share lies, between neighbours in proportion; None of nothing."""
    if not values:
        return None
    ranked = sorted(values)
    place = share * (len(ranked) - 1)
    below = floor(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (ranked[above] - ranked[below]) * (place - below)


def tells(mode: Mode, exercise_id: str | None, exercises: Mapping[str, Exercise]) -> bool:
    """Whether a case says something of the plan: real, or of an exercise played to its end."""
    if mode is Mode.REAL:
        return True
    exercise = exercises.get(exercise_id or "")
    return exercise is not None and exercise.state is ExerciseState.COMPLETED


def step_evidence(
    records: Iterable[StepRecord],
    exercises: Mapping[str, Exercise],
    *,
    confidence: float,
    now: datetime,
) -> Evidence:
    """What the records of one step say: on time, late, not done; what is excused counts not."""
    told = [
        (one, one.outcome(_as_of(one, exercises, now)))
        for one in records
        if tells(one.mode, one.exercise_id, exercises) and _is_played(one, exercises)
    ]
    counted = [(one, outcome) for one, outcome in told if outcome in COUNTED]
    outcomes = [outcome for _, outcome in counted]
    minutes = [one.minutes for one, _ in counted if one.minutes is not None]
    return Evidence(
        rate=rate(outcomes.count(StepOutcome.ON_TIME), len(outcomes), confidence),
        median_minutes=quantile(minutes, 0.5),
        p90_minutes=quantile(minutes, 0.9),
        late=outcomes.count(StepOutcome.LATE),
        not_done=outcomes.count(StepOutcome.NOT_DONE),
        excused=sum(outcome is StepOutcome.EXCUSED for _, outcome in told),
        real=sum(one.mode is Mode.REAL for one, _ in counted),
        activations=_distinct(one.activation_id for one, _ in counted),
        exercises=_distinct(one.exercise_id for one, _ in counted),
    )


def measure_evidence(
    records: Iterable[MeasureRecord],
    exercises: Mapping[str, Exercise],
    *,
    confidence: float,
    now: datetime,
) -> Evidence:
    """What the records of one measure say: ordered, and carried out by all before it ended.

    One that is still in force and not carried out counts not yet.
    """
    counted = [
        one
        for one in records
        if tells(one.mode, one.exercise_id, exercises)
        and (one.is_carried_out or _is_over(one, exercises, now))
    ]
    done = [one for one in counted if one.is_carried_out]
    minutes = [
        (one.carried_out_at - one.ordered_at).total_seconds() / 60
        for one in done
        if one.carried_out_at is not None
    ]
    return Evidence(
        rate=rate(len(done), len(counted), confidence),
        median_minutes=quantile(minutes, 0.5),
        p90_minutes=quantile(minutes, 0.9),
        not_done=len(counted) - len(done),
        real=sum(one.mode is Mode.REAL for one in counted),
        activations=_distinct(one.activation_id for one in counted),
        exercises=_distinct(one.exercise_id for one in counted),
    )


def condition_evidence(
    level: ResponseLevel,
    evaluations: Iterable[Evaluation],
    activations: Mapping[str, Activation],
    *,
    confidence: float,
) -> Evidence:
    """What people made of a level's conditions: of the times that it was given, the uncorrected.

    A level raised by hand before its conditions gave it is one more time, not as planned.
    """
    told = list(evaluations)
    found = [one for one in corrections(told, activations) if one.level is level]
    given = [
        one
        for one in told
        if one.decided_by is None and one.findings.given is level and _GIVEN & {*one.outcomes}
    ]
    missed = sum(one.kind is CorrectionKind.RAISED_BY_HAND for one in found)
    n = max(len(given) + missed, len(found))
    concerned = [one.activation_id for one in given] + [one.activation_id for one in found]
    played = [activations[one] for one in _distinct(concerned) if one in activations]
    return Evidence(
        rate=rate(n - len(found), n, confidence),
        real=sum(one.mode is Mode.REAL for one in played),
        activations=_distinct(concerned),
        exercises=_distinct(one.exercise_id for one in played),
        corrections=tuple(sorted(found, key=lambda one: (one.at, one.kind))),
    )


def corrections(
    evaluations: Iterable[Evaluation], activations: Mapping[str, Activation]
) -> list[Correction]:
    """Every decision of a person against what conditions gave at that moment."""
    found = []
    for one in evaluations:
        activation = activations.get(one.activation_id or "")
        if one.decided_by is None or activation is None:
            continue
        change = next((each for each in activation.history if each.evaluation_id == one.id), None)
        what = _against(one, change)
        if what is not None:
            kind, level = what
            own = activation.reason if activation.decided_at == one.at else None
            reason = change.reason if change else own
            found.append(Correction(kind, level, one.at, one.activation_id, reason))
    return found


def _against(
    one: Evaluation, change: LevelChange | None
) -> tuple[CorrectionKind, ResponseLevel] | None:
    given = one.findings.given
    if Outcome.DECLINED in one.outcomes and given is not None:
        return CorrectionKind.DECLINED, given
    if change is None:
        return None
    if change.override is not None and change.from_level is not None:
        return CorrectionKind.OVERRIDDEN, change.from_level
    if change.because is Because.SIGNED and given is not None and is_above(given, change.to_level):
        return CorrectionKind.SIGNED_LOWER, given
    by_hand = change.because is Because.DECIDED_BY_PERSON
    if by_hand and change.to_level is not None and is_above(change.to_level, change.from_level):
        early = is_above(change.to_level, given)
        return (CorrectionKind.RAISED_BY_HAND, change.to_level) if early else None
    return None


def _as_of(one: StepRecord, exercises: Mapping[str, Exercise], now: datetime) -> datetime:
    exercise = exercises.get(one.exercise_id or "")
    return exercise.ended_at if exercise and exercise.ended_at else now


def _is_played(one: StepRecord, exercises: Mapping[str, Exercise]) -> bool:
    """Whether who was accountable took part, where it was an exercise."""
    exercise = exercises.get(one.exercise_id or "")
    return exercise is None or one.organization_id in (None, *exercise.participants)


def _is_over(one: MeasureRecord, exercises: Mapping[str, Exercise], now: datetime) -> bool:
    exercise = exercises.get(one.exercise_id or "")
    ends = [one.ended_at, exercise.ended_at if exercise else None]
    return any(end is not None and end <= now for end in ends)


def _distinct(ids: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({one for one in ids if one is not None}))

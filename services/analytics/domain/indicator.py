"""Indicators: sliding windows in event time over samples, and when a change of one is worth telling.

The reading of a jurisdiction at an instant is a function of the samples alone: in whatever order
and in whatever batches they arrive, the same samples give the same reading.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from vocabulary import Comparison, Mode

MICROSECOND = timedelta(microseconds=1)


class Fold(StrEnum):
    """How the samples of one station in a window become one value."""

    SUM = "SUM"
    MAX = "MAX"
    LAST = "LAST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What stations measure, in its own unit; values outside the plausible range are refused."""

    name: str
    unit: str
    minimum: float
    maximum: float
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRule:
    """How one indicator is made of one metric; across stations the highest counts.

    `carry`: how long a station's window stands after its newest sample. `allowed_lateness`: how
    far behind the newest reading a sample may re-open what was published. A change is published
    when it is at least `min_delta` and `min_interval` of event time after the last published one.
    """

    indicator: str
    metric: str
    window: timedelta
    fold: Fold
    carry: timedelta
    allowed_lateness: timedelta
    min_interval: timedelta
    min_delta: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One measured value; a sum's sample is the amount since the sample before it."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class StationWindow:
    """The window of one source that ends with its newest sample."""

    source: str
    as_of: datetime
    value: float
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The value of an indicator for a jurisdiction; `value` None is unknown at `as_of`, never zero.

    `quality` is the share (0-1) of the samples that the registered stations owed; None when no
    registered station measures it. A sum of quality below 1 is a lower bound.
    """

    indicator: str
    jurisdiction: str
    mode: Mode
    value: float | None
    unit: str
    window: timedelta
    quality: float | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class WatchedThreshold:
    """A limit that a published plan decides upon."""

    indicator: str
    jurisdiction: str
    comparison: Comparison
    value: float


@dataclass(frozen=True, slots=True)
class Change:
    """A reading worth telling, and the watched limits whose truth it changed."""

    reading: Reading
    crossed: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator in one jurisdiction: as last evaluated, and as last told."""

    evaluated: Reading | None = None
    published: Reading | None = None


def station_window(
    source: str, samples: Sequence[Sample], rule: IndicatorRule, *, at: datetime
) -> StationWindow | None:
    """The window that ends with the newest of `samples` (in order of time) at or before `at`.

    None when there is none, or when it is older than the rule lets it be carried: unknown.
    """
    end = bisect_right(samples, at, key=_instant)
    if end == 0 or at - samples[end - 1].at > rule.carry:
        return None
    newest = samples[end - 1].at
    start = bisect_right(samples, newest - rule.window, hi=end, key=_instant)
    values = [sample.value for sample in samples[start:end]]
    return StationWindow(source, newest, _fold(rule.fold, values), len(values))


def reading(
    windows: Iterable[StationWindow],
    rule: IndicatorRule,
    *,
    jurisdiction: str,
    mode: Mode,
    at: datetime,
    expected: int | None,
) -> Reading:
    """The reading of a jurisdiction at `at`: the highest of its stations' windows that still stand.

    `expected` is the number of samples owed by its registered stations in one window.
    """
    standing = [window for window in windows if timedelta(0) <= at - window.as_of <= rule.carry]
    arrived = sum(window.samples for window in standing)
    return Reading(
        indicator=rule.indicator,
        jurisdiction=jurisdiction,
        mode=mode,
        value=max((window.value for window in standing), default=None),
        unit=rule.unit,
        window=rule.window,
        quality=min(1.0, arrived / expected) if expected else None,
        as_of=at,
    )


def silent_from(windows: Iterable[StationWindow], rule: IndicatorRule) -> datetime | None:
    """The first instant at which none of the windows stands any more; None when there are none."""
    newest = max((window.as_of for window in windows), default=None)
    return newest + rule.carry + MICROSECOND if newest else None


def reopened(rule: IndicatorRule, *, sample_at: datetime) -> tuple[datetime, datetime]:
    """The instants whose reading a sample can change: from (with) … until (without)."""
    return sample_at, sample_at + rule.window + rule.carry + MICROSECOND


def evaluate(
    indicator: Indicator,
    reading: Reading,
    rule: IndicatorRule,
    *,
    watched: Iterable[WatchedThreshold],
) -> tuple[Indicator, Change | None]:
    """Take the newest reading: the indicator as it is afterwards, and the change to tell, if any.

    A change is told at once when it makes the indicator known or unknown, or when it changes the
    truth of a watched limit since what was told last; otherwise by the rule's delta and interval.
    """
    crossed = crossings(indicator.published, reading, watched=watched)
    evaluated = replace(indicator, evaluated=reading)
    if not _tells(indicator.published, reading, rule, crossed=crossed):
        return evaluated, None
    return replace(evaluated, published=reading), Change(reading, crossed)


def revise(
    told: Reading, reading: Reading, rule: IndicatorRule, *, watched: Iterable[WatchedThreshold]
) -> Change | None:
    """The correction to tell when late data turned what was `told` of an instant into `reading`."""
    crossed = crossings(told, reading, watched=watched)
    if crossed or _differs(told, reading, rule):
        return Change(reading, crossed)
    return None


def due_to_tell(indicator: Indicator, rule: IndicatorRule) -> datetime | None:
    """When a change that was held back only by the interval must be told; None when none is."""
    told, newest = indicator.published, indicator.evaluated
    if told is None or newest is None or not _differs(told, newest, rule):
        return None
    return told.as_of + rule.min_interval


def crossings(
    told: Reading | None, reading: Reading, *, watched: Iterable[WatchedThreshold]
) -> tuple[float, ...]:
    """The watched limits whose truth differs between the two; a limit is not crossed by silence."""
    if reading.value is None:
        return ()
    before = told.value if told else None
    limits = {
        limit.value
        for limit in watched
        if limit.indicator == reading.indicator
        and limit.jurisdiction == reading.jurisdiction
        and limit.comparison.holds(reading.value, limit.value)
        != (before is not None and limit.comparison.holds(before, limit.value))
    }
    return tuple(sorted(limits))


def _instant(sample: Sample) -> datetime:
    return sample.at


def _fold(fold: Fold, values: Sequence[float]) -> float:
    match fold:
        case Fold.SUM:
            return math.fsum(values)  # exact: the same in whatever order the samples came
        case Fold.MAX:
            return max(values)
        case Fold.LAST:
            return values[-1]


def _tells(
    told: Reading | None, reading: Reading, rule: IndicatorRule, *, crossed: Sequence[float]
) -> bool:
    if told is None:
        return reading.value is not None
    if crossed or (told.value is None) != (reading.value is None):
        return True
    return _differs(told, reading, rule) and reading.as_of - told.as_of >= rule.min_interval


def _differs(told: Reading, reading: Reading, rule: IndicatorRule) -> bool:
    if told.value is None or reading.value is None:
        return told.value is not reading.value
    return abs(reading.value - told.value) >= rule.min_delta

"""Indicators: how they are made of metrics, and when a change of one is worth telling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from vocabulary import Comparison, Mode


class Fold(StrEnum):
    """How the samples of one station in a window become one value."""

    SUM = "SUM"
    MAX = "MAX"
    LAST = "LAST"


class Across(StrEnum):
    """How the values of several stations become that of a jurisdiction; a sum is of what is counted."""

    MAX = "MAX"
    SUM = "SUM"


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
    """How one indicator is made of one metric: in a window at a station, then across stations.

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
    across: Across = Across.MAX
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The value of an indicator for a jurisdiction; `value` None is unknown at `as_of`, never zero.

    `quality` is the share (0-1) of the samples that the registered stations owed; None when no
    registered station measures it. A sum, of samples or across stations, of quality below 1 is a
    lower bound.
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
    """A reading worth telling, and the watched limits whose truth it changed.

    `revision` counts how often another value was told before for the same instant.
    """

    reading: Reading
    crossed: tuple[float, ...]
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator in one jurisdiction: as last evaluated, and as last told."""

    evaluated: Reading | None = None
    published: Reading | None = None
    revision: int = 0


def evaluate(
    indicator: Indicator,
    reading: Reading,
    rule: IndicatorRule,
    *,
    watched: Iterable[WatchedThreshold],
) -> tuple[Indicator, Change | None]:
    """Take the newest reading: the indicator as it is afterwards, and the change to tell, if any.

    A change is told at once when it makes the indicator known or unknown, when it corrects what
    was told for the same instant, or when it changes the truth of a watched limit since what was
    told last; otherwise by the rule's delta and interval.
    """
    crossed = crossings(indicator.published, reading, watched=watched)
    evaluated = replace(indicator, evaluated=reading)
    if not _tells(indicator.published, reading, rule, crossed=crossed):
        return evaluated, None
    return _told(evaluated, reading, crossed)


def tell_pending(
    indicator: Indicator,
    rule: IndicatorRule,
    *,
    now: datetime,
    watched: Iterable[WatchedThreshold],
) -> tuple[Indicator, Change | None]:
    """Tell the change that only the interval held back, when the interval has passed by `now`."""
    due = due_to_tell(indicator, rule)
    if due is None or due > now or indicator.evaluated is None:
        return indicator, None
    crossed = crossings(indicator.published, indicator.evaluated, watched=watched)
    return _told(indicator, indicator.evaluated, crossed)


def revise(
    told: Reading,
    reading: Reading,
    rule: IndicatorRule,
    *,
    revision: int,
    watched: Iterable[WatchedThreshold],
) -> Change | None:
    """The correction to tell when late data turned what was `told` of an instant into `reading`.

    `revision` is how often the instant was corrected before.
    """
    crossed = crossings(told, reading, watched=watched)
    if crossed or _differs(told, reading, rule):
        return Change(reading, crossed, revision + 1)
    return None


def to_say(
    indicator: Indicator, changes: Sequence[Change], *, corrections: Sequence[Change] = ()
) -> list[Change]:
    """Of what one transaction changes in an indicator that which other services hear.

    Every crossing of a watched limit, and the newest reading last, so that no correction of the
    past is mistaken for it; what lies between could not be acted upon and stands in the readings.
    `indicator` is as it stands afterwards.
    """
    said = [one for one in (*corrections, *changes[:-1]) if one.crossed]
    if changes:
        return [*said, changes[-1]]
    if said and indicator.published is not None:
        return [*said, Change(indicator.published, (), indicator.revision)]
    return said


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


def _told(
    indicator: Indicator, reading: Reading, crossed: tuple[float, ...]
) -> tuple[Indicator, Change]:
    before = indicator.published
    again = before is not None and before.as_of == reading.as_of
    revision = indicator.revision + 1 if again else 0
    after = replace(indicator, published=reading, revision=revision)
    return after, Change(reading, crossed, revision)


def _tells(
    told: Reading | None, reading: Reading, rule: IndicatorRule, *, crossed: Sequence[float]
) -> bool:
    if told is None:
        return reading.value is not None
    if crossed or (told.value is None) != (reading.value is None):
        return True
    apart = reading.as_of - told.as_of
    return _differs(told, reading, rule) and (not apart or apart >= rule.min_interval)


def _differs(told: Reading, reading: Reading, rule: IndicatorRule) -> bool:
    if told.value is None or reading.value is None:
        return told.value is not reading.value
    return abs(reading.value - told.value) >= rule.min_delta

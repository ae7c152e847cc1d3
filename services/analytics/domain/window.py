"""Sliding windows in event time: what the samples of stations say about a jurisdiction at an instant.

The reading of a jurisdiction at an instant is a function of the samples alone: in whatever order
and in whatever batches they arrive, the same samples give the same reading.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.analytics.domain.indicator import (
    Change,
    Fold,
    Indicator,
    IndicatorRule,
    Reading,
    WatchedThreshold,
    evaluate,
)
from services.analytics.domain.station import Station, expected_samples
from vocabulary import Mode, is_within

MICROSECOND = timedelta(microseconds=1)


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
class Scene:
    """What is known of one metric in one jurisdiction.

    `samples` (in order of time) of the sources that are looked at closely, and of every other
    source its newest `windows` by indicator; `stations` are the registered ones.
    """

    mode: Mode
    jurisdiction: str
    samples: Mapping[str, Sequence[Sample]]
    windows: Mapping[str, Sequence[StationWindow]]
    stations: Sequence[Station]

    def reading(self, rule: IndicatorRule, *, at: datetime) -> Reading:
        """The reading at `at`: the highest of the stations' windows that still stand."""
        close = (
            station_window(source, samples, rule, at=at) for source, samples in self.samples.items()
        )
        others = self.windows.get(rule.indicator, ())
        return combine(
            [*others, *(window for window in close if window is not None)],
            rule,
            jurisdiction=self.jurisdiction,
            mode=self.mode,
            at=at,
            expected=self._expected(rule),
        )

    def _expected(self, rule: IndicatorRule) -> int | None:
        return expected_samples(self.stations, rule.metric, window=rule.window)


def scene(
    jurisdiction: str,
    *,
    mode: Mode,
    homes: Mapping[str, str],
    samples: Mapping[str, Sequence[Sample]],
    windows: Mapping[str, Sequence[StationWindow]],
    stations: Sequence[Station],
) -> Scene:
    """The part of what is known that lies within `jurisdiction`; `homes` says where a source is."""
    inside = {source for source, home in homes.items() if is_within(home, jurisdiction)}
    return Scene(
        mode=mode,
        jurisdiction=jurisdiction,
        samples={source: found for source, found in samples.items() if source in inside},
        windows={
            indicator: [one for one in found if one.source in inside and one.source not in samples]
            for indicator, found in windows.items()
        },
        stations=[one for one in stations if is_within(one.jurisdiction, jurisdiction)],
    )


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


def combine(
    windows: Iterable[StationWindow],
    rule: IndicatorRule,
    *,
    jurisdiction: str,
    mode: Mode,
    at: datetime,
    expected: int | None,
) -> Reading:
    """The reading of a jurisdiction at `at`, made of the windows that still stand then.

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


def silent_from(reading: Reading, rule: IndicatorRule) -> datetime:
    """The first instant at which a reading no longer stands, if nothing more is heard."""
    return reading.as_of + rule.carry + MICROSECOND


def reopened(rule: IndicatorRule, *, sample_at: datetime) -> tuple[datetime, datetime]:
    """The instants whose reading a sample can change: from (with) … until (without)."""
    return sample_at, sample_at + rule.window + rule.carry + MICROSECOND


def advance(
    indicator: Indicator,
    scene: Scene,
    rule: IndicatorRule,
    *,
    instants: Iterable[datetime],
    watched: Sequence[WatchedThreshold],
) -> tuple[Indicator, tuple[Reading, ...], tuple[Change, ...]]:
    """Follow the samples of these instants, in order of event time.

    Returns the indicator afterwards, the readings it passed through, and the changes to tell. An
    instant before the newest reading does not move it back: the newest reading is made again.
    """
    newest = indicator.evaluated.as_of if indicator.evaluated else None
    ordered = sorted({at if newest is None else max(at, newest) for at in instants})
    readings = []
    changes = []
    for at in ordered:
        reading = scene.reading(rule, at=at)
        indicator, change = evaluate(indicator, reading, rule, watched=watched)
        readings.append(reading)
        if change is not None:
            changes.append(change)
    return indicator, tuple(readings), tuple(changes)


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

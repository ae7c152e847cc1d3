"""Sliding windows in event time: what the samples of stations say about a jurisdiction at an instant.

The reading of a jurisdiction at an instant is a function of the samples alone: in whatever order
and in whatever batches they arrive, the same samples give the same reading.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

import msgspec

from services.analytics.domain.indicator import (
    Across,
    Change,
    Fold,
    Indicator,
    IndicatorRule,
    Reading,
    WatchedThreshold,
    evaluate,
)
from services.analytics.domain.jurisdiction import chain
from services.analytics.domain.station import Station, expected_samples
from vocabulary import Mode

MICROSECOND = timedelta(microseconds=1)


class Sample(msgspec.Struct, frozen=True, gc=False):  # made by the ten thousand: 5 × a dataclass
    """One measured value; a sum's sample is the amount since the sample before it."""

    at: datetime
    value: float


class StationWindow(msgspec.Struct, frozen=True, gc=False):
    """The window of one source that ends with one of its samples."""

    source: str
    as_of: datetime
    value: float
    samples: int


Track: TypeAlias = Sequence[StationWindow]  # of one source, in order of time


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is known of one metric in one jurisdiction.

    `tracks` are its sources' windows by indicator, `expected` the samples that its registered
    stations owe per window, None when none measures the metric.
    """

    mode: Mode
    jurisdiction: str
    tracks: Mapping[str, Sequence[Track]]
    expected: Mapping[str, int | None]

    def reading(self, rule: IndicatorRule, *, at: datetime) -> Reading:
        """The reading at `at`: of the stations' windows that still stand, as the rule joins them."""
        standings = (standing(track, rule, at=at) for track in self.tracks[rule.indicator])
        return combine(
            [window for window in standings if window is not None],
            rule,
            jurisdiction=self.jurisdiction,
            mode=self.mode,
            at=at,
            expected=self.expected[rule.indicator],
        )


def scene(
    jurisdiction: str,
    rules: Iterable[IndicatorRule],
    *,
    mode: Mode,
    homes: Mapping[str, str],
    tracks: Mapping[str, Mapping[str, Track]],
    stations: Sequence[Station],
) -> Scene:
    """The part of what is known that lies within `jurisdiction`.

    `tracks` are by indicator and source; `homes` says in which jurisdiction a source is.
    """
    inside = [source for source, home in homes.items() if jurisdiction in chain(home)]
    registered = [one for one in stations if jurisdiction in chain(one.jurisdiction)]
    made = tuple(rules)
    return Scene(
        mode=mode,
        jurisdiction=jurisdiction,
        tracks={
            rule.indicator: [
                tracks[rule.indicator][source]
                for source in inside
                if source in tracks[rule.indicator]
            ]
            for rule in made
        },
        expected={
            rule.indicator: expected_samples(registered, rule.metric, window=rule.window)
            for rule in made
        },
    )


def track(
    source: str, samples: Sequence[Sample], rule: IndicatorRule, *, at: Iterable[datetime]
) -> tuple[StationWindow, ...]:
    """The windows that `standing` needs to answer at each of these instants, and the newest one.

    `samples` are in order of time and reach back a window and a carry before the first instant.
    """
    ends = {bisect_right(samples, instant, key=_at) - 1 for instant in at} | {len(samples) - 1}
    return tuple(_ending_with(end, source, samples, rule) for end in sorted(ends) if end >= 0)


def standing(track: Track, rule: IndicatorRule, *, at: datetime) -> StationWindow | None:
    """The newest window of the track at `at`; None when the rule does not carry it so far.

    None is unknown: the source has not been heard.
    """
    end = bisect_right(track, at, key=_as_of)
    if end == 0 or at - track[end - 1].as_of > rule.carry:
        return None
    return track[end - 1]


def combine(
    windows: Sequence[StationWindow],
    rule: IndicatorRule,
    *,
    jurisdiction: str,
    mode: Mode,
    at: datetime,
    expected: int | None,
) -> Reading:
    """The reading of a jurisdiction, made of the windows that stand at `at`.

    `expected` is the number of samples owed by its registered stations in one window.
    """
    arrived = sum(window.samples for window in windows)
    return Reading(
        indicator=rule.indicator,
        jurisdiction=jurisdiction,
        mode=mode,
        value=_across(rule.across, [window.value for window in windows]),
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


def _ending_with(
    index: int, source: str, samples: Sequence[Sample], rule: IndicatorRule
) -> StationWindow:
    newest = samples[index].at
    start = bisect_right(samples, newest - rule.window, hi=index + 1, key=_at)
    values = [sample.value for sample in samples[start : index + 1]]
    return StationWindow(source, newest, _fold(rule.fold, values), len(values))


def _across(across: Across, values: Sequence[float]) -> float | None:
    if not values:
        return None
    match across:
        case Across.MAX:
            return max(values)
        case Across.SUM:
            return math.fsum(values)
        case _:
            assert_never(across)


def _at(sample: Sample) -> datetime:
    return sample.at


def _as_of(window: StationWindow) -> datetime:
    return window.as_of


def _fold(fold: Fold, values: Sequence[float]) -> float:
    match fold:
        case Fold.SUM:
            return math.fsum(values)  # exact: the same in whatever order the samples came
        case Fold.MAX:
            return max(values)
        case Fold.LAST:
            return values[-1]
        case _:
            assert_never(fold)

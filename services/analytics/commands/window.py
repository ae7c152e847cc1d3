"""What is loaded to make readings of one metric: rules, stations, windows, and what was told before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from chassis.unit_of_work import UnitOfWork
from services.analytics import domain, store
from vocabulary import Mode

Key: TypeAlias = tuple[str, str]  # indicator, jurisdiction
Tracks: TypeAlias = Mapping[str, Mapping[str, domain.Track]]  # by indicator and source


@dataclass(frozen=True, slots=True)
class Metric:
    """Everything that is the same for all readings of one metric in one mode."""

    mode: Mode
    name: str
    rules: tuple[domain.IndicatorRule, ...]
    watched: Sequence[domain.WatchedThreshold]
    stations: Sequence[domain.Station]
    homes: Mapping[str, str]
    newest: Tracks

    def rule(self, indicator: str) -> domain.IndicatorRule:
        """The rule by which the indicator is made."""
        return next(rule for rule in self.rules if rule.indicator == indicator)

    def scene(self, area: str, tracks: Tracks) -> domain.Scene:
        """What is known in `area`: `tracks` where they are given, else each source's newest window."""
        return domain.scene(
            area,
            self.rules,
            mode=self.mode,
            homes=self.homes,
            tracks={name: {**self.newest[name], **tracks.get(name, {})} for name in self.newest},
            stations=self.stations,
        )


async def load_metric(
    uow: UnitOfWork, mode: Mode, name: str, *, homes: Mapping[str, str] | None = None
) -> Metric:
    """The metric, ours alone until the unit of work ends; `homes` are sources seen just now."""
    rules = domain.indicators_in_force(store.indicator_rules(), at=uow.now).by_metric(name)
    names = [rule.indicator for rule in rules]
    await store.lock_metric(uow.db, mode=mode, metric=name)
    newest: dict[str, dict[str, domain.Track]] = {indicator: {} for indicator in names}
    places: dict[str, str] = {}
    rows = await store.windows(uow.db, mode=mode, indicators=names)
    for indicator, jurisdiction, window in rows:
        newest[indicator][window.source] = (window,)
        places[window.source] = jurisdiction
    return Metric(
        mode=mode,
        name=name,
        rules=rules,
        watched=await store.watched_thresholds(uow.db, indicators=names),
        stations=await store.stations_measuring(uow.db, name),
        homes=places | dict(homes or {}),
        newest=newest,
    )


async def load_tracks(
    uow: UnitOfWork, metric: Metric, sources: Iterable[str], *, at: set[datetime]
) -> Tracks:
    """By indicator and source the windows that readings at these instants are made of."""
    reach = max(rule.window + rule.carry for rule in metric.rules)
    samples = await store.samples(
        uow.db, mode=metric.mode, metric=metric.name, sources=set(sources), after=min(at) - reach
    )
    return {
        rule.indicator: {
            source: domain.track(source, history, rule, at=at)
            for source, history in samples.items()
            if history
        }
        for rule in metric.rules
    }


async def keep_newest(uow: UnitOfWork, metric: Metric, tracks: Tracks) -> None:
    """The newest window of every track is the one that later readings begin with."""
    newest = [
        (indicator, metric.homes[source], track[-1])
        for indicator, by_source in tracks.items()
        for source, track in by_source.items()
    ]
    await store.put_windows(uow.db, mode=metric.mode, found=newest)


async def corrections(
    uow: UnitOfWork,
    metric: Metric,
    before: Mapping[Key, domain.Indicator],
    *,
    instants: Mapping[str, set[datetime]],
) -> dict[Key, list[domain.Change]]:
    """What late samples change in readings told before the newest one.

    `instants` are those of the samples just taken, by area. Nothing is loaded when none is late.
    """
    spans = _reopened(metric, before, instants)
    if not spans:
        return {}
    told = await store.told_readings(
        uow.db,
        metric.rules,
        mode=metric.mode,
        jurisdictions={area for _, area in spans},
        since=min(since for since, _ in spans.values()),
    )
    due = [
        (reading, revision)
        for reading, revision in told
        if _within(spans.get((reading.indicator, reading.jurisdiction)), reading.as_of)
    ]
    if not due:
        return {}
    at = {reading.as_of for reading, _ in due}
    tracks = await load_tracks(uow, metric, metric.homes, at=at)
    return _revised(metric, due, tracks)


def _reopened(
    metric: Metric,
    before: Mapping[Key, domain.Indicator],
    instants: Mapping[str, set[datetime]],
) -> dict[Key, tuple[datetime, datetime]]:
    spans: dict[Key, tuple[datetime, datetime]] = {}
    for (name, area), indicator in before.items():
        newest = indicator.evaluated
        if newest is None:
            continue
        rule = metric.rule(name)
        oldest = newest.as_of - rule.allowed_lateness
        late = [at for at in instants[area] if oldest <= at < newest.as_of]
        if late:
            until = domain.reopened(rule, sample_at=max(late))[1]
            spans[name, area] = (min(late), min(until, newest.as_of))
    return spans


def _within(span: tuple[datetime, datetime] | None, instant: datetime) -> bool:
    return span is not None and span[0] <= instant < span[1]


def _revised(
    metric: Metric, due: Sequence[tuple[domain.Reading, int]], tracks: Tracks
) -> dict[Key, list[domain.Change]]:
    scenes = {area: metric.scene(area, tracks) for area in {one.jurisdiction for one, _ in due}}
    found: dict[Key, list[domain.Change]] = defaultdict(list)
    for told, revision in due:
        rule = metric.rule(told.indicator)
        reading = scenes[told.jurisdiction].reading(rule, at=told.as_of)
        change = domain.revise(told, reading, rule, revision=revision, watched=metric.watched)
        if change is not None:
            found[told.indicator, told.jurisdiction].append(change)
    return found

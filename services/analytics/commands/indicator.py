"""Keeping indicators true as samples arrive, late ones too, and as they fail to arrive."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.analytics import domain, events, store
from services.analytics.commands.detection import assess
from vocabulary import Mode


@dataclass(frozen=True, slots=True)
class _Metric:
    """Everything loaded to evaluate one metric in one mode."""

    mode: Mode
    name: str
    rules: tuple[domain.IndicatorRule, ...]
    watched: Sequence[domain.WatchedThreshold]
    stations: Sequence[domain.Station]
    homes: Mapping[str, str]
    newest: Mapping[str, Mapping[str, domain.Track]]

    def scene(self, area: str, tracks: Mapping[str, Mapping[str, domain.Track]]) -> domain.Scene:
        """What is known in `area`: `tracks` where they are given, else each source's newest window."""
        return domain.scene(
            area,
            self.rules,
            mode=self.mode,
            homes=self.homes,
            tracks={name: {**self.newest[name], **tracks.get(name, {})} for name in self.newest},
            stations=self.stations,
        )


async def evaluate(uow: UnitOfWork, observations: Sequence[domain.Observation]) -> None:
    """The indicators that the observations bear on stand as they say, and changes are told.

    Runs in the transaction that took the observations, so an accepted sample is an evaluated one.
    """
    rules = domain.indicators_in_force(store.indicator_rules(), at=uow.now)
    grouped: dict[tuple[Mode, str], list[domain.Observation]] = defaultdict(list)
    for one in observations:
        grouped[one.mode, one.metric].append(one)
    for (mode, name), seen in sorted(grouped.items()):  # in one order, so that locks never cross
        made = rules.by_metric(name)
        if made:
            await _evaluate_metric(uow, mode, made, seen=seen)


async def tell_pending(uow: UnitOfWork, *, mode: Mode, metric: str, jurisdiction: str) -> None:
    """Changes there that only the interval held back are told, if it has passed."""
    found = await _metric(uow, mode, metric)
    states = await store.indicators(
        uow.db, mode=mode, rules=found.rules, jurisdictions=[jurisdiction]
    )
    changes: list[domain.Change] = []
    for rule in found.rules:
        key = (rule.indicator, jurisdiction)
        if key not in states:
            continue
        states[key], change = domain.tell_pending(
            states[key], rule, now=uow.now, watched=found.watched
        )
        if change is not None:
            changes.append(change)
    await _tell(uow, states, changes)
    await _schedule_pending(uow, found, states)


async def note_silence(uow: UnitOfWork, *, mode: Mode, metric: str) -> None:
    """Indicators whose samples have stopped are unknown, and this is told."""
    found = await _metric(uow, mode, metric)
    known = await store.known_indicators(uow.db, mode=mode, rules=found.rules)
    states: dict[tuple[str, str], domain.Indicator] = {}
    changes: list[domain.Change] = []
    readings: list[domain.Reading] = []
    for rule in found.rules:
        for (name, jurisdiction), indicator in known.items():
            at = _silent_at(indicator, rule)
            if name != rule.indicator or at is None or at > uow.now:
                continue
            scene = found.scene(jurisdiction, {})
            after, seen, told = domain.advance(
                indicator, scene, rule, instants=[at], watched=found.watched
            )
            states[name, jurisdiction] = after
            readings += seen
            changes += told
    await _tell(uow, states, changes)
    await assess(uow, readings)
    await _schedule_silence(uow, found, known | states)


async def _evaluate_metric(
    uow: UnitOfWork,
    mode: Mode,
    rules: tuple[domain.IndicatorRule, ...],
    *,
    seen: Sequence[domain.Observation],
) -> None:
    found = await _metric(uow, mode, seen[0].metric, homes={o.source: o.jurisdiction for o in seen})
    areas = sorted({area for one in seen for area in domain.chain(one.jurisdiction)})
    before = await store.indicators(uow.db, mode=mode, rules=rules, jurisdictions=areas)
    made_at = _instants(seen, before, complete=len(before) == len(areas) * len(rules))
    tracks = await _tracks(uow, found, {one.source for one in seen}, at=made_at)
    await store.put_windows(uow.db, mode=mode, found=_newest(found, tracks))

    states: dict[tuple[str, str], domain.Indicator] = {}
    changes: list[domain.Change] = []
    readings: list[domain.Reading] = []
    for area in areas:
        scene = found.scene(area, tracks)
        instants = {one.observed_at for one in seen if area in domain.chain(one.jurisdiction)}
        for rule in rules:
            key = (rule.indicator, area)
            indicator = before.get(key, domain.Indicator())
            corrections = await _corrections(uow, found, rule, indicator, area, instants)
            states[key], passed, told = domain.advance(
                indicator, scene, rule, instants=instants, watched=found.watched
            )
            changes += [*corrections, *_after(corrections, states[key], told)]
            readings += passed
    await _tell(uow, states, changes)
    await assess(uow, readings)
    await _schedule_pending(uow, found, states)
    if any(_became_known(before.get(key), after) for key, after in states.items()):
        known = await store.known_indicators(uow.db, mode=mode, rules=rules)
        await _schedule_silence(uow, found, known)


def _instants(
    seen: Sequence[domain.Observation],
    before: Mapping[tuple[str, str], domain.Indicator],
    *,
    complete: bool,
) -> set[datetime]:
    """The instants for which readings may be made: none before every newest one, if all have one."""
    newest = {one.evaluated.as_of for one in before.values() if one.evaluated is not None}
    floor = min(newest) if complete and newest else None
    return newest | {one.observed_at for one in seen if floor is None or one.observed_at >= floor}


async def _metric(
    uow: UnitOfWork, mode: Mode, name: str, *, homes: Mapping[str, str] | None = None
) -> _Metric:
    rules = domain.indicators_in_force(store.indicator_rules(), at=uow.now).by_metric(name)
    names = [rule.indicator for rule in rules]
    await store.lock_metric(uow.db, mode=mode, metric=name)
    rows = await store.windows(uow.db, mode=mode, indicators=names)
    newest: dict[str, dict[str, domain.Track]] = {indicator: {} for indicator in names}
    places: dict[str, str] = {}
    for indicator, jurisdiction, window in rows:
        newest[indicator][window.source] = (window,)
        places[window.source] = jurisdiction
    return _Metric(
        mode=mode,
        name=name,
        rules=rules,
        watched=await store.watched_thresholds(uow.db, indicators=names),
        stations=await store.stations_measuring(uow.db, name),
        homes=places | dict(homes or {}),
        newest=newest,
    )


async def _tracks(
    uow: UnitOfWork, found: _Metric, sources: set[str], *, at: set[datetime]
) -> dict[str, dict[str, domain.Track]]:
    """By indicator and source the windows that readings at these instants are made of."""
    reach = max(rule.window + rule.carry for rule in found.rules)
    samples = await store.samples(
        uow.db, mode=found.mode, metric=found.name, sources=sources, after=min(at) - reach
    )
    return {
        rule.indicator: {
            source: domain.track(source, history, rule, at=at)
            for source, history in samples.items()
            if history
        }
        for rule in found.rules
    }


def _newest(
    found: _Metric, tracks: Mapping[str, Mapping[str, domain.Track]]
) -> list[tuple[str, str, domain.StationWindow]]:
    return [
        (indicator, found.homes[source], track[-1])
        for indicator, by_source in tracks.items()
        for source, track in by_source.items()
    ]


async def _corrections(
    uow: UnitOfWork,
    found: _Metric,
    rule: domain.IndicatorRule,
    indicator: domain.Indicator,
    area: str,
    instants: set[datetime],
) -> list[domain.Change]:
    """What late samples change in readings told before the newest one."""
    newest = indicator.evaluated
    if newest is None:
        return []
    late = [at for at in instants if newest.as_of - rule.allowed_lateness <= at < newest.as_of]
    if not late:
        return []
    until = min(newest.as_of, max(domain.reopened(rule, sample_at=at)[1] for at in late))
    told = await store.told_readings(
        uow.db, rule, mode=found.mode, jurisdiction=area, since=min(late), until=until
    )
    if not told:
        return []
    at = {reading.as_of for reading, _ in told}
    tracks = await _tracks(uow, found, set(found.homes), at=at)
    scene = found.scene(area, tracks)
    made = [
        domain.revise(
            reading,
            scene.reading(rule, at=reading.as_of),
            rule,
            revision=revision,
            watched=found.watched,
        )
        for reading, revision in told
    ]
    return [change for change in made if change is not None]


def _after(
    corrections: Sequence[domain.Change],
    indicator: domain.Indicator,
    told: Sequence[domain.Change],
) -> Sequence[domain.Change]:
    """The newest reading is told last, so that no correction of the past is mistaken for it."""
    if corrections and not told and indicator.published is not None:
        return [domain.Change(indicator.published, (), indicator.revision)]
    return told


async def _tell(
    uow: UnitOfWork,
    states: Mapping[tuple[str, str], domain.Indicator],
    changes: Sequence[domain.Change],
) -> None:
    await store.put_indicators(uow.db, states)
    if not changes:
        return
    await store.put_readings(uow.db, changes, now=uow.now)
    columns = store.reading_payload(changes, now=uow.now)
    await store.stage(uow.db, domain.Kind.READING, columns)
    for change in domain.to_say(changes):
        await uow.publish(events.indicator_changed(change))


async def _schedule_pending(
    uow: UnitOfWork, found: _Metric, states: Mapping[tuple[str, str], domain.Indicator]
) -> None:
    by_name = {rule.indicator: rule for rule in found.rules}
    due: dict[str, datetime] = {}
    for (name, area), indicator in states.items():
        at = domain.due_to_tell(indicator, by_name[name])
        if at is not None:
            due[area] = min(at, due.get(area, at))
    for area, at in sorted(due.items()):
        await uow.schedule(
            f"tell_pending:{found.mode}:{found.name}:{area}",
            due_at=at,
            command="tell_pending",
            payload={"mode": found.mode, "metric": found.name, "jurisdiction": area},
        )


async def _schedule_silence(
    uow: UnitOfWork, found: _Metric, states: Mapping[tuple[str, str], domain.Indicator]
) -> None:
    by_name = {rule.indicator: rule for rule in found.rules}
    due = [
        at
        for (name, _), indicator in states.items()
        if (at := _silent_at(indicator, by_name[name])) is not None
    ]
    if due:
        await uow.schedule(
            f"note_silence:{found.mode}:{found.name}",
            due_at=min(due),
            command="note_silence",
            payload={"mode": found.mode, "metric": found.name},
        )


def _silent_at(indicator: domain.Indicator, rule: domain.IndicatorRule) -> datetime | None:
    newest = indicator.evaluated
    if newest is None or newest.value is None:
        return None
    return domain.silent_from(newest, rule)


def _became_known(before: domain.Indicator | None, after: domain.Indicator) -> bool:
    was = before.evaluated if before else None
    now = after.evaluated
    return now is not None and now.value is not None and (was is None or was.value is None)

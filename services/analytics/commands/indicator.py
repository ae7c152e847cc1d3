"""Keeping indicators true as samples arrive, late ones too, and as they fail to arrive."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chassis.unit_of_work import UnitOfWork
from services.analytics import domain, events, store
from services.analytics.commands import window
from services.analytics.commands.detection import assess
from services.analytics.commands.window import Key, Metric
from vocabulary import Mode


@dataclass(slots=True)
class _Outcome:
    """What a unit of work makes of indicators: as they stand, what is recorded, what is said."""

    states: dict[Key, domain.Indicator] = field(default_factory=dict)
    readings: list[domain.Reading] = field(default_factory=list)
    changes: list[domain.Change] = field(default_factory=list)
    said: list[domain.Change] = field(default_factory=list)

    def add(
        self,
        key: Key,
        after: domain.Indicator,
        changes: Sequence[domain.Change],
        *,
        corrections: Sequence[domain.Change] = (),
    ) -> None:
        self.states[key] = after
        self.changes += [*corrections, *changes]
        self.said += domain.to_say(after, changes, corrections=corrections)


async def evaluate(uow: UnitOfWork, observations: Sequence[domain.Observation]) -> None:
    """The indicators that the observations bear on stand as they say, and changes are told.

    Runs in the transaction that took the observations, so an accepted sample is an evaluated one.
    """
    grouped: dict[tuple[Mode, str], list[domain.Observation]] = defaultdict(list)
    for one in observations:
        grouped[one.mode, one.metric].append(one)
    for (mode, name), seen in sorted(grouped.items()):  # in one order, so that locks never cross
        homes = {one.source: one.jurisdiction for one in seen}
        metric = await window.load_metric(uow, mode, name, homes=homes)
        if metric.rules:
            await _evaluate(uow, metric, seen)


async def tell_pending(uow: UnitOfWork, *, mode: Mode, metric: str, jurisdiction: str) -> None:
    """Changes there that only the interval held back are told, if it has passed."""
    found = await window.load_metric(uow, mode, metric)
    before = await store.indicators(
        uow.db, mode=mode, rules=found.rules, jurisdictions=[jurisdiction]
    )
    outcome = _Outcome()
    for key, indicator in before.items():
        rule = found.rule(key[0])
        after, change = domain.tell_pending(indicator, rule, now=uow.now, watched=found.watched)
        outcome.add(key, after, [change] if change else [])
    await _tell(uow, outcome)
    await _schedule_pending(uow, found, outcome.states)


async def note_silence(uow: UnitOfWork, *, mode: Mode, metric: str) -> None:
    """Indicators whose samples have stopped are unknown, and this is told."""
    found = await window.load_metric(uow, mode, metric)
    known = await store.known_indicators(uow.db, mode=mode, rules=found.rules)
    outcome = _Outcome()
    for key, indicator in known.items():
        rule = found.rule(key[0])
        at = _silent_at(indicator, rule)
        if at is None or at > uow.now:
            continue
        after, readings, changes = domain.advance(
            indicator, found.scene(key[1], {}), rule, instants=[at], watched=found.watched
        )
        outcome.readings += readings
        outcome.add(key, after, changes)
    await _tell(uow, outcome)
    await _schedule_silence(uow, found, known | outcome.states)


async def _evaluate(uow: UnitOfWork, metric: Metric, seen: Sequence[domain.Observation]) -> None:
    instants: dict[str, set[datetime]] = defaultdict(set)
    for one in seen:
        for area in domain.chain(one.jurisdiction):
            instants[area].add(one.observed_at)
    before = await store.indicators(
        uow.db, mode=metric.mode, rules=metric.rules, jurisdictions=instants
    )
    made_at = _made_at(seen, before, complete=len(before) == len(instants) * len(metric.rules))
    tracks = await window.load_tracks(uow, metric, {one.source for one in seen}, at=made_at)
    await window.keep_newest(uow, metric, tracks)
    corrected = await window.corrections(uow, metric, before, instants=instants)
    outcome = _Outcome()
    for area in sorted(instants):
        scene = metric.scene(area, tracks)
        for rule in metric.rules:
            key = (rule.indicator, area)
            after, readings, changes = domain.advance(
                before.get(key, domain.Indicator()),
                scene,
                rule,
                instants=instants[area],
                watched=metric.watched,
            )
            outcome.readings += readings
            outcome.add(key, after, changes, corrections=corrected.get(key, ()))
    await _tell(uow, outcome)
    await _schedule_pending(uow, metric, outcome.states)
    if any(_became_known(before.get(key), after) for key, after in outcome.states.items()):
        known = await store.known_indicators(uow.db, mode=metric.mode, rules=metric.rules)
        await _schedule_silence(uow, metric, known)


def _made_at(
    seen: Sequence[domain.Observation],
    before: Mapping[Key, domain.Indicator],
    *,
    complete: bool,
) -> set[datetime]:
    """The instants for which readings may be made: none before every newest one, if all have one."""
    newest = {one.evaluated.as_of for one in before.values() if one.evaluated is not None}
    floor = min(newest) if complete and newest else None
    return newest | {one.observed_at for one in seen if floor is None or one.observed_at >= floor}


async def _tell(uow: UnitOfWork, outcome: _Outcome) -> None:
    await store.put_indicators(uow.db, outcome.states)
    if outcome.changes:
        await store.put_readings(uow.db, outcome.changes, now=uow.now)
        columns = store.reading_payload(outcome.changes, now=uow.now)
        await store.stage(uow.db, domain.Kind.READING, columns)
    for change in outcome.said:
        await uow.publish(events.indicator_changed(change))
    await assess(uow, outcome.readings)


async def _schedule_pending(
    uow: UnitOfWork, metric: Metric, states: Mapping[Key, domain.Indicator]
) -> None:
    due: dict[str, datetime] = {}
    for (name, area), indicator in states.items():
        at = domain.due_to_tell(indicator, metric.rule(name))
        if at is not None:
            due[area] = min(at, due.get(area, at))
    for area, at in sorted(due.items()):
        await uow.schedule(
            f"tell_pending:{metric.mode}:{metric.name}:{area}",
            due_at=at,
            command="tell_pending",
            payload={"mode": metric.mode, "metric": metric.name, "jurisdiction": area},
        )


async def _schedule_silence(
    uow: UnitOfWork, metric: Metric, states: Mapping[Key, domain.Indicator]
) -> None:
    due = [
        at
        for (name, _), indicator in states.items()
        if (at := _silent_at(indicator, metric.rule(name))) is not None
    ]
    if due:
        await uow.schedule(
            f"note_silence:{metric.mode}:{metric.name}",
            due_at=min(due),
            command="note_silence",
            payload={"mode": metric.mode, "metric": metric.name},
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

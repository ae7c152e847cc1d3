"""The invariants: what must hold once faults have stopped and everything has drained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from chassis import subjects
from chassis.chains import Row
from chassis.inbox import Order, Outcome
from chassis.outbox import EPOCH_SHIFT
from tests.simulation.broker import Broker
from tests.simulation.heard import CONSUMERS, ORDERS, Effect
from tests.simulation.hearer import Hearer
from tests.simulation.said import Said
from tests.simulation.sayer import Sayer
from tests.simulation.timers import Fired
from tests.simulation.world import Broken

HANDLED = {"rolled.v1", "renamed.v2"}
LOG = next(name for name, order in ORDERS.items() if order is Order.EVERY)
MARBLES = next(name for name, order in ORDERS.items() if order is Order.GAPLESS)
SHELVES = next(name for name, order in ORDERS.items() if order is Order.NEWEST)


def waits_for(sayer: Sayer, hearer: Hearer, broker: Broker) -> list[str]:
    """Return what has not drained yet."""
    reasons = {
        "outbox unsent": any(not said.sent for said in sayer.db["outbox"].values()),
        "publications under way": bool(sayer.flights),
        "refusal": bool(sayer.db["refusal"]),
        "messages to deliver": not broker.is_drained() or len(broker.streams) < 2,
        "parked": bool(hearer.db["parked"]),
        "quarantine": any(held.is_open for held in hearer.db["quarantine"].values()),
        "timers": bool(hearer.db["timer"]),
    }
    return [reason for reason, waits in reasons.items() if waits]


def check(sayer: Sayer, hearer: Hearer) -> None:
    """Raises Broken for the first invariant that does not hold."""
    said = sayer.rows()
    effects = [hearer.db["effect"][seq] for seq in sorted(hearer.db["effect"])]
    _said_without_gaps(said)
    for consumer in CONSUMERS:
        _once(e for e in effects if e.consumer == consumer)
        if ORDERS[consumer] is not Order.EVERY:
            _in_order([e for e in effects if e.consumer == consumer], ORDERS[consumer])
    _nothing_lost(said, effects)
    _quarantine_accounted(hearer)
    _fired_once(hearer)


def _said_without_gaps(said: Iterable[Said]) -> None:
    places: dict[str, dict[int, int]] = defaultdict(dict)
    for one in said:
        places[one.row.aggregate_id][one.row.version] = one.row.previous
    for identity, versions in places.items():
        for (before, _), (after, previous) in pairwise(sorted(versions.items())):
            if previous != before:
                raise Broken(f"GAP in the outbox: {identity} v{after:x} follows v{previous:x}")


def _once(effects: Iterable[Effect]) -> None:
    seen: set[str] = set()
    for effect in effects:
        if effect.event_id in seen:
            raise Broken(f"TWICE: {effect.consumer} took {effect.event_id} {effect.key}")
        seen.add(effect.event_id)


def _in_order(effects: Iterable[Effect], order: Order) -> None:
    chains: dict[tuple[str, str], list[Effect]] = defaultdict(list)
    for effect in effects:
        if order is Order.GAPLESS or effect.outcome is not Outcome.DISCARDED:
            chains[effect.key].append(effect)
    for chain in chains.values():
        if order is Order.GAPLESS and chain[0].previous != 0:
            raise Broken(f"GAP: {chain[0].event_id} is the first of {chain[0].key}")
        for one, other in pairwise(chain):
            if other.version <= one.version:
                raise Broken(f"ORDER: {other.event_id} v{other.version:x} after v{one.version:x}")
            if order is Order.GAPLESS and not _follows(one, other):
                raise Broken(f"GAP: {other.event_id} v{other.version:x} after v{one.version:x}")


def _follows(one: Effect, other: Effect) -> bool:
    if one.version >> EPOCH_SHIFT == other.version >> EPOCH_SHIFT:
        return other.version == one.version + 1
    return other.previous <= one.version


def _nothing_lost(said: Iterable[Said], effects: Iterable[Effect]) -> None:
    taken = {(e.consumer, e.event_id): e.outcome for e in effects}
    newest: dict[str, int] = defaultdict(int)
    for effect in effects:
        if effect.consumer == SHELVES:
            newest[effect.key[1]] = max(effect.version, newest[effect.key[1]])
    last: dict[str, int] = defaultdict(int)
    for one in said:
        if one.state:
            last[one.row.aggregate_id] = max(one.row.version, last[one.row.aggregate_id])
        else:
            _taken(one.row, taken)
    for identity, version in last.items():
        if newest[identity] != version:
            raise Broken(f"LOST: {SHELVES} never took {identity} v{version:x}")


def _taken(row: Row, taken: dict[tuple[str, str], Outcome]) -> None:
    if (LOG, row.event_id) not in taken:
        raise Broken(f"LOST: {LOG} never took {row.event_id}")
    subject = subjects.parse(row.subject)
    told = f"{subject.event}.v{subject.major}"
    if told == "renamed.v1":  # the same fact is heard in v2
        return
    wanted = {Outcome.APPLIED, Outcome.DISCARDED} if told in HANDLED else {Outcome.ADVANCED}
    if taken.get((MARBLES, row.event_id)) not in wanted:
        place = f"{row.aggregate_id} v{row.version:x}"
        raise Broken(f"LOST: {MARBLES} never took {row.event_id} {place}")


def _quarantine_accounted(hearer: Hearer) -> None:
    settled = {Outcome.APPLIED, Outcome.DISCARDED, Outcome.DUPLICATE, Outcome.SKIPPED}
    for held in hearer.db["quarantine"].values():
        key = hearer.do.inbox_key(held.consumer, held.heard.envelope.event_id)
        entry = hearer.db["inbox"].get(key)
        if held.is_open or entry is None or entry.outcome not in settled:
            raise Broken(
                f"QUARANTINE: {held.heard.envelope.event_id} is not accounted for: {entry}"
            )


def _fired_once(hearer: Hearer) -> None:
    owed: dict[str, str] = {}
    books = {**hearer.db["effect"], **hearer.db["fired"]}
    for seq in sorted(books):
        match books[seq]:
            case Effect() as effect:
                if effect.consumer == MARBLES and effect.outcome is Outcome.APPLIED:
                    ordinal = effect.version & 0xFFFF
                    owed[f"{effect.key[1]}/{ordinal // 3}"] = effect.event_id
            case Fired(timer, first):
                if owed.pop(timer.key, None) != timer.owed:
                    raise Broken(f"TIMER {timer.key} fired again")
                if first.key != timer.key:
                    raise Broken(f"TIMER {timer.key} fired before {first.key}")
    if owed:
        raise Broken(f"TIMER never fired: {sorted(owed)}")

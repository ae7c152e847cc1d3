"""The person: mends handlers, replays or discards what is held, has stopped timers tried again."""

from __future__ import annotations

from dataclasses import replace

from chassis.errors import Quarantine
from chassis.inbox import Outcome
from tests.simulation.database import Transaction
from tests.simulation.heard import ORDERS, Held, Parked
from tests.simulation.hearer import Hearer
from tests.simulation.world import Actor, Away


def operate(hearer: Hearer) -> Actor:
    """Resolve, one after the other, whatever waits for a person."""
    world = hearer.world
    while True:
        yield world.now + 5.0
        for key, timer in list(hearer.db["timer"].items()):
            if timer.stopped_at is not None:
                hearer.db["timer"][key] = replace(timer, stopped_at=None, retry_at=None)
        for at, held in list(hearer.db["quarantine"].items()):
            if held.is_open:
                try:
                    yield from _resolve(hearer, at, held)
                except (Away, Quarantine, RuntimeError) as error:
                    world.tell(f"not resolved: {error!r}")


def _resolve(hearer: Hearer, at: tuple[object, ...], held: Held) -> Actor:
    heard, consumer = held.heard, held.consumer
    order = ORDERS[consumer]
    with hearer.db.transaction() as transaction:
        yield from transaction.lock(hearer.do.locks(consumer, [heard.key]))
        reached = hearer.db["watermark"].get((consumer, heard.key), 0)
        if not hearer.db["quarantine"][at].is_open:
            return
        is_turn = hearer.do.is_its_turn(order, previous=heard.envelope.previous, reached=reached)
        outcome = Outcome.APPLIED
        if hearer.world.chance.random() < 0.3:
            outcome = Outcome.DISCARDED
            _discard(hearer, transaction, held, is_turn=is_turn)
        elif not is_turn:
            return
        else:
            hearer.poison.pop((consumer, heard.envelope.event_id), None)
            if hearer.do.is_handled_by_replay(order, heard, reached=reached):
                yield from hearer.handle(transaction, consumer, heard)
            hearer.finish(transaction, consumer, heard, outcome)
        transaction.put("quarantine", at, replace(held, is_open=False))
        yield from transaction.commit()
    hearer.world.tell(f"{outcome.value} {heard.envelope.event_id} of {consumer}")


def _discard(hearer: Hearer, transaction: Transaction, held: Held, *, is_turn: bool) -> None:
    heard, consumer = held.heard, held.consumer
    if is_turn:
        hearer.note(transaction, consumer, heard, Outcome.DISCARDED)
        hearer.finish(transaction, consumer, heard, Outcome.DISCARDED)
        return
    about = heard.envelope
    row = Parked(held.message, heard, about.version, about.previous)
    transaction.put("parked", (consumer, about.event_id), row)
    hearer.settle(transaction, consumer, heard, Outcome.DISCARDED)

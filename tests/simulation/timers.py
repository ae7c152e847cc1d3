"""Simulated timers: scheduled by handlers, fired by two replicas with the chassis' decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chassis import firing
from chassis.delivery import Heard
from chassis.errors import Quarantine
from tests.simulation.database import Database, Transaction
from tests.simulation.world import Actor, Away

if TYPE_CHECKING:
    from tests.simulation.hearer import Hearer


@dataclass(frozen=True, slots=True)
class Timer:
    """One row: `seq` is given when its key is first inserted."""

    key: str
    seq: int
    due_at: datetime
    scheduled_at: datetime
    owed: str  # the event that scheduled it, for the books
    attempts: int = 0
    retry_at: datetime | None = None
    stopped_at: datetime | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """That a timer fired, and which had to fire before it."""

    timer: Timer
    first: Timer


def pause(attempt: int, first: timedelta, cap: timedelta) -> timedelta:
    """The chassis' backoff without its jitter."""
    return min(cap, first * float(2 ** min(attempt - 1, 30)))


def schedule(db: Database, transaction: Transaction, heard: Heard, now: datetime) -> Actor:
    """Leave one timer of the event's key; every third event replaces that of the one before."""
    about = heard.envelope
    ordinal = about.version & 0xFFFF
    key = f"{about.id}/{ordinal // 3}"

    def put() -> None:
        present = db["timer"].get(key)
        seq = db.next() if present is None else present.seq
        due_at = now + timedelta(seconds=(ordinal * 3) % 4 * 0.1)
        db["timer"][key] = Timer(key, seq, due_at, now, about.event_id)

    yield from transaction.lock([("timer", key)])
    transaction.write(put)


def fire(hearer: Hearer) -> Actor:
    """Fire what is due, one after the other, for ever."""
    world = hearer.world
    while True:
        taken: Timer | None = None
        try:
            with hearer.db.transaction() as transaction:
                yield None
                if transaction.try_lock(hearer.do.firing_lock):
                    taken = _take(hearer, transaction)
                if taken is not None:
                    yield None
                    _suffer(hearer)
                    yield from transaction.commit()
        except (Away, RuntimeError, Quarantine) as error:
            if taken is not None:
                yield from _set_aside(hearer, taken, error)
            continue
        if taken is None:
            yield world.now + firing.POLL_S


def _take(hearer: Hearer, transaction: Transaction) -> Timer | None:
    now, table = hearer.world.instant(), hearer.db["timer"]
    free = [timer for timer in table.values() if ("timer", timer.key) not in hearer.db.locks]
    chosen: Timer | None = hearer.do.earliest(free, now=now, wall=now)
    if chosen is None:
        return None
    transaction.try_lock(("timer", chosen.key))  # the row's own; others skip it
    # One that an open transaction schedules anew is skipped: nobody's timers wait for a handler.
    first = firing.earliest(free, now=now, wall=now)
    fired = Fired(chosen, first or chosen)
    transaction.delete("timer", chosen.key)
    transaction.write(lambda: hearer.db["fired"].__setitem__(hearer.db.next(), fired))
    return chosen


def _suffer(hearer: Hearer) -> None:
    if hearer.world.strikes("timer fails"):
        raise RuntimeError("the timer's command")
    if hearer.world.strikes("timer hopeless"):
        raise Quarantine("the timer's command")


def _set_aside(hearer: Hearer, timer: Timer, error: Exception) -> Actor:
    attempts = timer.attempts + 1
    wait = pause(attempts, firing.RETRY_FIRST, firing.RETRY_CAP)
    changed: dict[str, Any] = hearer.do.trouble(
        error, attempts=attempts, pause=wait, wall=hearer.world.instant()
    )
    after = replace(timer, **changed)
    try:
        with hearer.db.transaction() as transaction:
            table = hearer.db["timer"]
            transaction.write(lambda: hearer.do.set_aside(table, timer, after))
            yield from transaction.commit()
    except Away:
        return

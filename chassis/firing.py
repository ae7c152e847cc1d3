"""Firing timers: each in a transaction of its own that also removes it, one replica at a time.

One that fails is in nobody's way: it waits longer each time, and stands in the operator's list
with its error; the others go on in due order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import logging, telemetry
from chassis.clock import backoff
from chassis.errors import Quarantine
from chassis.messages import TimerHandler
from chassis.runtime import Runtime
from chassis.tables.state import TIMER
from chassis.unit_of_work import Caller, begin

FIRING_LOCK = 0x75656D02  # transaction lock in the service's own database
POLL_S = 1.0  # what another replica scheduled is seen within it
RETRY_FIRST = timedelta(seconds=1)
RETRY_CAP = timedelta(minutes=5)
W = TypeVar("W", bound="Waiting")
log = logging.get(__name__)
_fired = telemetry.counter("timers_fired_total", "Timers that fell due and were carried out.")
_took = telemetry.histogram("timer_duration_seconds", "What the commands of timers took.")
_failed = telemetry.counter("timers_failed_total", "Attempts to carry out a timer that failed.")


class Outcome(Enum):
    """What one attempt to fire came to."""

    FIRED = "fired"
    FAILED = "failed"
    NOTHING_DUE = "nothing due"


class Waiting(Protocol):
    """What decides which timer fires next; a row of the table is one."""

    @property
    def seq(self) -> int:
        """Its place among those of one due time."""

    @property
    def due_at(self) -> datetime:
        """Business time at which it falls due."""

    @property
    def retry_at(self) -> datetime | None:
        """Wall time before which it is not tried again; None at once."""

    @property
    def stopped_at(self) -> datetime | None:
        """Since when it waits for a person; None for one that does not."""


def earliest(timers: Iterable[W], *, now: datetime, wall: datetime) -> W | None:
    """Return the timer that fires next, None when none may; `fire_next` takes the same."""
    due = [
        one
        for one in timers
        if one.due_at <= now
        and one.stopped_at is None
        and (one.retry_at is None or one.retry_at <= wall)
    ]
    return min(due, key=lambda one: (one.due_at, one.seq), default=None)


def trouble(error: Exception, *, attempts: int, pause: timedelta, wall: datetime) -> dict[str, Any]:
    """Return what a timer says of itself after its attempt number `attempts` has failed.

    It is tried again after the pause; a hopeless one waits for a person instead.
    """
    return {
        "attempts": attempts,
        "last_error": f"{type(error).__name__}: {error}"[:500],
        "retry_at": wall + pause,
        "stopped_at": wall if isinstance(error, Quarantine) else None,
    }


async def run(runtime: Runtime, handlers: Mapping[str, TimerHandler], stop: asyncio.Event) -> None:
    """Fire timers as they fall due, until `stop` is set."""
    while not stop.is_set():
        runtime.timers_changed.clear()
        if await fire_next(runtime, handlers) is Outcome.NOTHING_DUE:
            await _pause(runtime, stop)


async def fire_next(runtime: Runtime, handlers: Mapping[str, TimerHandler]) -> Outcome:
    """Carry out the earliest due timer that is not waiting for a retry, in one unit of work."""
    taken: Row[Any] | None = None
    try:
        async with begin(runtime, Caller.service(runtime.service)) as uow:
            if await uow.db.scalar(select(func.pg_try_advisory_xact_lock(FIRING_LOCK))):
                taken = await _take(uow.db, uow.now, runtime.clock.wall())
            if taken is None:
                return Outcome.NOTHING_DUE
            uow.correlation_id, uow.cause_id = taken.correlation_id, taken.cause_id
            with (
                telemetry.span(f"{runtime.service}.{taken.command}", timer=taken.key),
                telemetry.timed(_took, command=taken.command),
            ):
                await _handler(handlers, taken.command)(
                    uow, {**taken.payload, "due_at": taken.due_at}
                )
    except Exception as error:  # the timer's command may fail in any way; others go on
        if taken is None:
            raise
        await _set_aside(runtime, taken, error)
        return Outcome.FAILED
    _fired.add(1, {"command": taken.command})
    log.info("timer_fired", key=taken.key, command=taken.command, due_at=taken.due_at)
    return Outcome.FIRED


def _handler(handlers: Mapping[str, TimerHandler], command: str) -> TimerHandler:
    if command not in handlers:
        raise Quarantine(f"no timer command {command}")
    return handlers[command]


async def _take(db: AsyncConnection, now: datetime, wall: datetime) -> Row[Any] | None:
    earliest = (
        select(TIMER.c.key)
        .where(TIMER.c.due_at <= now, _may_be_tried(wall))
        .order_by(TIMER.c.due_at, TIMER.c.seq)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = TIMER.delete().where(TIMER.c.key == earliest.scalar_subquery()).returning(TIMER)
    return (await db.execute(taken)).one_or_none()


def _may_be_tried(wall: datetime) -> ColumnElement[bool]:
    waiting_is_over = or_(TIMER.c.retry_at.is_(None), TIMER.c.retry_at <= wall)
    return TIMER.c.stopped_at.is_(None) & waiting_is_over


async def _set_aside(runtime: Runtime, timer: Row[Any], error: Exception) -> None:
    attempts = timer.attempts + 1
    wall = runtime.clock.wall()
    pause = backoff(attempts, first=RETRY_FIRST, cap=RETRY_CAP)
    values = trouble(error, attempts=attempts, pause=pause, wall=wall)
    async with runtime.engine.begin() as db:  # a timer scheduled anew meanwhile is another one
        same = (TIMER.c.key == timer.key, TIMER.c.scheduled_at == timer.scheduled_at)
        await db.execute(TIMER.update().where(*same).values(**values))
    _failed.add(1, {"command": timer.command})
    log.error(
        "timer_failed",
        error=error,
        key=timer.key,
        attempts=attempts,
        stopped=values["stopped_at"] is not None,
    )


async def _pause(runtime: Runtime, stop: asyncio.Event) -> None:
    waits = {
        asyncio.ensure_future(stop.wait()),
        asyncio.ensure_future(runtime.timers_changed.wait()),
    }
    try:
        await asyncio.wait(waits, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()

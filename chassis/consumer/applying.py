"""Applying deliveries: inbox, order, handlers and watermark in one unit of work."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from typing import Any

from opentelemetry.trace import SpanKind

from chassis import (
    clock,
    delivery,
    inbox,
    logging,
    parking,
    quarantine,
    telemetry,
    unit_of_work,
)
from chassis.consumer import settling
from chassis.delivery import Delivery, Heard, Route
from chassis.inbox import Order, Outcome
from chassis.listener import Listener
from chassis.messages import Handler
from chassis.unit_of_work import Caller, UnitOfWork

HANDLER_TIMEOUT_S = 60.0  # a handler that hangs counts as failed
SAME_TRACE_WITHIN = timedelta(minutes=1)  # of business time
MOST_LINKS = 100  # of one span; the library drops what is beyond 128

log = logging.get(__name__)
_heard = telemetry.counter("consumer_heard_total", "Deliveries by consumer and outcome")
_handled = telemetry.histogram("handler_duration_seconds", "What handlers of events took")


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of each delivery, and the aggregates whose parked messages may have their turn."""

    outcomes: list[Outcome]
    successors: set[tuple[str, str]]


async def apply(listener: Listener, deliveries: Sequence[Delivery]) -> Applied:
    """Have each delivery its effect, once, in one transaction.

    Raises Quarantine for a message that can never be handled, and whatever a handler raises;
    then nothing has happened. Successors that were parked are not yet applied: see `drain`.
    """
    arrivals = [delivery.read(listener.subscription, one) for one in deliveries]
    async with _begin(listener, arrivals) as uow:
        applied = await _take(listener, uow, arrivals)
    for heard, outcome in zip(arrivals, applied.outcomes, strict=True):
        _heard.add(1, {"consumer": listener.name, "outcome": outcome.value})
        _tell(listener, heard, outcome)
    return applied


async def drain(listener: Listener, key: tuple[str, str]) -> int:
    """Apply the parked messages of the aggregate whose turn has come; return how many.

    One that fails keeps its place and is tried again after a growing pause, one that is hopeless
    goes into quarantine and holds the rest.
    """
    message: Delivery | None = None

    async def do(step: settling.Step) -> Any:  # noqa: ANN401 - each step has its own answer
        nonlocal message
        if isinstance(step, settling.NextParked):
            message, made = await _next_parked(listener, key)
            return made
        assert message is not None  # the first step has answered with one
        match step:
            case settling.ApplyParked():
                return await _apply_parked(listener, message)
            case settling.Hold(reason, error, tries):
                await quarantine.hold(listener, message, reason=reason, error=error, tries=tries)
            case settling.Tell(failure):
                log.error(
                    "parked.failed", error=failure, consumer=listener.name, subject=message.subject
                )

    return await settling.perform(settling.drain(), do)


async def replay(listener: Listener, uow: UnitOfWork, held: quarantine.Held) -> None:
    """Handle a quarantined message again, in `uow` but in the service's name, and resolve it.

    Its aggregate goes on with the next sweep. Raises what the handler raises, and NotItsTurn.
    """
    heard = delivery.read(listener.subscription, held.delivery)
    await inbox.lock(uow.db, listener.name, [heard.key])
    await quarantine.expect_turn(uow.db, listener, heard)
    reached = await inbox.watermark(uow.db, listener.name, heard.key)
    if inbox.is_handled_by_replay(listener.order, heard, reached=reached):
        inner = replace(
            uow,
            caller=Caller.service(listener.runtime.service),
            correlation_id=heard.envelope.correlation_id,
            cause_id=heard.envelope.event_id,
        )
        await _handle(listener, inner, [heard])
        uow.scheduled = inner.scheduled
    await _finish(listener, uow, heard, Outcome.APPLIED)
    await quarantine.resolve_replayed(uow, held)


def _tell(listener: Listener, heard: Heard, outcome: Outcome) -> None:
    """Say what came out of its place: after its turn under a new id, or before its turn.

    The first should never be; the second is a loss when it lasts (`consumer_parked_s`).
    """
    if listener.order is not Order.GAPLESS or heard.route is Route.OTHER_MAJOR:
        return
    about = {
        "consumer": listener.name,
        "subject": heard.delivery.subject,
        "event_id": heard.envelope.event_id,
        "version": heard.envelope.version,
    }
    if outcome is Outcome.SKIPPED:
        log.warning("consumer.old", **about)
    elif outcome is Outcome.PARKED:
        log.info("consumer.gap", **about)


async def _take(listener: Listener, uow: UnitOfWork, arrivals: Sequence[Heard]) -> Applied:
    name, order = listener.name, listener.order
    if order is Order.EVERY:
        standings = await inbox.claim(uow.db, name, arrivals)
    else:
        await inbox.lock(uow.db, name, (heard.key for heard in arrivals))
        standings = await inbox.standings(uow.db, name, arrivals)
    outcomes, reached = inbox.decide_all(order, arrivals, standings)
    decided = list(zip(arrivals, outcomes, strict=True))
    await _handle(listener, uow, [h for h, o in decided if o is Outcome.APPLIED])
    await parking.park(uow.db, name, (h for h, o in decided if o is Outcome.PARKED))
    if order is not Order.EVERY or Outcome.DUPLICATE in outcomes:
        await inbox.record(uow.db, name, decided, reached=reached)
    return Applied(outcomes, inbox.successors(arrivals, standings, outcomes, reached=reached))


async def _handle(listener: Listener, uow: UnitOfWork, applied: Sequence[Heard]) -> None:
    async with asyncio.timeout(HANDLER_TIMEOUT_S):
        for handler, run in _runs(applied):
            if listener.subscription.batch:
                with _handling(uow, run, "hear"):
                    await handler(uow, [heard.incoming() for heard in run])
                continue
            for heard in run:
                about = heard.envelope
                with _handling(uow, [heard], f"on_{about.aggregate}_{about.event}"):
                    await handler(uow, heard.incoming())


@contextmanager
def _handling(uow: UnitOfWork, run: Sequence[Heard], name: str) -> Iterator[None]:
    """Time a handler, in the trace of what it hears as long as that is fresh.

    What is heard later, or together with others, begins a trace that is linked to theirs: a trace
    that is open for days, or of everything, shows nothing.
    """
    causes = [telemetry.extract(dict(heard.delivery.headers)) for heard in run[:MOST_LINKS]]
    is_fresh = len(run) == 1 and uow.now - run[0].envelope.time < SAME_TRACE_WITHIN
    with (
        telemetry.span(
            f"{uow.service}.{name}",
            kind=SpanKind.CONSUMER,
            parent=causes[0] if is_fresh else None,
            causes=causes,
            count=len(run),
        ),
        telemetry.timed(_handled, handler=name),
    ):
        yield


def _runs(applied: Sequence[Heard]) -> Iterator[tuple[Handler, list[Heard]]]:
    """Group neighbours with the same handler: order is kept, batches stay whole."""
    for handler, run in groupby(applied, key=lambda heard: heard.handler):
        if handler is not None:
            yield handler, list(run)


def _begin(
    listener: Listener, arrivals: Sequence[Heard]
) -> AbstractAsyncContextManager[UnitOfWork]:
    caller = Caller.service(listener.runtime.service)
    if len(arrivals) != 1:
        return unit_of_work.begin(listener.runtime, caller)
    about = arrivals[0].envelope
    return unit_of_work.begin(
        listener.runtime, caller, correlation_id=about.correlation_id, cause_id=about.event_id
    )


async def _next_parked(
    listener: Listener, key: tuple[str, str]
) -> tuple[Delivery | None, int | None]:
    """Return the message whose turn it is and how often it was tried; this attempt is counted."""
    wall = listener.runtime.clock.wall()
    async with listener.runtime.engine.begin() as db:
        row = await parking.next_in_turn(db, listener.name, key, now=wall)
        if row is None:
            return None, None
        if not settling.is_given_up(row.attempts):
            pause = clock.backoff(
                row.attempts + 1, first=settling.FIRST_PAUSE, cap=settling.LONGEST_PAUSE
            )
            await parking.count_attempt(db, listener.name, row.event_id, retry_at=wall + pause)
    return parking.delivery_of(row), row.attempts


async def _apply_parked(listener: Listener, message: Delivery) -> bool:
    heard = delivery.read(listener.subscription, message)
    async with _begin(listener, [heard]) as uow:
        name = listener.name
        await inbox.lock(uow.db, name, [heard.key])
        event_id = heard.envelope.event_id
        if not await parking.is_parked(uow.db, name, event_id):
            return True  # another worker was faster
        (standing,) = await inbox.standings(uow.db, name, [heard])
        known = await inbox.outcome_of(uow.db, name, event_id)
        outcome = inbox.decide_parked(listener.order, heard, standing, known=known)
        if outcome is Outcome.PARKED:
            return False
        if outcome is Outcome.APPLIED:
            await _handle(listener, uow, [heard])
        await parking.unpark(uow.db, name, event_id)
        await _finish(listener, uow, heard, outcome)
    _heard.add(1, {"consumer": listener.name, "outcome": outcome.value})
    return True


async def _finish(listener: Listener, uow: UnitOfWork, heard: Heard, outcome: Outcome) -> None:
    if listener.order is not Order.EVERY:
        await inbox.advance(uow.db, listener.name, heard.key, to=heard.envelope.version)
    await inbox.settle(uow.db, listener.name, heard.envelope.event_id, outcome)

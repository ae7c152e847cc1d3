"""Quarantine: messages that cannot be handled, set aside in view, holding back their aggregate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import delivery, inbox, logging, parking, telemetry
from chassis.delivery import Delivery, Heard
from chassis.errors import Conflict, Quarantine, missing
from chassis.inbox import Outcome
from chassis.listener import Listener
from chassis.tables.messaging import QUARANTINE
from chassis.unit_of_work import UnitOfWork

log = logging.get(__name__)
_quarantined = telemetry.counter("quarantined_total", "Messages set aside, by consumer")


class NotItsTurn(Conflict):
    """The message's predecessor has not been handled yet."""

    slug = "predecessor-not-handled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One open entry: the message, and of which aggregate (none when its envelope is unreadable)."""

    id: str
    consumer: str
    event_id: str | None
    key: tuple[str, str] | None
    version: int | None
    previous: int | None
    delivery: Delivery


async def hold(
    listener: Listener,
    message: Delivery,
    *,
    reason: str,
    error: str | None = None,
    tries: int = 1,
) -> None:
    """Have the message in quarantine, once; later events of its aggregate wait for a person.

    One that has been taken after all is left as it is.
    """
    heard = _read(listener, message)
    async with listener.runtime.engine.begin() as db:
        values: dict[str, Any] = {}
        if heard is not None:
            await inbox.lock(db, listener.name, [heard.key])
            await inbox.record(db, listener.name, [(heard, Outcome.QUARANTINED)])
            if not await _may_be_held(db, listener.name, heard.envelope.event_id):
                return
            await inbox.settle(db, listener.name, heard.envelope.event_id, Outcome.QUARANTINED)
            await parking.unpark(db, listener.name, heard.envelope.event_id)
            values = {
                "event_id": heard.envelope.event_id,
                "aggregate": heard.envelope.aggregate,
                "aggregate_id": heard.envelope.id,
                "version": heard.envelope.version,
                "previous": heard.envelope.previous,
            }
        values |= {
            "id": listener.runtime.clock.new_id("qua"),
            "consumer": listener.name,
            "subject": message.subject,
            "headers": dict(message.headers),
            "payload": message.payload,
            "stream": message.stream,
            "stream_seq": message.stream_seq,
            "reason": reason,
            "error": error,
            "attempts": tries,
        }
        await db.execute(insert(QUARANTINE).values(**values).on_conflict_do_nothing())
    log.error("message.quarantined", consumer=listener.name, subject=message.subject, reason=reason)
    _quarantined.add(1, {"consumer": listener.name})


async def load(db: AsyncConnection, id: str) -> Held:
    """Return the open entry, locked. Raises NotFound `quarantine-not-found`."""
    query = select(QUARANTINE).where(QUARANTINE.c.id == id, QUARANTINE.c.resolved_at.is_(None))
    row = (await db.execute(query.with_for_update())).one_or_none()
    if row is None:
        raise missing("quarantine", id)
    return Held(
        id=row.id,
        consumer=row.consumer,
        event_id=row.event_id,
        key=None if row.aggregate is None else (row.aggregate, row.aggregate_id),
        version=row.version,
        previous=row.previous,
        delivery=parking.delivery_of(row),
    )


async def expect_turn(db: AsyncConnection, listener: Listener, heard: Heard) -> None:
    """Pass when the event may be handled now. Raises NotItsTurn when a predecessor is missing."""
    reached = await inbox.watermark(db, listener.name, heard.key)
    previous = heard.envelope.previous
    if not inbox.is_its_turn(listener.order, previous=previous, reached=reached):
        raise NotItsTurn(
            f"{heard.envelope.id} stands at {reached}, the event follows {previous}.",
            remedy="Have the service that says it rewind this aggregate.",
        )


async def discard(uow: UnitOfWork, listener: Listener | None, held: Held, *, reason: str) -> None:
    """Give the message up, for a stated reason; it has no effect, and its aggregate may go on.

    One whose predecessor is missing is parked until that has come: a watermark that passed over
    the predecessor would have it skipped. `listener` is null when nobody listens there any more.
    """
    if held.key is not None and held.event_id is not None:
        await inbox.lock(uow.db, held.consumer, [held.key])
        await inbox.settle(uow.db, held.consumer, held.event_id, Outcome.DISCARDED)
        await _pass_over(uow.db, listener, held, key=held.key)
    await _resolve(uow, held, resolution="DISCARDED", reason=reason)


async def _pass_over(
    db: AsyncConnection, listener: Listener | None, held: Held, *, key: tuple[str, str]
) -> None:
    reached = await inbox.watermark(db, held.consumer, key)
    previous, version = held.previous or 0, held.version or 0
    if listener is None or inbox.is_its_turn(listener.order, previous=previous, reached=reached):
        await inbox.advance(db, held.consumer, key, to=version)
    else:
        await parking.park(db, held.consumer, [delivery.read(listener.subscription, held.delivery)])


async def resolve_replayed(uow: UnitOfWork, held: Held) -> None:
    """Note that the message has been handled after all."""
    await _resolve(uow, held, resolution="REPLAYED", reason=None)


async def listing(db: AsyncConnection, *, limit: int) -> list[dict[str, object]]:
    """Return the open entries, oldest first."""
    query = select(QUARANTINE).where(QUARANTINE.c.resolved_at.is_(None))
    rows = await db.execute(query.order_by(QUARANTINE.c.quarantined_at).limit(limit))
    return [
        {
            "id": row.id,
            "consumer": row.consumer,
            "eventId": row.event_id,
            "aggregate": row.aggregate,
            "aggregateId": row.aggregate_id,
            "version": row.version,
            "subject": row.subject,
            "headers": row.headers,
            "payload": bytes(row.payload).decode(errors="replace"),
            "reason": row.reason,
            "error": row.error,
            "attempts": row.attempts,
            "quarantinedAt": row.quarantined_at,
        }
        for row in rows
    ]


async def count(db: AsyncConnection) -> int:
    """Return how many entries are open."""
    query = select(func.count()).where(QUARANTINE.c.resolved_at.is_(None))
    return await db.scalar(query) or 0


async def _resolve(uow: UnitOfWork, held: Held, *, resolution: str, reason: str | None) -> None:
    await uow.db.execute(
        QUARANTINE.update()
        .where(QUARANTINE.c.id == held.id)
        .values(
            resolved_at=func.now(),
            resolution=resolution,
            resolution_reason=reason,
            resolved_by=uow.caller.subject,
        )
    )
    log.info("quarantine.resolved", id=held.id, resolution=resolution, by=uow.caller.subject)


async def _may_be_held(db: AsyncConnection, consumer: str, event_id: str) -> bool:
    entry = select(QUARANTINE.c.id).where(
        QUARANTINE.c.consumer == consumer,
        QUARANTINE.c.event_id == event_id,
        QUARANTINE.c.resolved_at.is_(None),
    )
    return inbox.may_be_held(
        await inbox.outcome_of(db, consumer, event_id),
        is_held=await db.scalar(entry.limit(1)) is not None,
        is_parked=await parking.is_parked(db, consumer, event_id),
    )


def _read(listener: Listener, message: Delivery) -> Heard | None:
    try:
        return delivery.read(listener.subscription, message)
    except Quarantine:
        return None

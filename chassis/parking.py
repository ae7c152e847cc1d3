"""Parked messages: events that came before their predecessors, and the ones whose turn has come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import (
    ColumnElement,
    Interval,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.delivery import Delivery, Heard
from chassis.tables.messaging import PARKED, QUARANTINE, WATERMARK

P = TypeVar("P", bound="Parked")


class Parked(Protocol):
    """What decides when a parked message has its turn; a row of the table is one."""

    @property
    def version(self) -> int:
        """The version that it brings."""

    @property
    def previous(self) -> int:
        """The version that it follows."""

    @property
    def retry_at(self) -> datetime | None:
        """When it may be tried again; None at once."""


def turn(parked: Iterable[P], *, watermark: int, is_held: bool, now: datetime) -> P | None:
    """Return the parked message of one aggregate whose turn it is; `next_in_turn` finds the same.

    The predecessor has been taken, nothing of the aggregate is held, no pause is running.
    """
    due = [
        one
        for one in parked
        if one.previous <= watermark
        and not is_held
        and (one.retry_at is None or one.retry_at <= now)
    ]
    return min(due, key=lambda one: one.version, default=None)


async def park(db: AsyncConnection, consumer: str, arrivals: Iterable[Heard]) -> None:
    """Keep the messages until it is their turn; the broker may then be told that we have them."""
    rows = [
        {
            "consumer": consumer,
            "event_id": heard.envelope.event_id,
            "aggregate": heard.envelope.aggregate,
            "aggregate_id": heard.envelope.id,
            "version": heard.envelope.version,
            "previous": heard.envelope.previous,
            "subject": heard.delivery.subject,
            "headers": dict(heard.delivery.headers),
            "payload": heard.delivery.payload,
            "stream": heard.delivery.stream,
            "stream_seq": heard.delivery.stream_seq,
        }
        for heard in arrivals
    ]
    if rows:
        await db.execute(insert(PARKED).values(rows).on_conflict_do_nothing())


async def waiting(
    db: AsyncConnection, consumers: Iterable[str], *, now: datetime, limit: int
) -> list[tuple[str, tuple[str, str]]]:
    """Return the (consumer, aggregate) pairs of which a parked message has its turn now."""
    rows = await db.execute(
        select(PARKED.c.consumer, PARKED.c.aggregate, PARKED.c.aggregate_id)
        .where(PARKED.c.consumer.in_(list(consumers)), _is_due(now))
        .distinct()
        .limit(limit)
    )
    return [(row.consumer, (row.aggregate, row.aggregate_id)) for row in rows]


async def in_turn(db: AsyncConnection, consumers: Iterable[str], *, limit: int) -> int:
    """Return how many parked messages have their turn, in a pause or not; at most `limit`."""
    found = select(PARKED.c.event_id).where(PARKED.c.consumer.in_(list(consumers)), _in_turn())
    return await db.scalar(select(func.count()).select_from(found.limit(limit).subquery())) or 0


async def next_in_turn(
    db: AsyncConnection, consumer: str, key: tuple[str, str], *, now: datetime
) -> Any | None:  # noqa: ANN401 - a row
    """Return the parked row of the aggregate whose turn it is; None when none is or may be tried."""
    rows = await db.execute(
        select(PARKED)
        .where(
            PARKED.c.consumer == consumer,
            PARKED.c.aggregate == key[0],
            PARKED.c.aggregate_id == key[1],
            _is_due(now),
        )
        .order_by(PARKED.c.version)
        .limit(1)
    )
    return rows.one_or_none()


async def is_parked(db: AsyncConnection, consumer: str, event_id: str) -> bool:
    """Whether this message is still parked."""
    query = select(PARKED.c.event_id).where(
        PARKED.c.consumer == consumer, PARKED.c.event_id == event_id
    )
    return await db.scalar(query) is not None


async def unpark(db: AsyncConnection, consumer: str, event_id: str) -> None:
    """Keep the message no longer."""
    await db.execute(
        delete(PARKED).where(PARKED.c.consumer == consumer, PARKED.c.event_id == event_id)
    )


async def count_attempt(
    db: AsyncConnection, consumer: str, event_id: str, *, retry_at: datetime
) -> None:
    """Count an attempt before it is made, so that one that kills the process counts too."""
    await db.execute(
        PARKED.update()
        .where(PARKED.c.consumer == consumer, PARKED.c.event_id == event_id)
        .values(attempts=PARKED.c.attempts + 1, retry_at=retry_at)
    )


async def listing(db: AsyncConnection, *, limit: int) -> list[dict[str, object]]:
    """Return what is parked, oldest first, with the version that it waits for."""
    rows = await db.execute(select(PARKED).order_by(PARKED.c.parked_at).limit(limit))
    return [
        {
            "consumer": row.consumer,
            "eventId": row.event_id,
            "aggregate": row.aggregate,
            "id": row.aggregate_id,
            "version": row.version,
            "waitsFor": row.previous,
            "parkedAt": row.parked_at,
            "attempts": row.attempts,
        }
        for row in rows
    ]


async def count(db: AsyncConnection) -> tuple[int, timedelta]:
    """Return how many are parked and for how long the oldest has been."""
    age = type_coerce(func.now() - func.min(PARKED.c.parked_at), Interval)
    number, oldest = (await db.execute(select(func.count(), age).select_from(PARKED))).one()
    return number, oldest or timedelta()


def delivery_of(row: Any) -> Delivery:  # noqa: ANN401 - a row of PARKED or QUARANTINE
    """Return the message as it came."""
    return Delivery(
        subject=row.subject,
        headers=row.headers,
        payload=row.payload,
        stream=row.stream,
        stream_seq=row.stream_seq,
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    """It is its turn, and no pause after a failure is running."""
    return and_(_in_turn(), or_(PARKED.c.retry_at.is_(None), PARKED.c.retry_at <= now))


def _in_turn() -> ColumnElement[bool]:
    """The predecessor has been taken, and nothing of the aggregate is held."""
    reached = (
        select(WATERMARK.c.version)
        .where(
            WATERMARK.c.consumer == PARKED.c.consumer,
            WATERMARK.c.aggregate == PARKED.c.aggregate,
            WATERMARK.c.aggregate_id == PARKED.c.aggregate_id,
        )
        .scalar_subquery()
    )
    held = exists(
        select(QUARANTINE.c.id).where(
            QUARANTINE.c.consumer == PARKED.c.consumer,
            QUARANTINE.c.aggregate == PARKED.c.aggregate,
            QUARANTINE.c.aggregate_id == PARKED.c.aggregate_id,
            QUARANTINE.c.resolved_at.is_(None),
        )
    )
    return and_(PARKED.c.previous <= func.coalesce(reached, 0), ~held)

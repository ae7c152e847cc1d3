"""The ledger: what was said and what was heard, row by row, so that anyone can balance the books."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.tables.messaging import INBOX, OUTBOX, OUTBOX_EPOCH, OUTBOX_REFUSAL

MOST = 1000


class Said(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One row of the outbox. `stream_seq` is null until the broker has stored it."""

    seq: int
    event_id: str
    subject: str
    aggregate: str
    id: str
    version: int
    recorded_at: datetime
    stream_seq: int | None


class Heard(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One row of the inbox: what became of an event here."""

    position: int
    consumer: str
    event_id: str
    aggregate: str
    id: str
    version: int
    outcome: str


class LedgerView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A page of both sides; the next one begins after `said_after` and `heard_after`."""

    said: list[Said]
    heard: list[Heard]
    said_after: int
    heard_after: int


class OutboxView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How much was said, how much waits and since when; `refusing`: a restore is unfinished."""

    said: int
    unsent: int
    oldest_unsent_at: datetime | None
    epoch: int
    refusing: bool


async def outbox(db: AsyncConnection) -> OutboxView:
    """Return how the outbox stands."""
    waiting = OUTBOX.c.sent_at.is_(None)
    row = (
        await db.execute(
            select(
                func.count().label("said"),
                func.count().filter(waiting).label("unsent"),
                func.min(OUTBOX.c.recorded_at).filter(waiting).label("oldest"),
                select(func.coalesce(func.max(OUTBOX_EPOCH.c.epoch), 0))
                .scalar_subquery()
                .label("epoch"),
                select(OUTBOX_REFUSAL.c.id).exists().label("refusing"),
            ).select_from(OUTBOX)
        )
    ).one()
    return OutboxView(
        said=row.said,
        unsent=row.unsent,
        oldest_unsent_at=row.oldest,
        epoch=row.epoch,
        refusing=row.refusing,
    )


async def read(db: AsyncConnection, *, said_after: int, heard_after: int) -> LedgerView:
    """Return the rows of both sides after these positions, at most 1000 each."""
    said_rows = await db.execute(
        select(OUTBOX).where(OUTBOX.c.seq > said_after).order_by(OUTBOX.c.seq).limit(MOST)
    )
    said = [
        Said(
            seq=row.seq,
            event_id=row.event_id,
            subject=row.subject,
            aggregate=row.aggregate,
            id=row.aggregate_id,
            version=row.version,
            recorded_at=row.recorded_at,
            stream_seq=row.stream_seq,
        )
        for row in said_rows
    ]
    heard_rows = await db.execute(
        select(INBOX).where(INBOX.c.position > heard_after).order_by(INBOX.c.position).limit(MOST)
    )
    heard = [
        Heard(
            position=row.position,
            consumer=row.consumer,
            event_id=row.event_id,
            aggregate=row.aggregate,
            id=row.aggregate_id,
            version=row.version,
            outcome=row.outcome,
        )
        for row in heard_rows
    ]
    return LedgerView(
        said=said,
        heard=heard,
        said_after=said[-1].seq if said else said_after,
        heard_after=heard[-1].position if heard else heard_after,
    )

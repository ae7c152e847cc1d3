"""Rewinding the outbox: having events that were said before be said again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.outbox import CHANNEL
from chassis.streams import Stream
from chassis.tables.messaging import OUTBOX, OUTBOX_HEAD


def since(instant: datetime) -> ColumnElement[bool]:
    """Select what was recorded at or after this wall time."""
    return OUTBOX.c.recorded_at >= instant


def between(first: int, last: int) -> ColumnElement[bool]:
    """Select the outbox' rows from `first` to `last`, both included."""
    return OUTBOX.c.seq.between(first, last)


def of_aggregate(aggregate: str, identity: str) -> ColumnElement[bool]:
    """Select everything said of one aggregate."""
    return and_(OUTBOX.c.aggregate == aggregate, OUTBOX.c.aggregate_id == identity)


def stored_after(stream: Stream, seq: int) -> ColumnElement[bool]:
    """Select what the stream stored after that sequence and would still hold."""
    stored = and_(OUTBOX.c.stream == stream.name, OUTBOX.c.stream_seq > seq)
    if stream.max_age is None:
        return stored
    return and_(stored, OUTBOX.c.recorded_at > func.now() - stream.max_age)


async def rewind(db: AsyncConnection, selected: ColumnElement[bool]) -> int:
    """Have the selected events be said again, in their order; return how many.

    Harmless at any time: readers know each event by its id. Of a state only the last is said
    again, because the stream keeps whichever came last.
    """
    is_last = exists(
        select(OUTBOX_HEAD.c.version).where(
            OUTBOX_HEAD.c.aggregate == OUTBOX.c.aggregate,
            OUTBOX_HEAD.c.aggregate_id == OUTBOX.c.aggregate_id,
            OUTBOX_HEAD.c.version == OUTBOX.c.version,
        )
    )
    result = await db.execute(
        OUTBOX.update()
        .where(selected, OUTBOX.c.sent_at.is_not(None), or_(not_(OUTBOX.c.state), is_last))
        .values(sent_at=None)
    )
    await db.execute(select(func.pg_notify(CHANNEL, "")))
    return int(result.rowcount)

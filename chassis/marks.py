"""Marks that were lost: which events the streams turn out to hold, and which states need not be said."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_, bindparam, exists, func
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.tables.messaging import OUTBOX

_later = OUTBOX.alias()
_NOTE = (
    OUTBOX.update()
    .where(OUTBOX.c.event_id == bindparam("known"))
    .values(sent_at=func.now(), stream_seq=bindparam("at"))
)
_SKIP = (
    OUTBOX.update()
    .where(
        OUTBOX.c.sent_at.is_(None),
        OUTBOX.c.state,
        exists().where(
            and_(
                _later.c.aggregate == OUTBOX.c.aggregate,
                _later.c.aggregate_id == OUTBOX.c.aggregate_id,
                _later.c.version > OUTBOX.c.version,
                _later.c.sent_at.is_not(None),
            )
        ),
    )
    .values(sent_at=func.now())
)


def is_superseded(version: int, stored: int) -> bool:
    """Whether a waiting state needs not be said: the streams got a later one, version `stored`.

    They keep the last of each, so that nothing there shows that the earlier ones were said.
    Outside the broker's window an earlier one would replace it, and its repetition be dropped.
    `skip_superseded` chooses the same.
    """
    return version < stored


async def note_stored(db: AsyncConnection, known: Mapping[str, int]) -> None:
    """Mark events, by id, as stored at that sequence; superseded states wait no longer."""
    if known:
        rows = [{"known": event_id, "at": seq} for event_id, seq in known.items()]
        await db.execute(_NOTE, rows)
        await skip_superseded(db)


async def skip_superseded(db: AsyncConnection) -> None:
    """Have no state be said of which the streams have got a later one."""
    await db.execute(_SKIP)

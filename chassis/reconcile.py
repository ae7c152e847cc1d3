"""Comparing outbox and streams after every connect: which of the two has been set back?"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

import nats.js.errors
from nats.js import JetStreamContext
from nats.js.api import Header
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis import logging, rewind
from chassis.streams import Found
from chassis.tables.messaging import OUTBOX, OUTBOX_REFUSAL, OUTBOX_STREAM

log = logging.get(__name__)


class Verdict(Enum):
    """What comparing one stream with the outbox says."""

    AGREE = auto()
    STREAM_BEHIND = auto()  # the broker lost its store, or got an old one: say it again
    OUTBOX_BEHIND = auto()  # the database was restored to the past: refuse until a person decides


def judge(*, last_is_known: bool, is_same_stream: bool, last_seq: int, highest: int) -> Verdict:
    """Return which side has been set back.

    `last_is_known`: the outbox holds the stream's last event (or there is none). `last_seq` is the
    stream's last sequence, `highest` the highest one that the outbox knows to be stored.
    """
    if not last_is_known:
        return Verdict.OUTBOX_BEHIND
    if is_same_stream and highest <= last_seq:
        return Verdict.AGREE
    return Verdict.STREAM_BEHIND


async def reconcile(engine: AsyncEngine, js: JetStreamContext, found: Iterable[Found]) -> bool:
    """Have outbox and streams agree; return whether the service may go on saying things.

    What a stream has lost will be said again. When the outbox has forgotten events that its
    stream holds, writes are refused (`store-behind-stream`) until the restore is finished.
    """
    async with engine.begin() as db:
        for one in found:
            await _settle(db, js, one)
        return not await is_refusing(db)


async def is_refusing(db: AsyncConnection) -> bool:
    """Whether the service waits for its restore to be finished."""
    row = await db.execute(select(OUTBOX_REFUSAL.c.stream))
    return row.one_or_none() is not None


async def _settle(db: AsyncConnection, js: JetStreamContext, one: Found) -> None:
    is_same, forgotten_until = await _meet(db, one)
    event_id = await _last_event_id(js, one) if one.last_seq > forgotten_until else None
    highest = await db.scalar(
        select(func.max(OUTBOX.c.stream_seq)).where(OUTBOX.c.stream == one.stream.name)
    )
    verdict = judge(
        last_is_known=event_id is None or await _is_known(db, event_id),
        is_same_stream=is_same,
        last_seq=one.last_seq,
        highest=highest or 0,
    )
    if verdict is Verdict.STREAM_BEHIND:
        lost = rewind.stored_after(one.stream, one.last_seq if is_same else 0)
        count = await rewind.rewind(db, lost)
        log.warning("stream.behind", stream=one.stream.name, said_again=count)
    elif verdict is Verdict.OUTBOX_BEHIND:
        values = {"stream": one.stream.name, "event_id": event_id}
        noted = await db.execute(insert(OUTBOX_REFUSAL).values(**values).on_conflict_do_nothing())
        if noted.rowcount:
            log.error("outbox.behind", stream=one.stream.name, event_id=event_id)


async def _meet(db: AsyncConnection, one: Found) -> tuple[bool, int]:
    """Return whether the stream is the one met before, and up to where forgetting is accepted.

    From now on it is this one.
    """
    query = select(OUTBOX_STREAM).where(OUTBOX_STREAM.c.stream == one.stream.name)
    met = (await db.execute(query)).one_or_none()
    if met is not None and met.created_at == one.created:
        return True, met.forgotten_until
    values = {"stream": one.stream.name, "created_at": one.created, "forgotten_until": 0}
    await db.execute(
        insert(OUTBOX_STREAM)
        .values(**values)
        .on_conflict_do_update(index_elements=["stream"], set_=values)
    )
    return met is None, 0


async def _last_event_id(js: JetStreamContext, one: Found) -> str | None:
    """Return the id of the stream's last event; None when it holds none, or nothing of ours."""
    if one.last_seq == 0:
        return None
    try:
        message = await js.get_msg(one.stream.name, seq=one.last_seq)
    except nats.js.errors.NotFoundError:  # aged out
        return None
    return (message.headers or {}).get(Header.MSG_ID)


async def _is_known(db: AsyncConnection, event_id: str) -> bool:
    row = await db.execute(select(OUTBOX.c.seq).where(OUTBOX.c.event_id == event_id))
    return row.one_or_none() is not None

"""The durable consumer of one stream: declared, compared with the inbox, asked how far it is."""

from __future__ import annotations

import nats.js.errors
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy
from sqlalchemy import func, select, text, union_all

from chassis import logging
from chassis.broker import Broker
from chassis.listener import Listener
from chassis.tables.messaging import INBOX, QUARANTINE

ACK_WAIT_S = 30.0  # above the p99 of a handler; longer work is kept alive by `in_progress`
MAX_ACK_PENDING = 1000

_PAST = "uem-past"  # of the durable's metadata
_PAST_OF_DATABASE = text(
    "SELECT system_identifier || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"
    " FROM pg_control_system()"
)

log = logging.get(__name__)


def is_same_past(noted: str | None, present: str) -> bool:
    """Whether the durable's acknowledgements came from the past that our database has.

    Events are committed in another order than they are numbered, and acknowledged each by itself:
    after a restore no highest number tells what is missing. A durable without a note is of a
    release that made none.
    """
    return noted is None or noted == present


def has_forgotten(*, floor: int, taken: int, following: int | None) -> bool:
    """Whether our database was set back behind what the broker thinks we have taken.

    `taken` is the highest sequence that we know of, `following` that of the first message behind
    it that is meant for us: the floor also passes over what the filter leaves out.
    """
    return floor > taken and following is not None and following <= floor


async def declare(broker: Broker, listener: Listener, stream: str, *, subject: str) -> None:
    """Have the durable exist, from the first message on; nothing that it once acked is forgotten.

    When our database was set back behind what the broker thinks we have taken, or has another
    past, the durable is made anew: everything comes again, and the inbox drops what we still know.
    Raises NotFoundError while the stream's owner has not declared it.
    """
    js = await broker.ready()
    past = await _past(listener)
    config = ConsumerConfig(
        name=listener.name,
        durable_name=listener.name,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        max_deliver=-1,
        max_ack_pending=MAX_ACK_PENDING,
        filter_subject=subject,
        metadata={_PAST: past},
    )
    is_same = is_same_past(await _noted(broker, listener, stream), past)
    if is_same:
        info = await js.add_consumer(stream, config)
        if not await _has_forgotten(broker, listener, info, subject=subject):
            return
    log.error("consumer.behind", consumer=listener.name, stream=stream, same_past=is_same)
    await js.delete_consumer(stream, listener.name)
    await js.add_consumer(stream, config)


async def pending(broker: Broker, listener: Listener, stream: str) -> int:
    """Return how many messages wait or are being handled; 0 where there is no stream yet."""
    js = await broker.ready()
    try:
        info = await js.consumer_info(stream, listener.name)
    except nats.js.errors.NotFoundError:
        return 0
    return (info.num_pending or 0) + (info.num_ack_pending or 0)


async def _noted(broker: Broker, listener: Listener, stream: str) -> str | None:
    """Return the past of the database that acknowledged; None for a durable that is not there."""
    js = await broker.ready()
    try:
        info = await js.consumer_info(stream, listener.name)
    except nats.js.errors.NotFoundError:
        return None
    return (info.config.metadata or {}).get(_PAST)


async def _past(listener: Listener) -> str:
    """Return what identifies our database's past: a server that was restored begins a timeline."""
    async with listener.runtime.engine.connect() as db:
        return str(await db.scalar(_PAST_OF_DATABASE))


async def _has_forgotten(
    broker: Broker, listener: Listener, info: ConsumerInfo, *, subject: str
) -> bool:
    floor = 0 if info.ack_floor is None else info.ack_floor.stream_seq
    taken = await _last_taken(listener, info.stream_name)
    if floor <= taken:
        return False
    js = await broker.ready()
    try:
        following = await js.get_msg(
            info.stream_name, seq=taken + 1, subject=subject, next=True, direct=True
        )
    except nats.js.errors.NotFoundError:
        return False
    return has_forgotten(floor=floor, taken=taken, following=following.seq)


async def _last_taken(listener: Listener, stream: str) -> int:
    """Return the highest sequence that our database knows of, handled or set aside."""
    seqs = union_all(
        *(
            select(func.max(table.c.stream_seq).label("seq")).where(
                table.c.consumer == listener.name, table.c.stream == stream
            )
            for table in (INBOX, QUARANTINE)
        )
    ).subquery()
    async with listener.runtime.engine.connect() as db:
        return await db.scalar(select(func.coalesce(func.max(seqs.c.seq), 0))) or 0

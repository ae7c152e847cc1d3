"""The durable consumer of one stream: declared, compared with the inbox, asked how far it is."""

from __future__ import annotations

import nats.js.errors
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy
from sqlalchemy import func, select, union_all

from chassis import logging
from chassis.broker import Broker
from chassis.listener import Listener
from chassis.tables.messaging import INBOX, QUARANTINE

ACK_WAIT_S = 30.0  # above the p99 of a handler; longer work is kept alive by `in_progress`
MAX_ACK_PENDING = 1000

log = logging.get(__name__)


async def declare(broker: Broker, listener: Listener, stream: str, *, subject: str) -> None:
    """Have the durable exist, from the first message on; nothing that it once acked is forgotten.

    When our database was set back behind what the broker thinks we have taken, the durable is
    made anew: everything comes again, and the inbox drops what we still know.
    Raises NotFoundError while the stream's owner has not declared it.
    """
    js = await broker.ready()
    config = ConsumerConfig(
        name=listener.name,
        durable_name=listener.name,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        max_deliver=-1,
        max_ack_pending=MAX_ACK_PENDING,
        filter_subject=subject,
    )
    info = await js.add_consumer(stream, config)
    if await _has_forgotten(broker, listener, info, subject=subject):
        log.error("consumer.behind", consumer=listener.name, stream=stream)
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


async def _has_forgotten(
    broker: Broker, listener: Listener, info: ConsumerInfo, *, subject: str
) -> bool:
    floor = 0 if info.ack_floor is None else info.ack_floor.stream_seq
    taken = await _last_taken(listener, info.stream_name)
    if floor <= taken:
        return False
    js = await broker.ready()  # the floor also passes over what the filter leaves out
    try:
        following = await js.get_msg(
            info.stream_name, seq=taken + 1, subject=subject, next=True, direct=True
        )
    except nats.js.errors.NotFoundError:
        return False
    return following.seq is not None and following.seq <= floor


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

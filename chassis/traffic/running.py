"""Relay and consumers of one service, running until it stops; and how much they still have to do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy import func, select

from chassis import consumer, ending, parking, streams
from chassis.audit.appender import Appender
from chassis.broker import AWAY
from chassis.errors import Unavailable
from chassis.messages import Published, Subscription
from chassis.relay import Relay
from chassis.runtime import Runtime
from chassis.tables.messaging import OUTBOX
from chassis.traffic.reconciler import Reconciler

MOST_COUNTED = 1000


class BrokerAway(Unavailable):
    """Only the broker knows what waits, and it cannot be asked."""

    slug = "broker-away"


async def run(
    runtime: Runtime,
    *,
    published: Sequence[Published],
    subscriptions: Sequence[Subscription],
    stop: asyncio.Event,
) -> None:
    """Relay what is said and handle what is heard, until `stop` is set; then finish and return.

    Neither needs the broker to be there at the start, and both survive its absence.
    """
    broker = runtime.broker
    owned = streams.owned(runtime.service, published)
    relay = Relay(runtime, broker, owned, replicas=runtime.settings.nats_replicas)
    consumers = consumer.Consumers(runtime, broker, subscriptions)
    appender = Appender(runtime, broker)
    reconciler = Reconciler(runtime, owned, subscriptions)
    await broker.start()
    await relay.start()
    await consumers.start()
    await appender.start()
    reconciling = asyncio.create_task(reconciler.run(), name="reconciler")
    try:
        await stop.wait()
        if broker.is_connected:  # else nothing can be acknowledged: it is delivered again
            await consumers.drain()
            await relay.drain()
            await broker.drain()
        await appender.drain()
    finally:
        await ending.end([reconciling])
        await appender.stop()
        await consumers.stop()
        await relay.stop()
        await broker.stop()


async def unsent(runtime: Runtime) -> int:
    """Return how many events the broker has not stored yet."""
    query = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.sent_at.is_(None))
    async with runtime.reading.connect() as db:
        return await db.scalar(query) or 0


async def pending(runtime: Runtime, subscriptions: Sequence[Subscription]) -> int:
    """Return how many messages wait for this service's consumers or are being handled.

    Parked ones count when it is their turn. Raises BrokerAway (503) when nobody can know.
    """
    if not runtime.broker.is_started:
        return 0
    listeners = consumer.listeners_of(runtime, subscriptions)
    async with runtime.reading.connect() as db:
        parked = await parking.in_turn(db, listeners, limit=MOST_COUNTED)
    if not runtime.broker.is_connected:
        raise BrokerAway("The broker is away.", remedy="Ask again when it is back.")
    try:
        return parked + await consumer.pending(runtime.broker, listeners.values())
    except AWAY as error:
        raise BrokerAway(f"The broker does not answer: {error}") from error

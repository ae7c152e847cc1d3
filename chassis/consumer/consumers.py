"""All that one service hears: a channel per subscription and stream, and the sweep of the parked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from chassis import attempts, delivery, ending, logging, parking, quarantine, telemetry
from chassis.broker import AWAY, Broker
from chassis.consumer import applying, durable
from chassis.consumer.channel import Channel
from chassis.listener import Listener
from chassis.messages import Subscription
from chassis.runtime import Runtime

SWEEP_S = 1.0
SWEEP_LIMIT = 100  # aggregates
LAG_S = 10.0
DRAIN_S = 7.0  # what is not committed by then is rolled back and delivered again

log = logging.get(__name__)


class Consumers:
    """Start, drain and stop of everything that a service hears."""

    def __init__(
        self, runtime: Runtime, broker: Broker, subscriptions: Iterable[Subscription]
    ) -> None:
        self._runtime = runtime
        self._broker = broker
        self._listeners = listeners_of(runtime, subscriptions)
        # each needs a database connection, and the edge needs some too
        gate = asyncio.Semaphore(max(1, runtime.settings.database_pool // 2))
        self._channels = [
            Channel(broker, listener, stream, subject=subject, gate=gate)
            for listener in self._listeners.values()
            for stream, subject in delivery.sources(listener.subscription)
        ]
        self._tasks: list[asyncio.Task[None]] = []
        self._watches: list[asyncio.Task[None]] = []
        self._figures = {"lag": 0.0, "parked": 0.0, "parked_s": 0.0, "quarantined": 0.0}
        for figure, meaning in _GAUGES.items():
            telemetry.gauge(
                f"consumer_{figure}", meaning, partial(self._figures.__getitem__, figure)
            )

    @property
    def listeners(self) -> Mapping[str, Listener]:
        """Every subscription by its consumer's name."""
        return self._listeners

    async def start(self) -> None:
        """Begin to hear, each stream as soon as it is to be had."""
        self._tasks = [
            asyncio.create_task(channel.run(), name=f"{channel.listener.name} {channel.stream}")
            for channel in self._channels
        ]
        if self._channels:
            self._watches = [
                asyncio.create_task(self._sweep_for_ever(), name="sweep"),
                asyncio.create_task(self._measure_for_ever(), name="lag"),
            ]

    async def drain(self) -> None:
        """Take nothing new; what was taken is committed and acknowledged."""
        for channel in self._channels:
            channel.drain()
        if self._tasks and self._broker.is_connected:
            await asyncio.wait(self._tasks, timeout=DRAIN_S)

    async def stop(self) -> None:
        """Leave no task."""
        await ending.end([*self._tasks, *self._watches])

    async def sweep(self) -> None:
        """Apply every parked message whose turn has come, wherever an earlier try left it."""
        now = self._runtime.clock.wall()
        async with self._runtime.engine.connect() as db:
            due = await parking.waiting(db, self._listeners, now=now, limit=SWEEP_LIMIT)
        for consumer, key in due:
            await applying.drain(self._listeners[consumer], key)

    async def _sweep_for_ever(self) -> None:
        while True:
            with contextlib.suppress(SQLAlchemyError, OSError):  # the database is away
                await self.sweep()
            await asyncio.sleep(SWEEP_S)

    async def _measure_for_ever(self) -> None:
        while True:
            try:
                await self._measure()
            except (*AWAY, SQLAlchemyError) as error:
                log.info("consumer.unmeasured", reason=attempts.describe(error))
            await asyncio.sleep(LAG_S)

    async def _measure(self) -> None:
        async with self._runtime.engine.connect() as db:
            parked, age = await parking.count(db)
            self._figures["parked"], self._figures["parked_s"] = parked, age.total_seconds()
            self._figures["quarantined"] = await quarantine.count(db)
        if self._broker.is_connected:
            self._figures["lag"] = await pending(self._broker, self._listeners.values())


_GAUGES = {
    "lag": "Messages that wait or are being handled, all subscriptions",
    "parked": "Messages that came before their predecessors",
    "parked_s": "Age of the oldest of them, seconds; over 60 means that an event was lost",
    "quarantined": "Messages set aside and not resolved",
}


async def pending(broker: Broker, listeners: Iterable[Listener]) -> int:
    """Return how many messages wait for these listeners or are being handled, by the broker.

    Raises one of the broker's errors when it is away: then nobody knows.
    """
    counts = [
        durable.pending(broker, listener, stream)
        for listener in listeners
        for stream, _ in delivery.sources(listener.subscription)
    ]
    return sum(await asyncio.gather(*counts))


def listeners_of(runtime: Runtime, subscriptions: Iterable[Subscription]) -> dict[str, Listener]:
    """Return every subscription by its consumer's name. Raises ValueError when two share one."""
    listeners: dict[str, Listener] = {}
    for subscription in subscriptions:
        listener = Listener(runtime, subscription)
        if listener.name in listeners:
            raise ValueError(f"two subscriptions are named {listener.name}: merge what they hear")
        listeners[listener.name] = listener
    return listeners

"""One subscription on one stream: takes messages, has them applied, and acknowledges."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence

from nats.aio.msg import Msg
from sqlalchemy.exc import SQLAlchemyError

from chassis import attempts, clock, logging, quarantine, telemetry
from chassis.broker import AWAY, Broker
from chassis.consumer import applying, durable
from chassis.consumer.pull import Pull, Stalled
from chassis.delivery import Delivery
from chassis.errors import Quarantine
from chassis.listener import Listener

BATCH = 200  # messages taken at once
RETRY_S = 1.0
KEEP_ALIVE_S = durable.ACK_WAIT_S / 3

log = logging.get(__name__)
_redelivered = telemetry.counter("consumer_redelivered_total", "Messages delivered again")


class Channel:
    """Runs until drained; survives the broker's and the database's absence."""

    def __init__(
        self,
        broker: Broker,
        listener: Listener,
        stream: str,
        *,
        subject: str,
        gate: asyncio.Semaphore,
    ) -> None:
        self.listener = listener
        self._gate = gate
        self.stream = stream
        self._broker = broker
        self._subject = subject
        self._draining = False
        self._pull: Pull | None = None
        self._open: dict[int, Msg] = {}  # taken and not settled

    async def run(self) -> None:
        """Hear the stream until drained."""
        while not self._draining:
            try:
                await durable.declare(
                    self._broker, self.listener, self.stream, subject=self._subject
                )
                await self._hear()
            except (*AWAY, SQLAlchemyError, Stalled) as error:
                log.info(
                    "consumer.waits",
                    consumer=self.listener.name,
                    stream=self.stream,
                    reason=attempts.describe(error),
                )
                await asyncio.sleep(RETRY_S)
            except Exception as error:
                log.error("consumer.failed", error=error, consumer=self.listener.name)
                await asyncio.sleep(RETRY_S)

    def drain(self) -> None:
        """Take nothing new; `run` ends when what was taken is settled."""
        self._draining = True
        if self._pull is not None:
            self._pull.interrupt()

    async def _hear(self) -> None:
        window = 2 * BATCH
        async with Pull(self._broker, self.stream, self.listener.name, window=window) as pull:
            self._pull = pull
            alive = asyncio.create_task(self._keep_alive(pull))
            try:
                while not self._draining:
                    await self._settle(await pull.take(BATCH))
            finally:
                self._pull = None
                alive.cancel()
                for message in pull.waiting:
                    with contextlib.suppress(*AWAY):
                        await message.nak()  # another replica takes it at once

    async def _settle(self, messages: Sequence[Msg]) -> None:
        self._open.update({id(message): message for message in messages})
        try:
            if self.listener.subscription.batch:
                await self._settle_together(messages)
            else:
                await self._settle_by_aggregate(messages)
        finally:
            self._open.clear()

    async def _settle_together(self, messages: Sequence[Msg]) -> None:
        if not messages:
            return
        if all(message.metadata.num_delivered == 1 for message in messages):
            deliveries = [delivery_of(message) for message in messages]
            with contextlib.suppress(Exception):  # told when it is met again, one by one
                async with self._gate:
                    applied = await applying.apply(self.listener, deliveries)
                for message in messages:
                    await self._ack(message)
                await self._drain_parked(applied.successors)
                return
        for message in messages:
            await self._settle_one(message)

    async def _settle_by_aggregate(self, messages: Sequence[Msg]) -> None:
        chains: dict[str, list[Msg]] = {}
        for message in messages:
            chains.setdefault(message.subject.rpartition(".")[2], []).append(message)

        async def settle(chain: list[Msg]) -> None:
            for message in chain:
                await self._settle_one(message)

        async with asyncio.TaskGroup() as group:
            for chain in chains.values():
                group.create_task(settle(chain))

    async def _settle_one(self, message: Msg) -> None:
        """Have the message applied, parked or quarantined and acknowledged, or tried again later."""
        delivery = delivery_of(message)
        try:
            async with self._gate:
                successors = await self._take(delivery)
        except Exception as error:
            await self._retry(message, delivery, error)
            return
        await self._ack(message)
        await self._drain_parked(successors)

    async def _take(self, delivery: Delivery) -> set[tuple[str, str]]:
        again = delivery.delivered > 1
        if again and await self._is_given_up(delivery):
            return set()
        try:
            applied = await applying.apply(self.listener, [delivery])
        except Quarantine as hopeless:
            await quarantine.hold(self.listener, delivery, reason=str(hopeless))
            return set()
        if again:
            await attempts.forget(self.listener, delivery)
        return applied.successors

    async def _is_given_up(self, delivery: Delivery) -> bool:
        """Count the attempt; when there have been enough, have the message in quarantine instead."""
        _redelivered.add(1, {"consumer": self.listener.name})
        tried = await attempts.begin(self.listener, delivery)
        if tried.number <= applying.MAX_ATTEMPTS:
            return False
        await quarantine.hold(
            self.listener,
            delivery,
            reason=f"given up after {tried.number - 1} attempts",
            error=tried.last_error or "the process ended each time",
            tries=tried.number - 1,
        )
        await attempts.forget(self.listener, delivery)
        return True

    async def _retry(self, message: Msg, delivery: Delivery, error: Exception) -> None:
        log.error(
            "consumer.handler_failed",
            error=error,
            consumer=self.listener.name,
            subject=delivery.subject,
        )
        number = delivery.delivered
        with contextlib.suppress(*AWAY, SQLAlchemyError):  # then it is not counted, only repeated
            number = await attempts.note(self.listener, delivery, error)
        pause = clock.backoff(number, first=applying.FIRST_PAUSE, cap=applying.LONGEST_PAUSE)
        with contextlib.suppress(*AWAY):
            await message.nak(delay=pause.total_seconds())

    async def _drain_parked(self, keys: Iterable[tuple[str, str]]) -> None:
        with contextlib.suppress(SQLAlchemyError):  # then the sweep finds them
            for key in keys:
                async with self._gate:
                    await applying.drain(self.listener, key)

    async def _ack(self, message: Msg) -> None:
        with contextlib.suppress(*AWAY):  # then it comes again, and the inbox knows it
            await message.ack()

    async def _keep_alive(self, pull: Pull) -> None:
        """Tell the broker that what is being handled, or waits here for it, is not lost."""
        while True:
            await asyncio.sleep(KEEP_ALIVE_S)
            for message in (*self._open.values(), *pull.waiting):
                with contextlib.suppress(*AWAY):
                    await message.in_progress()


def delivery_of(message: Msg) -> Delivery:
    """Return the message with what the broker says of it."""
    told = message.metadata
    return Delivery(
        subject=message.subject,
        headers=message.headers or {},
        payload=message.data,
        stream=told.stream,
        stream_seq=told.sequence.stream,
        delivered=told.num_delivered or 1,
    )

"""One subscription on one stream: takes messages, has them applied, and acknowledges."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from nats.aio.msg import Msg
from sqlalchemy.exc import SQLAlchemyError

from chassis import attempts, clock, logging, quarantine, telemetry
from chassis.broker import AWAY, Broker
from chassis.consumer import applying, durable, settling
from chassis.consumer.pull import Pull, Stalled
from chassis.delivery import Delivery
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
        self._generation = 0  # the connection over which they came

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
            except Exception as error:  # a bug of ours must not silence the consumer
                log.error("consumer.failed", error=error, consumer=self.listener.name)
                await asyncio.sleep(RETRY_S)

    def drain(self) -> None:
        """Take nothing new; `run` ends when what was taken is settled."""
        self._draining = True
        if self._pull is not None:
            self._pull.interrupt()

    async def _hear(self) -> None:
        pull = Pull(self._broker, self.stream, self.listener.name, window=2 * BATCH)
        try:
            async with pull:
                await self._take_all(pull)
        finally:
            for message in pull.waiting:
                with contextlib.suppress(*AWAY):
                    await message.nak()  # another replica takes it at once

    async def _take_all(self, pull: Pull) -> None:
        self._pull, self._generation = pull, pull.generation
        alive = asyncio.create_task(self._keep_alive(pull))
        try:
            while not self._draining:
                await self._settle(await pull.take(BATCH))
        finally:
            self._pull = None
            alive.cancel()

    async def _settle(self, messages: Sequence[Msg]) -> None:
        self._open.update({id(message): message for message in messages})
        try:
            if messages and self.listener.subscription.batch:
                await self._settle_together(messages)
            else:
                await self._settle_by_aggregate(messages)
        finally:
            self._open.clear()

    async def _settle_together(self, messages: Sequence[Msg]) -> None:
        deliveries = [delivery_of(message) for message in messages]

        async def do(step: settling.Step) -> Any:  # noqa: ANN401 - each step has its own answer
            match step:
                case settling.Apply():
                    async with self._gate:
                        applied = await applying.apply(self.listener, deliveries)
                    return frozenset(applied.successors)
                case settling.Ack():
                    await self._ack(*messages)
                case settling.Drain(keys):
                    await self._drain_parked(keys)

        counts = [one.delivered for one in deliveries]
        if not await settling.perform(settling.settle_together(counts), do):
            for message in messages:
                await self._settle_one(message)

    async def _settle_by_aggregate(self, messages: Sequence[Msg]) -> None:
        async def settle(chain: list[Msg]) -> None:
            for message in chain:
                await self._settle_one(message)

        async with asyncio.TaskGroup() as group:
            for chain in settling.by_aggregate(messages, lambda m: m.subject.rpartition(".")[2]):
                group.create_task(settle(chain))

    async def _settle_one(self, message: Msg) -> None:
        """Have the message applied, parked or quarantined and acknowledged, or tried again later."""
        delivery = delivery_of(message)

        async def do(step: settling.Step) -> Any:  # noqa: ANN401 - each step has its own answer
            match step:
                case settling.Retry(error):
                    await self._retry(message, delivery, error)
                case settling.Ack():
                    await self._ack(message)
                case settling.Drain(keys):
                    await self._drain_parked(keys)
                case _:
                    async with self._gate:
                        return await self._record(delivery, step)

        await settling.perform(settling.settle(delivery.delivered), do)

    async def _record(self, delivery: Delivery, step: settling.Step) -> Any:  # noqa: ANN401 - as above
        match step:
            case settling.CountAttempt():
                _redelivered.add(1, {"consumer": self.listener.name})
                return await attempts.begin(self.listener, delivery)
            case settling.Apply():
                applied = await applying.apply(self.listener, [delivery])
                return frozenset(applied.successors)
            case settling.Hold(reason, error, tries):
                await quarantine.hold(
                    self.listener, delivery, reason=reason, error=error, tries=tries
                )
            case settling.Forget():
                await attempts.forget(self.listener, delivery)

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
        pause = clock.backoff(number, first=settling.FIRST_PAUSE, cap=settling.LONGEST_PAUSE)
        if self._may_answer():
            with contextlib.suppress(*AWAY):
                await message.nak(delay=pause.total_seconds())

    async def _drain_parked(self, keys: frozenset[settling.Key]) -> None:
        with contextlib.suppress(SQLAlchemyError):  # then the sweep finds them
            for key in sorted(keys):
                async with self._gate:
                    await applying.drain(self.listener, key)

    async def _ack(self, *messages: Msg) -> None:
        for message in messages if self._may_answer() else ():
            with contextlib.suppress(*AWAY):  # then it comes again, and the inbox knows it
                await message.ack()

    def _may_answer(self) -> bool:
        present = self._broker.generation
        return settling.may_answer(taken_in=self._generation, present=present)

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

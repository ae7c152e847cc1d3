"""The service that hears: three consumers in two processes, and their parked messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from chassis.attempts import Attempts
from chassis.consumer import settling
from chassis.delivery import Delivery, Heard
from chassis.errors import Quarantine
from chassis.inbox import Outcome
from tests.simulation import timers
from tests.simulation.broker import Durable, Stored
from tests.simulation.heard import CONSUMERS, ORDERS, Entry, Inbox, Parked
from tests.simulation.world import Actor, Away


class Hearer(Inbox):
    """Its channels and its sweep."""

    # channels

    def channel(self, consumer: str, stream: str, prefix: str) -> Actor:
        """Take messages and settle them, for ever."""
        world, broker = self.world, self.broker
        while True:
            try:
                yield lambda: broker.is_up and stream in broker.streams
                generation = broker.generation
                yield from self._declare(consumer, stream, prefix)
                while broker.is_up and broker.generation == generation:
                    taken = broker.take(stream, consumer, limit=world.chance.choice((1, 4)))
                    if taken:
                        yield None
                        yield from self._settle(consumer, stream, taken, generation)
                    else:
                        yield (
                            world.now + 2.0
                            if world.calm
                            else partial(self._has_more, stream, consumer, generation)
                        )
            except (Away, KeyError) as error:
                world.tell(f"{consumer} waits: {error!r}")
                yield world.now + 1.0

    def _has_more(self, stream: str, consumer: str, generation: int) -> bool:
        broker = self.broker
        if self.world.calm or generation != broker.generation or stream not in broker.streams:
            return True
        if consumer not in broker.streams[stream].durables:
            return True
        due = broker.next_due(stream, consumer)
        return due is not None and due <= self.world.now

    def _declare(self, consumer: str, stream: str, prefix: str) -> Actor:
        yield None
        durables = self.broker.streams[stream].durables
        fresh = Durable(prefix, self.db.incarnation)
        durable = durables.setdefault(consumer, fresh)
        taken = self._last_taken(consumer, stream)
        messages = self.broker.streams[stream].messages
        behind = (s for s, m in messages.items() if s > taken and m.subject.startswith(prefix))
        if not self.do.is_same_past(durable.past, self.db.incarnation) or self.do.has_forgotten(
            floor=durable.floor, taken=taken, following=min(behind, default=None)
        ):
            durables[consumer] = fresh

    def _last_taken(self, consumer: str, stream: str) -> int:
        entries = [e for (c, _), e in self._inbox() if c == consumer and e.stream == stream]
        held = [h.message for h in self.db["quarantine"].values() if h.consumer == consumer]
        seqs = [e.stream_seq for e in entries]
        return max([*seqs, *(m.stream_seq for m in held if m.stream == stream)], default=0)

    def _inbox(self) -> list[tuple[Any, Entry]]:
        return list(self.db["inbox"].items())

    def _settle(
        self,
        consumer: str,
        stream: str,
        taken: Sequence[tuple[Stored, int]],
        generation: int,
    ) -> Actor:
        messages = [
            Delivery(
                subject=stored.subject,
                headers=stored.headers,
                payload=b"{}",
                stream=stream,
                stream_seq=stored.seq,
                delivered=delivered,
            )
            for stored, delivered in taken
        ]
        if CONSUMERS[consumer].batch:
            steps = self.do.settle_together([m.delivered for m in messages])
            if (yield from self._perform(steps, consumer, messages, generation)):
                return
        for message in messages:
            steps = self.do.settle(message.delivered)
            yield from self._perform(steps, consumer, [message], generation)

    def _perform(
        self, steps: Any, consumer: str, messages: Sequence[Delivery], generation: int
    ) -> Actor:
        """Do each step of the protocol, with chances to fail before and after."""
        try:
            step = next(steps)
            while True:
                yield None
                try:
                    answer = yield from self._do(step, consumer, messages, generation)
                except (Away, Quarantine, RuntimeError) as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as end:
            return end.value

    def _do(self, step: Any, consumer: str, messages: Sequence[Delivery], generation: int) -> Actor:
        message = messages[0]
        match step:
            case settling.Apply():
                return (yield from self._apply(consumer, messages))
            case settling.Ack():
                self._ack(consumer, messages, generation)
            case settling.Drain(keys):
                for key in sorted(keys):
                    yield from self.drain(consumer, key)
            case settling.Retry():
                yield from self._retry(consumer, message, generation)
            case _:
                return (yield from self._count_or_hold(step, consumer, message))
        return None

    def _count_or_hold(self, step: Any, consumer: str, message: Delivery) -> Actor:
        match step:
            case settling.CountAttempt():
                return (yield from self._count(consumer, message))
            case settling.Hold():
                yield from self.hold(consumer, message)
            case settling.Forget():
                with self.db.transaction() as transaction:
                    transaction.delete("attempt", (consumer, message.stream, message.stream_seq))
                    yield from transaction.commit()
        return None

    def _ack(self, consumer: str, messages: Sequence[Delivery], generation: int) -> None:
        if self.do.may_answer(taken_in=generation, present=self.broker.generation):
            for message in messages:
                if not self.world.strikes("ack lost"):
                    self.broker.ack(message.stream, consumer, message.stream_seq)

    def _retry(self, consumer: str, message: Delivery, generation: int) -> Actor:
        number = message.delivered
        key = (consumer, message.stream, message.stream_seq)
        try:
            with self.db.transaction() as transaction:
                number = max(1, self.db["attempt"].get(key, 0))
                transaction.put("attempt", key, number)
                yield from transaction.commit()
        except Away:
            pass
        if self.do.may_answer(taken_in=generation, present=self.broker.generation):
            pause = timers.pause(number, settling.FIRST_PAUSE, settling.LONGEST_PAUSE)
            self.broker.nak(
                message.stream, consumer, message.stream_seq, pause=pause.total_seconds()
            )

    def _count(self, consumer: str, message: Delivery) -> Actor:
        key = (consumer, message.stream, message.stream_seq)
        with self.db.transaction() as transaction:
            number = self.db["attempt"].get(key, 0) + 1
            transaction.put("attempt", key, number)
            yield from transaction.commit()
        return Attempts(number, None)

    # parked

    def sweep(self) -> Actor:
        """Drain, once a second, what another attempt left."""
        while True:
            yield self.world.now + 1.0
            if not self.db["parked"]:
                continue
            for consumer, key in sorted(
                {(c, p.heard.key) for (c, _), p in self.db["parked"].items()}
            ):
                try:
                    yield from self.drain(consumer, key)
                except Away:
                    break

    def drain(self, consumer: str, key: tuple[str, str]) -> Actor:
        """Apply the parked messages of the aggregate whose turn has come, by the real protocol."""
        steps = self.do.drain()
        current: list[Parked] = []
        try:
            step = next(steps)
            while True:
                yield None
                try:
                    answer = yield from self._do_parked(step, consumer, key, current)
                except (Away, Quarantine, RuntimeError) as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except (StopIteration, Away):
            return  # the sweep finds the rest

    def _do_parked(
        self, step: Any, consumer: str, key: tuple[str, str], current: list[Parked]
    ) -> Actor:
        match step:
            case settling.NextParked():
                row = yield from self._next_parked(consumer, key)
                current[:] = [] if row is None else [row]
                return None if row is None else row.attempts
            case settling.ApplyParked():
                return (yield from self._apply_parked(consumer, current[0].heard))
            case settling.Hold():
                yield from self.hold(consumer, current[0].message)
        return None

    def _next_parked(self, consumer: str, key: tuple[str, str]) -> Actor:
        with self.db.transaction() as transaction:
            row = self.do.turn(
                self._parked(consumer, key),
                watermark=self.db["watermark"].get((consumer, key), 0),
                is_held=self._is_held(consumer, key),
                now=self.world.instant(),
            )
            if row is not None and not settling.is_given_up(row.attempts):
                made = row.attempts + 1
                pause = timers.pause(made, settling.FIRST_PAUSE, settling.LONGEST_PAUSE)
                counted = replace(row, attempts=made, retry_at=self.world.instant() + pause)
                at = (consumer, row.heard.envelope.event_id)

                def count() -> None:
                    if at in self.db["parked"]:
                        self.db["parked"][at] = counted

                transaction.write(count)
            yield from transaction.commit()
        return row

    def _apply_parked(self, consumer: str, heard: Heard) -> Actor:
        event = (consumer, heard.envelope.event_id)
        with self.db.transaction() as transaction:
            yield from transaction.lock(self.do.locks(consumer, [heard.key]))
            if event not in self.db["parked"]:
                return True
            standing = self._standing(consumer, heard)
            entry = self.db["inbox"].get(self.do.inbox_key(*event))
            known = None if entry is None else entry.outcome
            outcome = self.do.decide_parked(ORDERS[consumer], heard, standing, known=known)
            yield None
            if outcome is Outcome.PARKED:
                return False
            if outcome is Outcome.APPLIED:
                yield from self.handle(transaction, consumer, heard)
            if outcome in (Outcome.ADVANCED, Outcome.DISCARDED):
                self.note(transaction, consumer, heard, outcome)
            transaction.delete("parked", event)
            self.finish(transaction, consumer, heard, outcome)
            yield from transaction.commit()
        return True

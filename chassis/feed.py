"""Following a stream live, from any point that it still holds: for readers that keep no state."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import nats.js.errors
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StreamInfo

from chassis import envelope, logging
from chassis.broker import AWAY, Broker
from chassis.clock import Clock
from chassis.consumer.pull import Pull, Stalled
from chassis.envelope import Envelope, Malformed

WINDOW = 200
RETRY_S = 0.5
UNUSED_S = 60.0  # the broker forgets a reader's consumer that nobody pulls from
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.get(__name__)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A point in one stream. A stream made anew is another one: its cursors do not mix."""

    stream: str
    created: datetime
    seq: int

    def __str__(self) -> str:
        return f"{self.stream}:{(self.created - _EPOCH) // _MICROSECOND:x}:{self.seq}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Return the cursor that `str` wrote. Raises ValueError."""
        stream, created, seq = text.split(":")
        return cls(stream, _EPOCH + int(created, 16) * _MICROSECOND, int(seq))


@dataclass(frozen=True, slots=True)
class Told:
    """One event with its body as it travelled (JSON), and the cursor to resume after it."""

    envelope: Envelope
    payload: bytes
    cursor: Cursor


class Gap(Exception):
    """Events after the cursor are no longer in the stream: take a new snapshot, go on from `now`."""

    def __init__(self, now: Cursor) -> None:
        super().__init__(f"events before {now} are gone")
        self.now = now


class Feed:
    """Follows streams by one connection."""

    def __init__(self, broker: Broker, clock: Clock) -> None:
        self._broker = broker
        self._clock = clock

    async def now(self, stream: str) -> Cursor:
        """Return the point after the last event. Raises NotFoundError for a stream not yet made."""
        return _end(await self._info(stream))

    async def follow(
        self, stream: str, *, subjects: Sequence[str], after: Cursor | None = None
    ) -> AsyncGenerator[Told, None]:
        """Yield the events on these subjects, in order and without a hole, for ever.

        From `after` on, or from now. Waits while the broker is away or the stream not yet made.
        Raises Gap when events after the last one yielded (or `after`) have been lost to us.
        """
        position = after
        while True:
            try:
                position = await self._resume(stream, position)
                async for told in self._pull(stream, subjects=subjects, after=position):
                    position = told.cursor
                    yield told
            except (*AWAY, Stalled) as error:
                log.info("feed.waits", stream=stream, reason=f"{type(error).__name__}: {error}")
                await asyncio.sleep(RETRY_S)

    async def _resume(self, stream: str, position: Cursor | None) -> Cursor:
        info = await self._info(stream)
        if position is None:
            return _end(info)
        if is_gone(info, position):
            raise Gap(_end(info))
        return position

    async def _pull(
        self, stream: str, *, subjects: Sequence[str], after: Cursor
    ) -> AsyncGenerator[Told, None]:
        js = await self._broker.ready()
        name = self._clock.new_id(self._broker.name)
        config = ConsumerConfig(
            name=name,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=after.seq + 1,
            ack_policy=AckPolicy.NONE,
            filter_subjects=list(subjects),
            inactive_threshold=UNUSED_S,
            mem_storage=True,
            num_replicas=1,
        )
        await js.add_consumer(stream, config)
        expected = 1
        try:
            async with Pull(self._broker, stream, name, window=WINDOW) as pull:
                while True:
                    for message in await pull.take(WINDOW):
                        if message.metadata.sequence.consumer != expected:
                            raise Stalled("a message was lost on the way")
                        expected += 1
                        told = _told(message, after)
                        if told is not None:
                            yield told
        finally:
            with contextlib.suppress(*AWAY):
                await js.delete_consumer(stream, name)

    async def _info(self, stream: str) -> StreamInfo:
        js = await self._broker.ready()
        return await js.stream_info(stream)


def is_gone(info: StreamInfo, cursor: Cursor) -> bool:
    """Whether the stream no longer holds everything after the cursor.

    A stream that keeps only the last of each subject loses nothing by replacing it.
    """
    if info.created != cursor.created or cursor.seq > info.state.last_seq:
        return True
    keeps_all = info.config.max_msgs_per_subject != 1
    return keeps_all and cursor.seq + 1 < info.state.first_seq


def _end(info: StreamInfo) -> Cursor:
    if info.config.name is None or info.created is None:
        raise nats.js.errors.Error("the broker does not describe the stream")
    return Cursor(info.config.name, info.created, info.state.last_seq)


def _told(message: Msg, after: Cursor) -> Told | None:
    cursor = Cursor(after.stream, after.created, message.metadata.sequence.stream)
    try:
        about = envelope.read(message.subject, message.headers or {})
    except Malformed as error:
        log.error("feed.malformed", error=error, subject=message.subject)
        return None
    return Told(about, message.data, cursor)

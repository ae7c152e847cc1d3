"""One reading of the streams for all sockets: remembers the recent past, lets no slow one hold it up."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum

import nats.js.errors

from chassis import logging, telemetry
from chassis.broker import AWAY
from chassis.feed import Cursor, Feed, Gap
from gateway.live.positions import Heard, Positions

REMEMBERED = 2_000  # events of a stream from which a socket can resume; the rest is a snapshot
WAITING = 256  # events for one socket; more, and it gets a gap and a snapshot instead
NOT_YET_S = 1.0  # a stream that no service has made yet is looked for so often
log = logging.get(__name__)


class Missed(Enum):
    """What a listener gets instead of events that it did not get."""

    GAP = "GAP"


GAP = Missed.GAP
Wants = Callable[[Heard], bool]


@dataclass(slots=True)
class _Stream:
    """What the hub knows of one stream: up to where, and the recent past."""

    name: str
    at: Cursor | None = None
    begins: Cursor | None = None
    recent: deque[Heard] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def begin(self, at: Cursor) -> None:
        """Nothing is remembered before `at`."""
        self.recent.clear()
        self.at = self.begins = at

    def hear(self, heard: Heard) -> None:
        """Remember one more; the oldest is forgotten when there are too many."""
        if len(self.recent) == REMEMBERED:
            self.begins = self.recent[0].cursor
        self.recent.append(heard)
        self.at = heard.cursor

    def since(self, cursor: Cursor | None) -> Sequence[Heard] | None:
        """What was heard after `cursor`; None when that is no longer known."""
        if cursor is None or self.begins is None or cursor.created != self.begins.created:
            return None
        if cursor.seq < self.begins.seq:
            return None
        return [heard for heard in self.recent if heard.cursor.seq > cursor.seq]


class Listener:
    """What waits for one subscription; bounded, so that a slow client costs only itself."""

    def __init__(
        self, streams: Sequence[str], wants: Wants, *, now: Callable[[], Positions]
    ) -> None:
        self.streams = frozenset(streams)
        self.wants = wants
        self.positions = now()  # a resume after these loses nothing that was not taken
        self._now = now
        self._waiting: deque[Heard] = deque()
        self._room = WAITING
        self._missed = False
        self._news = asyncio.Event()

    def resume(self, after: Positions, past: Iterable[Heard]) -> None:
        """Stand at `after`, with all that was wanted since waiting; it takes no room from the new."""
        self.positions = after
        self._waiting.extend(heard for heard in past if self.wants(heard))
        self._room = WAITING + len(self._waiting)
        if self._waiting:
            self._news.set()

    def offer(self, heard: Heard) -> None:
        """Put one event into the queue, or note the gap when the queue is full."""
        if self._missed or not self.wants(heard):
            return
        if len(self._waiting) >= self._room:
            self.miss()
            return
        self._waiting.append(heard)
        self._news.set()

    def miss(self) -> None:
        """Events are lost to this listener: what waits is dropped, a gap is told instead."""
        self._waiting.clear()
        self._missed = True
        self._news.set()

    async def next(self, within_s: float) -> Heard | Missed | None:
        """The next event, GAP when some were lost, None when nothing came in time."""
        try:
            async with asyncio.timeout(within_s):
                await self._news.wait()
        except TimeoutError:
            self.positions = self._now()  # all that was wanted has been taken
            return None
        if self._missed:
            self._missed = False
            self.positions = self._now()
            self._calm()
            return GAP
        heard = self._waiting.popleft()
        self._calm()
        self.positions = self.positions.after(heard.cursor)
        return heard

    def _calm(self) -> None:
        if not self._waiting and not self._missed:
            self._news.clear()


class Hub:
    """Follows every stream once, for all listeners of the process."""

    def __init__(
        self, feed: Feed, streams: Iterable[str], *, is_connected: Callable[[], bool]
    ) -> None:
        self._feed = feed
        self._is_connected = is_connected
        self._streams = {name: _Stream(name) for name in streams}
        self._listeners: set[Listener] = set()
        self._tasks: list[asyncio.Task[None]] = []
        telemetry.gauge(
            "feed_listeners", "Subscriptions that are open", lambda: len(self._listeners)
        )

    async def start(self) -> None:
        """Begin to follow; returns at once, whether or not the broker is there."""
        self._tasks = [
            asyncio.create_task(self._follow(stream), name=f"hub {stream.name}")
            for stream in self._streams.values()
        ]

    async def stop(self) -> None:
        """Leave no task."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @property
    def is_live(self) -> bool:
        """Whether what happens is heard: without the broker no feed may say that it is live."""
        return self._is_connected()

    def positions(self, streams: Iterable[str]) -> Positions:
        """How far the hub has come in these streams; one that it has not read yet is left out."""
        found = (self._streams[name].at for name in streams)
        return Positions({cursor.stream: cursor for cursor in found if cursor is not None})

    @asynccontextmanager
    async def listen(
        self, streams: Sequence[str], wants: Wants, *, after: Positions | None
    ) -> AsyncIterator[Listener]:
        """A listener to what is wanted of these streams from now on, or after those positions.

        When the past since `after` is not remembered, the first that it gets is GAP.
        """
        listener = Listener(streams, wants, now=lambda: self.positions(streams))
        if after is not None:
            self._resume(listener, after)
        self._listeners.add(listener)  # no await since the past was read: no event is between
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def _resume(self, listener: Listener, after: Positions) -> None:
        past = [self._streams[name].since(after.by_stream.get(name)) for name in listener.streams]
        if any(heard is None for heard in past):
            listener.miss()
            return
        # in the order of each stream; between streams there is none
        listener.resume(after, (heard for known in past for heard in known or ()))

    async def _follow(self, stream: _Stream) -> None:
        while True:
            try:
                await self._read(stream)
            except Gap as gap:
                self._lost(stream, gap.now)
            except nats.js.errors.NotFoundError:
                await asyncio.sleep(NOT_YET_S)
            except AWAY as error:
                log.info("hub.waits", stream=stream.name, reason=type(error).__name__)
                await asyncio.sleep(NOT_YET_S)

    async def _read(self, stream: _Stream) -> None:
        if stream.at is None:
            now = await self._feed.now(stream.name)
            self._lost(stream, Cursor(now.stream, now.created, max(0, now.seq - REMEMBERED)))
        async for told in self._feed.follow(stream.name, subjects=(), after=stream.at):
            heard = Heard.of(told)
            stream.hear(heard)
            for listener in self._listeners:
                if stream.name in listener.streams:
                    listener.offer(heard)

    def _lost(self, stream: _Stream, now: Cursor) -> None:
        stream.begin(now)
        for listener in self._listeners:
            if stream.name in listener.streams:
                listener.miss()

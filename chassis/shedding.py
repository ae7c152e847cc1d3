"""Who is served first when there is more than can be done: by class, the lowest is turned away."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from chassis import telemetry
from chassis.errors import Unavailable
from chassis.rates import Class

_shed = telemetry.counter("requests_shed_total", "Requests turned away by overload, by class.")


class Overloaded(Unavailable):
    """More is asked than can be done, and others go first; nothing was looked at."""

    slug = "overloaded"


@dataclass(frozen=True, slots=True)
class Share:
    """What one class may use: a part of the places in work, a queue, and patience in it."""

    part: float  # begins only while less than this part of all places is in work
    waiting: int
    patience_s: float


SHARES: Mapping[Class, Share] = {
    Class.CITIZEN: Share(0.25, 32, 0.5),
    Class.READ: Share(0.5, 256, 2.0),  # the gateway waits 3 s for a read
    Class.RESPONDER: Share(0.75, 256, 5.0),
    Class.COMMAND: Share(1.0, 1_024, 8.0),  # the gateway waits 10 s for a command
}


class Admission:
    """At most `places` requests in work; whoever waits is served by class, then in order."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._in_work = 0
        self._waiting: dict[Class, deque[asyncio.Future[None]]] = {
            one: deque() for one in sorted(Class, reverse=True)
        }

    @asynccontextmanager
    async def place(self, class_: Class) -> AsyncIterator[None]:
        """Hold one place inside the block. Raises Overloaded when none is free in time."""
        await self._enter(class_)
        try:
            yield
        finally:
            self._in_work -= 1
            self._call_next()

    async def _enter(self, class_: Class) -> None:
        queue = self._waiting[class_]
        if not queue and self._has_room(class_):
            self._in_work += 1
            return
        if len(queue) >= SHARES[class_].waiting:
            raise _turned_away(class_)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            async with asyncio.timeout(SHARES[class_].patience_s):
                await turn
        except BaseException as error:
            self._give_up(turn, queue)
            if isinstance(error, TimeoutError):
                raise _turned_away(class_) from None
            raise

    def _give_up(self, turn: asyncio.Future[None], queue: deque[asyncio.Future[None]]) -> None:
        if turn.done() and not turn.cancelled():  # called in the same moment: the place goes on
            self._in_work -= 1
            self._call_next()
        elif turn in queue:
            queue.remove(turn)

    def _call_next(self) -> None:
        for class_, queue in self._waiting.items():
            while queue and self._has_room(class_):
                turn = queue.popleft()
                if not turn.done():
                    self._in_work += 1
                    turn.set_result(None)

    def _has_room(self, class_: Class) -> bool:
        return self._in_work < max(1, int(self._places * SHARES[class_].part))


def _turned_away(class_: Class) -> Overloaded:
    _shed.add(1, {"class": class_.name.lower()})
    return Overloaded(
        "More is asked at this moment than can be done.",
        remedy="Send the same request again, with the same Idempotency-Key.",
    )

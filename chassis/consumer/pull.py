"""Pulling from a durable consumer: a few requests kept open, a silent one noticed."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from types import TracebackType
from typing import Self

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from chassis.broker import AWAY, Broker

HEARTBEAT_S = 5.0
SILENCE_S = 3 * HEARTBEAT_S  # a consumer that says nothing so long has stalled
EXPIRES_S = 60.0
LAST_WORDS_S = 2.0  # for one round trip, within the 7 s of a drain
LOOK_S = 0.5  # how soon a new connection is noticed
_NANO = 1_000_000_000
_HEARTBEAT, _NO_RESPONDERS = "100", "503"
_SPENT = ("404", "408")  # the request ended: nothing there, or its time was over


class Stalled(Exception):
    """The consumer no longer delivers here: open it again."""


class Pull:
    """Messages of one durable, in the broker's order; `async with` opens and closes it.

    Closed, `waiting` holds what had been sent here and was not taken. What the broker was about to
    send in that moment it counts as delivered too: that comes again when `ACK_WAIT_S` is over.
    """

    def __init__(self, broker: Broker, stream: str, durable: str, *, window: int) -> None:
        self._broker = broker
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._window = window
        self._asked = 0  # messages that the broker still owes us
        self._arrivals: deque[Msg] = deque()
        self._woken = asyncio.Event()
        self._interrupted = False
        self._generation = 0
        self._subscription: Subscription | None = None
        self._inbox = ""
        self._stalled: Stalled | None = None

    async def __aenter__(self) -> Self:
        await self._broker.ready()
        self._generation = self._broker.generation
        self._inbox = self._broker.client.new_inbox()
        self._subscription = await self._broker.client.subscribe(self._inbox, cb=self._arrived)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._subscription is not None:
            with contextlib.suppress(*AWAY):
                await self._end(self._subscription)

    def interrupt(self) -> None:
        """Have `take` return what there is, now."""
        self._interrupted = True
        self._woken.set()

    async def take(self, limit: int) -> list[Msg]:
        """Return at least one message and at most `limit`; none when interrupted.

        Raises Stalled when the consumer is gone, silent, or the connection is a new one.
        """
        if self._stalled is not None:
            raise self._stalled
        await self._ask()
        await self._wait()
        messages: list[Msg] = []
        while self._arrivals and len(messages) < limit:
            message = self._arrivals.popleft()
            if not self._is_status(message):
                messages.append(message)
        self._asked -= len(messages)
        return messages

    @property
    def generation(self) -> int:
        """The connection over which it pulls."""
        return self._generation

    @property
    def waiting(self) -> tuple[Msg, ...]:
        """What was delivered and has not been taken."""
        return tuple(one for one in self._arrivals if "Status" not in (one.headers or {}))

    async def _end(self, subscription: Subscription) -> None:
        """Want nothing more; what is on its way arrives before this returns."""
        if self._generation != self._broker.generation or not self._broker.is_connected:
            await subscription.unsubscribe()  # what was on its way went with its connection
            return
        async with asyncio.timeout(LAST_WORDS_S):
            await subscription.drain()  # type: ignore[no-untyped-call] # nats-py types unsubscribe only

    async def _ask(self) -> None:
        if self._asked > self._window // 2:
            return
        more = self._window - self._asked
        body = {
            "batch": more,
            "expires": int(EXPIRES_S * _NANO),
            "idle_heartbeat": int(HEARTBEAT_S * _NANO),
        }
        await self._broker.client.publish(
            self._subject, json.dumps(body).encode(), reply=self._inbox
        )
        self._asked += more

    async def _wait(self) -> None:
        """Wait for something to arrive, or for the interruption. Raises Stalled."""
        waited = 0.0
        while not self._arrivals and not self._interrupted:
            self._woken.clear()
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._woken.wait()
            except TimeoutError:
                waited += LOOK_S
            if self._generation != self._broker.generation:
                raise Stalled("a new connection")
            if waited >= SILENCE_S:
                raise Stalled(f"silent for {SILENCE_S:.0f} s")

    async def _arrived(self, message: Msg) -> None:
        self._arrivals.append(message)
        self._woken.set()

    def _is_status(self, message: Msg) -> bool:
        headers = message.headers or {}
        status = headers.get("Status")
        if status is None:
            return False
        if status in _SPENT:
            self._asked = max(0, self._asked - int(headers.get("Nats-Pending-Messages", 0)))
        elif status != _HEARTBEAT:
            description = "no such consumer" if status == _NO_RESPONDERS else "told"
            self._stalled = Stalled(f"{description}: {status} {headers.get('Description', '')}")
        return True

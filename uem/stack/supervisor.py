"""Keeps the servers of a stack running: one that dies is started again, and it is said."""

import asyncio
import contextlib
import enum
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from chassis.clock import backoff
from uem.problem import Problem

LOOK_EVERY_S = 0.1
STEADY_AFTER_S = 30.0  # a server that ran this long is restarted at once when it dies


class Server(Protocol):
    """What can be kept running: PostgreSQL, NATS, a service, the gateway."""

    name: str

    @property
    def pid(self) -> int | None:
        """The pid while it lives."""

    def start(self) -> None:
        """It answers."""

    def stop(self) -> None:
        """It is gone, having finished what it had begun."""

    def kill(self) -> None:
        """It was ended by SIGKILL."""

    def is_ready(self) -> bool:
        """Whether it answers now."""


class State(enum.StrEnum):
    """What has just become of a server."""

    STARTING = "starting"
    READY = "ready"
    DIED = "died"
    FAILED = "failed"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Step:
    """One change in the stack, as the operator is told it."""

    server: str
    state: State
    seconds: float = 0.0
    detail: str = ""


Tell = Callable[[Step], None]


@dataclass(slots=True)
class _Watched:
    server: Server
    starting: asyncio.Task[None]
    started: float
    attempts: int = 0
    unwanted: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Supervisor:
    """Starts and stops servers, and restarts those that die in between."""

    tell: Tell
    _watched: dict[str, _Watched] = field(default_factory=dict)
    _watch: asyncio.Task[None] | None = None

    async def start(self, server: Server) -> None:
        """The server answers, and from now on is restarted when it dies.

        Raises `Problem` when it does not come up; it is then not watched.
        """
        starting = asyncio.create_task(
            self._timed(server, State.STARTING, server.start, State.READY)
        )
        self._watched[server.name] = _Watched(server, starting, time.monotonic())
        if self._watch is None:
            self._watch = asyncio.create_task(self._keep_watching())
        try:
            await asyncio.shield(starting)  # a thread cannot be cancelled: `stop` ends it
        except Problem:
            self._watched.pop(server.name, None)
            raise

    async def stop(self, server: Server) -> None:
        """The server is gone and stays so, even if it was being started."""
        watched = self._watched.pop(server.name, None)
        if watched is not None:
            watched.unwanted.set()
            while not watched.starting.done():
                await asyncio.to_thread(server.stop)
                await asyncio.wait({watched.starting}, timeout=LOOK_EVERY_S)
            watched.starting.exception()
        await self._timed(server, State.STOPPING, server.stop, State.STOPPED)

    async def close(self) -> None:
        """Nothing is watched any more; what runs keeps running."""
        for watched in self._watched.values():
            watched.unwanted.set()
        self._watched.clear()
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None

    def is_steady(self) -> bool:
        """Whether every watched server lives and answers, and none is being started."""
        return all(
            watched.starting.done() and watched.server.is_ready()
            for watched in list(self._watched.values())
        )

    async def _timed(
        self, server: Server, before: State, action: Callable[[], None], after: State
    ) -> None:
        self.tell(Step(server.name, before))
        began = time.monotonic()
        await asyncio.to_thread(action)
        self.tell(Step(server.name, after, time.monotonic() - began))

    async def _keep_watching(self) -> None:
        while True:
            for watched in self._watched.values():
                if watched.starting.done() and watched.server.pid is None:
                    watched.starting = asyncio.create_task(self._restart(watched))
            await asyncio.sleep(LOOK_EVERY_S)

    async def _restart(self, watched: _Watched) -> None:
        name = watched.server.name
        lived = time.monotonic() - watched.started
        watched.attempts = 1 if lived > STEADY_AFTER_S else watched.attempts + 1
        self.tell(Step(name, State.DIED, lived, "starting it again"))
        if watched.attempts > 1 and await _set_within(watched.unwanted, _pause_s(watched)):
            return
        watched.started = time.monotonic()
        try:
            await self._timed(watched.server, State.STARTING, watched.server.start, State.READY)
        except (Problem, OSError) as error:  # it is dead still, so it is tried again
            self.tell(Step(name, State.FAILED, time.monotonic() - watched.started, str(error)))


def _pause_s(watched: _Watched) -> float:
    first, cap = timedelta(seconds=0.5), timedelta(seconds=10)
    return backoff(watched.attempts - 1, first=first, cap=cap).total_seconds()


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()

"""A city whose machines die or stop while it acts: every write may come with a fault, and is tried again."""

import asyncio
import itertools
import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from uem.demo.city import SERVICES, City
from uem.problem import Problem
from uem.stack.stack import Stack

PATIENCE_S = 240.0  # longer than any fault lasts, the broker's absence included
LOOK_EVERY_S = 0.05
LOOKS = 8  # in a row find every queue empty, so that what one says has come to who hears it
READS = ("GET",)
CLOCK = "/v1/rehearsal/clock"


class PatientCity(City):
    """Asks again while somebody is away; every try of a write bears the same key.

    `beyond` is what consumers took although nobody's outbox holds it: at rest they are that far ahead.
    Once databases were set back the sums of said and taken no longer meet: what no outbox knows any
    more is heard again under new versions. At rest is then whose queues stay empty.
    """

    def __init__(self, stack: Stack, client: httpx.AsyncClient) -> None:
        super().__init__(stack, client)
        self.beyond: dict[str, int] = {}
        self.is_set_back = False

    async def settle(self) -> datetime | None:
        """Nothing is under way in any service; after a restore without the next timer."""
        if not self.is_set_back:
            return await super().settle()
        calm = 0
        async with asyncio.timeout(PATIENCE_S):
            while calm < LOOKS:
                seen = [await self.read(name, "/v1/rehearsal/quiescent") for name in SERVICES]
                calm = calm + 1 if all(one["quiescent"] for one in seen) else 0
                await asyncio.sleep(LOOK_EVERY_S)
        return None

    async def _progress(self) -> dict[str, Any]:
        seen = await super()._progress()
        for heard in (one for service in seen.values() for one in service["heard"]):
            heard["taken"] -= self.beyond.get(heard["consumer"], 0)
        return seen

    async def call(self, method: str, service: str, path: str, **request: Any) -> Any:
        """Do it once, however often it has to be asked."""
        if method not in READS and path != CLOCK:
            headers = {"Idempotency-Key": secrets.token_hex(16), **request.pop("headers", {})}
            request["headers"] = headers
        return await self._patiently(
            lambda: super(PatientCity, self).call(method, service, path, **request)
        )

    async def ask(self, document: str, variables: Any, *, org: str, post: str) -> Any:
        """A refusal by the gateway because a service is away is a reason to ask again."""
        return await self._patiently(
            lambda: super(PatientCity, self).ask(document, variables, org=org, post=post)
        )

    async def _patiently(self, attempt: Any) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    return await attempt()
                except (httpx.TransportError, Problem) as error:
                    if not _is_passing(error):
                        raise
                await asyncio.sleep(LOOK_EVERY_S)


class RoughCity(PatientCity):
    """Kills the next of `victims` at every `every`-th write, while the write is under way."""

    def __init__(
        self, stack: Stack, client: httpx.AsyncClient, *, victims: Iterator[str], every: int
    ) -> None:
        super().__init__(stack, client)
        self._machines = stack
        self._victims = victims
        self._writes = itertools.count(1)
        self._every = every
        self.killed: list[str] = []

    async def call(self, method: str, service: str, path: str, **request: Any) -> Any:
        """Do it once, while somebody may die."""
        is_write = method not in READS and path != CLOCK
        if not is_write or next(self._writes) % self._every:
            return await super().call(method, service, path, **request)
        victim = next(self._victims)
        self.killed.append(victim)
        answered, _ = await asyncio.gather(
            super().call(method, service, path, **request), self._strike(victim)
        )
        return answered

    async def _strike(self, victim: str) -> None:
        await self._machines.kill(victim)
        await self._machines.wait_ready()


class StoppingCity(RoughCity):
    """Every second fault is a pause: SIGSTOP of the victim and its children, SIGCONT later."""

    pause_s = 3.0

    async def _strike(self, victim: str) -> None:
        if len(self.killed) % 2:
            await super()._strike(victim)
            return
        pid = self._machines.pid(victim)
        stopped = [] if pid is None else [pid, *_descendants(pid)]
        _send(stopped, signal.SIGSTOP)
        try:
            await asyncio.sleep(self.pause_s)
        finally:
            _send(stopped, signal.SIGCONT)
        await self._machines.wait_ready()


def _send(pids: list[int], sent: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, sent)


def _descendants(pid: int) -> list[int]:
    """Return the children of a process and theirs: a server's work is done by them."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *_descendants(int(child))]
    return found


def _is_passing(error: httpx.TransportError | Problem) -> bool:
    """Whether asking again may help: somebody is away, rather than that he refuses."""
    if isinstance(error, httpx.TransportError):
        return True
    return any(
        sign in error.message for sign in (" 500 ", " 502 ", " 503 ", " 504 ", "UNAVAILABLE")
    )

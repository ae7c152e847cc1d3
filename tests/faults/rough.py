"""A city whose machines die while it acts: every write may come with a kill, and is tried again."""

import asyncio
import itertools
import secrets
from collections.abc import Iterator
from typing import Any

import httpx

from uem.demo.city import City
from uem.problem import Problem
from uem.stack.stack import Stack

PATIENCE_S = 60.0  # a kill of every server at once is over sooner
LOOK_EVERY_S = 0.05
READS = ("GET",)
CLOCK = "/v1/rehearsal/clock"


class RoughCity(City):
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
        """Do it once, however often it has to be asked: the key is the same for every try."""
        if method not in READS and path != CLOCK:
            headers = {"Idempotency-Key": secrets.token_hex(16), **request.pop("headers", {})}
            request["headers"] = headers
            return await self._while_something_dies(method, service, path, request)
        return await self._until_answered(method, service, path, request)

    async def ask(self, document: str, variables: Any, *, org: str, post: str) -> Any:
        """A refusal by the gateway because a service is away is a reason to ask again."""
        return await self._patiently(
            lambda: super(RoughCity, self).ask(document, variables, org=org, post=post)
        )

    async def _while_something_dies(self, *asked: Any) -> Any:
        if next(self._writes) % self._every:
            return await self._until_answered(*asked)
        victim = next(self._victims)
        self.killed.append(victim)
        answered, _ = await asyncio.gather(
            self._until_answered(*asked), self._machines.kill(victim)
        )
        await self._machines.wait_ready()
        return answered

    async def _until_answered(self, method: str, service: str, path: str, request: Any) -> Any:
        return await self._patiently(
            lambda: super(RoughCity, self).call(method, service, path, **request)
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


def _is_passing(error: httpx.TransportError | Problem) -> bool:
    """Whether asking again may help: somebody is away, rather than that he refuses."""
    if isinstance(error, httpx.TransportError):
        return True
    return any(
        sign in error.message for sign in (" 500 ", " 502 ", " 503 ", " 504 ", "UNAVAILABLE")
    )

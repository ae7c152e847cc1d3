"""Work for the processor: functions run in worker processes, with a time limit that holds.

A worker is a spawned process that takes one call at a time; one that exceeds its time, or dies,
is replaced, and no other call is harmed. Function, arguments and result must be picklable.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, TypeVar, TypeVarTuple

from chassis import telemetry
from chassis.errors import Unavailable

_took = telemetry.histogram("calculation_seconds", "What calculations took, waiting included.")
Ts = TypeVarTuple("Ts")
T = TypeVar("T")

WORKERS = max(1, min(4, (os.cpu_count() or 1) - 1))  # one processor is left to serve requests
_SPAWN = multiprocessing.get_context("spawn")  # forking a process that runs a loop is not safe


class ComputeTimeout(Unavailable):
    """The calculation did not end in the time it was given."""

    slug = "compute-timeout"


class ComputeFailed(RuntimeError):
    """The function raised, or its process died; the message holds the traceback."""


class Worker:
    """One process that calculates."""

    def __init__(self) -> None:
        self._near, far = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_work, args=(far,), daemon=True, name="compute")
        self._process.start()
        far.close()

    async def call(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:  # noqa: ANN401 - its result
        """Return the function's result. Raises ComputeFailed."""
        try:
            await asyncio.to_thread(self._near.send, (function, args))
            await self._readable()
            succeeded, result = await asyncio.to_thread(self._near.recv)
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            raise ComputeFailed("the worker process died") from error
        if not succeeded:
            raise ComputeFailed(result)
        return result

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._near.close()

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        descriptor = self._near.fileno()
        loop.add_reader(descriptor, _settle, ready)
        try:
            await ready
        finally:
            loop.remove_reader(descriptor)


class Workers:
    """The workers of this process; they are started when first needed and kept."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Worker] = []

    async def run(
        self, function: Callable[..., Any], args: tuple[Any, ...], *, timeout_s: float
    ) -> Any:  # noqa: ANN401 - the function's result
        """Return the function's result. Raises ComputeTimeout and ComputeFailed.

        The time limit includes the wait for a free worker.
        """
        try:
            async with asyncio.timeout(timeout_s), self._slots:
                return await self._on_a_worker(function, args)
        except TimeoutError as error:
            name = getattr(function, "__name__", "calculation")
            raise ComputeTimeout(f"{name} did not end within {timeout_s} s.") from error

    async def close(self) -> None:
        """End all idle workers; the next call starts new ones."""
        while self._idle:
            await asyncio.to_thread(self._idle.pop().kill)

    async def _on_a_worker(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:  # noqa: ANN401
        worker = self._idle.pop() if self._idle else await asyncio.to_thread(Worker)
        healthy = False
        try:
            result = await worker.call(function, args)
            healthy = True
            return result
        finally:
            if healthy:
                self._idle.append(worker)
            else:
                worker.kill()


_workers = Workers(WORKERS)


async def run(function: Callable[[*Ts], T], *args: *Ts, timeout_s: float) -> T:
    """Return what the function returns, calculated in a worker process within `timeout_s`.

    Raises ComputeTimeout (503) and, when the function raises or its process dies, ComputeFailed.
    """
    name = getattr(function, "__name__", "calculation")
    with telemetry.timed(_took, function=name):
        result: T = await _workers.run(function, args, timeout_s=timeout_s)
    return result


async def close() -> None:
    """Leave no worker process behind."""
    await _workers.close()


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _work(pipe: Connection) -> None:
    with suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        while True:
            function, args = pipe.recv()
            pipe.send(_outcome(function, args))


def _outcome(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, function(*args)
    except Exception:  # whatever it raises is told to the caller, as text that always pickles
        return False, traceback.format_exc()

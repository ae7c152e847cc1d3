"""A service's life: waits for its database, works in the background, drains, ends."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from types import FrameType
from typing import TYPE_CHECKING

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from chassis import (
    compute,
    database,
    ending,
    firing,
    idempotency,
    logging,
    migrations,
    stamp,
    telemetry,
    traffic,
)
from chassis.auth import Verifier
from chassis.clock import Clock, backoff
from chassis.migrations import History, Schema
from chassis.runtime import Runtime
from chassis.settings import Settings
from chassis.stamp import StampMismatch

if TYPE_CHECKING:
    from chassis.service import Service

RETRY_FIRST = timedelta(milliseconds=200)
RETRY_CAP = timedelta(seconds=10)
FINISH_S = 10.0  # what runs in the background has as long to finish what it began
HOUSEKEEPING_S = 3600.0
log = logging.get(__name__)

Background = Callable[[], Awaitable[None]]


class NotYet(Exception):
    """What the service needs is not there yet."""


class Life:
    """One process of a service from its start to its end."""

    def __init__(self, app: FastAPI, service: Service, settings: Settings) -> None:
        self._app = app
        self._service = service
        self._settings = settings
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._open = AsyncExitStack()
        self._wall = Clock()

    async def begin(self) -> None:
        """Serve as soon as the database allows it; until then every request is answered 503.

        Raises StampMismatch when the database can be read and is another deployment's.
        """
        telemetry.configure(self._service.name, self._settings.otlp_endpoint)
        self._fail_readiness_on_sigterm()
        engine = database.connect(
            self._settings.database_url,
            service=self._service.name,
            pool=self._settings.database_pool,
        )
        self._open.push_async_callback(engine.dispose)
        if not await self._try(engine):
            self._start(lambda: self._wait(engine), "startup")

    async def end(self) -> None:
        """Finish what was begun, then close everything."""
        self._app.state.draining = True
        self._stop.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=FINISH_S)
            await ending.end(late, patience_s=FINISH_S)
        self._app.state.runtime = None
        await self._open.aclose()
        await compute.close()
        telemetry.flush()
        log.info("ended")

    async def _wait(self, engine: AsyncEngine) -> None:
        attempt = 1
        while not self._stop.is_set():
            await _sleep(self._stop, backoff(attempt, first=RETRY_FIRST, cap=RETRY_CAP))
            try:
                if await self._try(engine):
                    return
            except StampMismatch as error:
                log.error("start_refused", error=error)
                os._exit(3)  # nothing was served yet, so nothing is lost
            attempt += 1

    async def _try(self, engine: AsyncEngine) -> bool:
        try:
            runtime = await self._runtime(engine)
        except (SQLAlchemyError, OSError, TimeoutError, NotYet) as error:
            self._app.state.waiting_for = f"{type(error).__name__}: {error}".splitlines()[0]
            log.warning("waiting_for_database", because=self._app.state.waiting_for)
            return False
        for hook in self._service.lifespan_hooks:
            await self._open.enter_async_context(hook(runtime))
        self._app.state.verifier = Verifier(
            self._settings.issuers, audience=self._settings.token_audience, clock=runtime.clock
        )
        self._app.state.runtime = runtime
        _show_pool(runtime.engine)
        self._start_background(runtime)
        log.info("started", deployment=self._settings.deployment, now=runtime.clock.now())
        return True

    async def _runtime(self, engine: AsyncEngine) -> Runtime:
        history = History.of(self._service.migrations)
        async with engine.connect() as db:
            if await migrations.state(db, history) is Schema.BEHIND:
                raise NotYet("the database is behind its migrations")
            found = await stamp.read(db)
        stamp.check(found, self._service.name, self._settings.deployment)
        return Runtime(
            self._service.name, engine, stamp.clock(found), self._settings, self._service.policy
        )

    def _start_background(self, runtime: Runtime) -> None:
        service = self._service
        self._start(lambda: firing.run(runtime, service.timers, self._stop), "timers")
        self._start(lambda: self._housekeeping(runtime), "housekeeping")
        self._start(
            lambda: traffic.run(
                runtime,
                published=service.published,
                subscriptions=service.subscriptions,
                stop=self._stop,
            ),
            "traffic",
        )

    async def _housekeeping(self, runtime: Runtime) -> None:
        while not self._stop.is_set():
            await idempotency.forget_old(runtime)
            await _sleep(self._stop, timedelta(seconds=HOUSEKEEPING_S))

    def _start(self, work: Background, name: str) -> None:
        self._tasks.append(asyncio.create_task(self._keep(work, name), name=name))

    async def _keep(self, work: Background, name: str) -> None:
        attempt = 0
        while not self._stop.is_set():
            try:
                await work()
            except Exception as error:  # it is started again, whatever ended it
                attempt += 1
                log.warning("background_failed", task=name, error=repr(error), attempt=attempt)
                await _sleep(self._stop, backoff(attempt, first=RETRY_FIRST, cap=RETRY_CAP))
            else:
                return

    def _fail_readiness_on_sigterm(self) -> None:
        """On SIGTERM /readyz fails first; the server stops after the drain time."""
        if threading.current_thread() is not threading.main_thread():
            return
        previous = signal.getsignal(signal.SIGTERM)
        if not callable(previous):
            return
        loop = asyncio.get_running_loop()
        server_stops = previous

        def drain(number: int, frame: FrameType | None) -> None:
            self._app.state.draining = True
            loop.call_soon_threadsafe(
                loop.call_later, self._settings.drain_s, server_stops, number, frame
            )

        signal.signal(signal.SIGTERM, drain)
        self._open.callback(signal.signal, signal.SIGTERM, previous)


def _show_pool(engine: AsyncEngine) -> None:
    pool = engine.pool
    if isinstance(pool, QueuePool):
        telemetry.gauge("database_pool_in_use", "Connections at work", pool.checkedout)
        telemetry.gauge("database_pool_size", "Connections that may be", pool.size)


async def _sleep(stop: asyncio.Event, wait: timedelta) -> None:
    try:
        async with asyncio.timeout(wait.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return

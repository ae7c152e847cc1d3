"""The organization system put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from chassis import logging, sealing, telemetry
from chassis.policy import EVERYTHING, Policy
from chassis.runtime import Runtime
from chassis.service import create_service
from chassis.settings import Deployment
from chassis.unit_of_work import Caller, begin
from services.org import api, commands, domain, events, handlers, queries, store
from vocabulary import area

COUNT_EVERY_S = 15.0
OWED = {
    "open": "Obligations that are not answered, exercises left out",
    "overdue": "Those of them whose time is over",
}
log = logging.get(__name__)


def create_app() -> FastAPI:
    """Return the app; its settings are read from the environment when it starts."""
    return create_service(
        "org",
        router=api.router,
        subscriptions=handlers.SUBSCRIPTIONS,
        timers=handlers.TIMERS,
        published=events.PUBLISHED,
        metadata=store.metadata,
        migrations="services.org.migrations",
        lifespan_hooks=[keys_held, heartbeat, counted],
        intake=("/v1/reports",),
        policy=Policy.load("services.org", areas=area, organizations=store.tables.organization),
    )


@asynccontextmanager
async def keys_held(runtime: Runtime) -> AsyncIterator[None]:
    """Start only with the keys that seal personal data. Raises SettingsError."""
    sealing.read(runtime.settings.keys_file)
    yield


@asynccontextmanager
async def heartbeat(runtime: Runtime) -> AsyncIterator[None]:
    """Beat while the service works; the first beat shows the outage that lies before it.

    In a rehearsal business time steps over hours that nobody waited, so no beat could tell an
    outage from a step: none is recorded, and whether the system was up stays unknown.
    """
    if runtime.settings.deployment is Deployment.REHEARSAL:
        yield
        return
    await _beat(runtime)
    beating = asyncio.create_task(_beat_on(runtime))
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


@asynccontextmanager
async def counted(runtime: Runtime) -> AsyncIterator[None]:
    """Show how much is owed and overdue while the service works; officers are told by the ladder."""
    counts = {"open": 0, "overdue": 0}
    for name, meaning in OWED.items():
        telemetry.gauge(f"obligations_{name}", meaning, partial(counts.__getitem__, name))
    counting = asyncio.create_task(_count_on(runtime, counts))
    try:
        yield
    finally:
        counting.cancel()
        with suppress(asyncio.CancelledError):
            await counting


async def _count_on(runtime: Runtime, counts: dict[str, int]) -> None:
    while True:
        with suppress(SQLAlchemyError, OSError, TimeoutError):  # the figures stand still
            async with runtime.seen_by(EVERYTHING) as db:
                counts |= await queries.obligations_by_state(db)
        await asyncio.sleep(COUNT_EVERY_S)


async def _beat_on(runtime: Runtime) -> None:
    while True:
        await asyncio.sleep(domain.BEAT.total_seconds())
        try:
            await _beat(runtime)
        except (SQLAlchemyError, OSError) as error:
            log.warning("beat_missed", error=error)  # the next one shows the gap


async def _beat(runtime: Runtime) -> None:
    async with begin(runtime, Caller.service(runtime.service)) as uow:
        await commands.beat(uow)

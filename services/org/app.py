"""The organization system put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from chassis import logging, sealing
from chassis.policy import Policy
from chassis.runtime import Runtime
from chassis.service import create_service
from chassis.settings import Deployment
from chassis.unit_of_work import Caller, begin
from services.org import api, commands, domain, events, handlers, store
from vocabulary import area

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
        lifespan_hooks=[keys_held, heartbeat],
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

"""The guarantee service as one app."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from fastapi import FastAPI

from chassis import compute
from chassis.compute import ComputeFailed, ComputeTimeout
from chassis.policy import Policy
from chassis.runtime import Runtime
from chassis.service import create_service
from services.guarantee import api, events, handlers, store
from services.guarantee.domain import allocation
from vocabulary import area

WARMING_S = 60.0  # a worker imports the solver once; a busy machine takes seconds for it


def create_app() -> FastAPI:
    """Return the app; its settings are read from the environment when it starts."""
    return create_service(
        "guarantee",
        router=api.router,
        subscriptions=handlers.SUBSCRIPTIONS,
        timers=handlers.TIMERS,
        published=events.PUBLISHED,
        metadata=store.metadata,
        migrations="services.guarantee.migrations",
        lifespan_hooks=(_warm_solver,),
        body_limits=api.BODY_LIMITS,
        policy=Policy.load(
            "services.guarantee", areas=area, organizations=store.tables.ORGANIZATION
        ),
    )


@asynccontextmanager
async def _warm_solver(runtime: Runtime) -> AsyncIterator[None]:
    """Have a worker ready that has loaded the solver, so that the first dispatch does not wait for it."""
    warming = asyncio.create_task(_solve_nothing())
    try:
        yield
    finally:
        warming.cancel()
        with suppress(asyncio.CancelledError):
            await warming


async def _solve_nothing() -> None:
    nothing = allocation.Problem(
        supplies=(),
        lines=(),
        rule=store.dispatch_rules()[0],
        depart_at=datetime.fromtimestamp(0, UTC),
    )
    with suppress(ComputeFailed, ComputeTimeout):
        await compute.run(allocation.solve, nothing, timeout_s=WARMING_S)

"""A service put together: its routes, what it hears, its timers and its schema, as one app."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import MetaData

from chassis import (
    health,
    logging,
    openapi,
    operator,
    problem,
    rehearsal,
    settings,
    tables,
    traffic,
)
from chassis.audit import routes as audit
from chassis.clock import Clock
from chassis.guard import Guard
from chassis.life import Life
from chassis.messages import Published, Subscription, TimerHandler
from chassis.policy import Policy
from chassis.policy.visible import INFO
from chassis.request import RequestMiddleware
from chassis.runtime import Runtime

# RequestMiddleware makes the one span and the one duration of a request
OWN_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
}

LifespanHook: TypeAlias = Callable[[Runtime], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything that makes one service another than the next."""

    name: str
    router: APIRouter
    subscriptions: Sequence[Subscription]
    timers: Mapping[str, TimerHandler]
    published: Sequence[Published]
    metadata: MetaData
    migrations: str
    policy: Policy | None = None
    lifespan_hooks: Sequence[LifespanHook] = ()


def create_service(
    name: str,
    *,
    router: APIRouter,
    subscriptions: Sequence[Subscription],
    timers: Mapping[str, TimerHandler],
    published: Sequence[Published],
    metadata: MetaData,
    migrations: str,
    policy: Policy | None = None,
    lifespan_hooks: Sequence[LifespanHook] = (),
    body_limits: Mapping[str, int] | None = None,
    intake: Collection[str] = (),
) -> FastAPI:
    """Return the app of a service; its settings are read from the environment when it starts.

    `migrations` is the package of its migrations. Each hook is a context manager around the time
    in which the service works. With a `policy` every command of a person must be authorized. `body_limits` allows more than 1 MiB to the bodies of some paths.
    `intake` are the paths by which others pass on what citizens say: under overload these wait.
    """
    tables.attach(metadata)
    _expect_policy(metadata, policy)
    service = Service(
        name=name,
        router=router,
        subscriptions=subscriptions,
        timers=timers,
        published=published,
        metadata=metadata,
        migrations=migrations,
        policy=policy,
        lifespan_hooks=lifespan_hooks,
    )
    app = FastAPI(
        title=name,
        version="1",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        telemetry=OWN_TELEMETRY,
    )
    app.state.service = service
    app.state.runtime = None
    app.state.draining = False
    app.state.waiting_for = "starting"
    # the operator's and the rehearsal's routes are the same in every service
    same = (operator.router, audit.router, rehearsal.router, traffic.router)
    for part in (health.router, router, *same):
        app.include_router(part)
    problem.install(app)
    openapi.install(app)
    clock = Clock()
    guard = Guard(
        clock,
        verifier=lambda: getattr(app.state, "verifier", None),
        body_limits=body_limits,
        intake=frozenset(intake),
    )
    app.state.guard = guard
    app.add_middleware(RequestMiddleware, clock=clock, guard=guard)
    return app


def _expect_policy(metadata: MetaData, policy: Policy | None) -> None:
    hidden = [table.name for table in metadata.sorted_tables if INFO in table.info]
    if hidden and policy is None:
        raise ValueError(f"without a policy nobody could see the rows of {', '.join(hidden)}")


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    found = settings.read(os.environ)
    logging.configure(service.name, Clock(), level=found.log_level)
    app.state.guard.open(in_work=found.in_work, rate_factor=found.rate_factor)
    life = Life(app, service, found)
    try:
        await life.begin()
        yield
    finally:
        await life.end()

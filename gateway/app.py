"""The gateway as an app: GraphQL, the routed paths of the public edge, its probes, nothing else."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from chassis import health, logging, problem, telemetry
from chassis.auth import Verifier
from chassis.broker import Broker
from chassis.clock import Clock
from chassis.feed import Feed
from chassis.guard import Guard
from chassis.request import RequestMiddleware
from chassis.settings import Deployment
from gateway import limits, rehearsal, routes
from gateway import settings as gateway_settings
from gateway.context import Backend
from gateway.endpoint import Endpoint
from gateway.live import Hub
from gateway.live.feeds import ALL_STREAMS
from gateway.schema.build import build, needs_of
from gateway.settings import Settings
from gateway.upstream import Upstream

CONNECTIONS_PER_SERVICE = 64  # more than a service's database pool can serve at once


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app; without `settings` they are read from the environment. Raises SettingsError."""
    found = settings or gateway_settings.read(os.environ)
    clock = Clock()
    app = FastAPI(title="gateway", version="1", lifespan=_lifespan, docs_url=None, redoc_url=None)
    app.state.settings = found
    app.state.clock = clock
    app.state.endpoint = None
    door = _Door(app)
    app.router.routes.append(Route("/graphql", endpoint=door, methods=["GET", "POST"]))
    app.router.routes.append(WebSocketRoute("/graphql", endpoint=door))
    app.add_api_route("/livez", health.livez, include_in_schema=False)
    app.add_api_route("/metrics", health.metrics, include_in_schema=False)
    app.add_api_route("/readyz", _readyz, include_in_schema=False)
    routes.install(app)
    if found.deployment is Deployment.REHEARSAL:
        rehearsal.install(app)
    problem.install(app)
    if found.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(found.allowed_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
    guard = Guard(
        clock,
        verifier=lambda: app.state.endpoint.verifier if app.state.endpoint else None,
        body_limits=routes.body_limits(),
        refine=limits.class_of,
    )
    guard.open(in_work=found.in_work, rate_factor=found.rate_factor)
    app.state.guard = guard
    app.add_middleware(RequestMiddleware, clock=clock, guard=guard)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    clock: Clock = app.state.clock
    logging.configure("gateway", clock, level=settings.log_level)
    telemetry.configure("gateway", settings.otlp_endpoint)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(_session())
        upstreams = {
            service: Upstream(
                service, url, session=session, clock=clock, deadlines=settings.deadlines
            )
            for service, url in settings.urls.items()
        }
        for upstream in upstreams.values():
            stack.push_async_callback(upstream.close)
        schema = build(introspection=settings.introspection)
        hub = await stack.enter_async_context(_hub(settings, clock))
        app.state.upstreams = upstreams
        app.state.endpoint = Endpoint(
            schema,
            backend=Backend(
                upstreams, needs_of(schema), clock, hub=hub, heartbeat_s=settings.heartbeat_s
            ),
            verifier=Verifier(settings.issuers, audience=settings.token_audience, clock=clock),
            rates=app.state.guard.rates,
            allowed_origins=settings.allowed_origins,
        )
        yield
        app.state.endpoint = None
    telemetry.flush()


@asynccontextmanager
async def _hub(settings: Settings, clock: Clock) -> AsyncIterator[Hub | None]:
    """The reading of the streams, while the gateway runs; none without a broker to read from."""
    if settings.nats_url is None:
        yield None
        return
    broker = Broker(
        "gateway",
        url=settings.nats_url,
        user=settings.nats_user,
        password=settings.nats_password,
    )
    hub = Hub(Feed(broker, clock), ALL_STREAMS, is_connected=lambda: broker.is_connected)
    await broker.start()
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()
        await broker.stop()


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit_per_host=CONNECTIONS_PER_SERVICE),
        # a service is asked as the caller and never redirects
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=True,
    )


class _Door:
    """The GraphQL endpoint of the running app, which exists between start and end."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint: Endpoint = self._app.state.endpoint
        await endpoint(scope, receive, send)


async def _readyz(request: Request) -> Response:
    """Ready while the gateway runs: a service that is away leaves its fields unknown, no more."""
    state = request.app.state
    ready = state.endpoint is not None
    away = sorted(
        service.lower()
        for service, upstream in state.upstreams.items()
        if upstream.breaker.down_since is not None
    )
    body = {"ready": ready, "away": away}
    return Response(
        msgspec.json.encode(body), status_code=200 if ready else 503, media_type="application/json"
    )

"""A service under test: real database, settable clock, no broker; events go in and out by hand."""

import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import httpx
import msgspec
from fastapi import FastAPI
from sqlalchemy import select

from chassis import firing, sealing, telemetry, timers
from chassis.auth import Verifier
from chassis.clock import Clock, aware
from chassis.consumer import apply, drain
from chassis.inbox import Outcome
from chassis.listener import Listener
from chassis.policy import EVERYTHING, Grant
from chassis.runtime import Runtime
from chassis.service import Service
from chassis.settings import Deployment, Settings
from chassis.tables.messaging import OUTBOX
from chassis.unit_of_work import Caller, begin
from tests import tokens
from tests.databases import Postgres
from tests.events import Event
from tests.tokens import Issuer

T = TypeVar("T")

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
TESTER = Caller(
    subject="tester",
    roles=frozenset({"viewer"}),
    grants=(Grant(role="viewer", area="000000"),),
)


class TestClock(Clock):
    """Business time that stands where the test puts it."""

    __test__ = False

    def __init__(self, instant: datetime = START) -> None:
        super().__init__()
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    def set(self, instant: datetime) -> None:
        self._instant = aware(instant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message that the service put into its outbox."""

    subject: str
    type: str
    aggregate: str
    event: str
    id: str
    version: int
    body: dict[str, Any]
    headers: dict[str, str]


class Harness:
    """One service on a database of its own."""

    def __init__(self, app: FastAPI, runtime: Runtime, issuer: Issuer) -> None:
        self.app = app
        self.service: Service = app.state.service
        self.runtime = runtime
        self.clock = runtime.clock
        self._issuer = issuer
        self._versions: dict[tuple[str, str, str], int] = {}

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        service: str | FastAPI,
        postgres: Postgres,
        issuer: Issuer,
        *,
        deployment: Deployment = Deployment.REHEARSAL,
    ) -> AsyncIterator["Harness"]:
        """Yield the service (by name, or its app) on an empty migrated database."""
        telemetry.configure("tests", None)
        app = app_of(service) if isinstance(service, str) else service
        async with postgres.lend(app.state.service, deployment) as lent:
            keys_file = issuer.jwks_file.parent / f"{lent.name}-keys.json"
            keys_file.write_text(sealing.new_ring())
            settings = Settings(
                database_url=lent.url,
                deployment=deployment,
                keys_file=keys_file,
                issuers=(issuer.trusted,),
                data_dir=issuer.jwks_file.parent / lent.name,
                nats_url="nats://127.0.0.1:1",
            )
            made = app.state.service
            runtime = Runtime(made.name, lent.engine, TestClock(), settings, made.policy)
            app.state.runtime = runtime
            app.state.guard.open(in_work=settings.in_work, rate_factor=settings.rate_factor)
            app.state.verifier = Verifier(settings.issuers, audience=tokens.AUDIENCE, clock=Clock())
            try:
                async with _hooks(app.state.service, runtime):
                    yield cls(app, runtime, issuer)
            finally:
                app.state.runtime = None

    async def run(
        self,
        command: Callable[..., Awaitable[T]],
        *args: Any,
        caller: Caller = TESTER,
        correlation_id: str | None = None,
        cause_id: str | None = None,
        **kwargs: Any,
    ) -> T:
        """Run `command(uow, *args, **kwargs)` in one unit of work, commit, return its result."""
        async with begin(
            self.runtime, caller, correlation_id=correlation_id, cause_id=cause_id
        ) as uow:
            return await command(uow, *args, **kwargs)

    async def read(self, query: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> T:
        """Return what `query(db, *args, **kwargs)` finds, whosever it is."""
        async with self.runtime.seen_by(EVERYTHING) as db:
            return await query(db, *args, **kwargs)

    def event(
        self,
        body: Any,
        *,
        service: str,
        aggregate: str,
        event: str,
        id: str,
        area: str,
        version: int | None = None,
        **about: Any,
    ) -> Event:
        """Return a fact of another service, said now unless `time` is given.

        Without `version` it is the next one of its aggregate that was made by this harness.
        """
        key = (service, aggregate, id)
        self._versions[key] = version or self._versions.get(key, 0) + 1
        defaults: dict[str, Any] = {
            "time": self.clock.now(),
            "event_id": self.clock.new_id("evt"),
            "correlation_id": self.clock.new_id("cor"),
            "state": self._is_state(service, aggregate),
        }
        return Event(
            body=body,
            service=service,
            aggregate=aggregate,
            event=event,
            id=id,
            area=area,
            version=self._versions[key],
            **defaults | about,
        )

    async def deliver(self, body: Any, **about: Any) -> Outcome:
        """Hear an event (an `Event`, or a body and the arguments of `event`) as a consumer would.

        Everything that a running service does is done: inbox, order, parking, handler, watermark.
        Raises what the handler raises; then nothing has happened.
        """
        event = body if isinstance(body, Event) else self.event(body, **about)
        listener = self._listener(event)
        applied = await apply(listener, [event.delivery()])
        for key in applied.successors:
            await drain(listener, key)
        return applied.outcomes[0]

    async def published(self, event: str | None = None) -> list[Said]:
        """Return what the service said so far, in order; with `event` only "aggregate.event"."""
        async with self.runtime.reading.connect() as db:
            rows = await db.execute(select(OUTBOX).order_by(OUTBOX.c.seq))
            said = [_said(row) for row in rows]
        return [s for s in said if event is None or f"{s.aggregate}.{s.event}" == event]

    async def advance(self, to: datetime) -> list[str]:
        """Let business time pass until `to`, firing what falls due in between, in due order.

        Returns the keys of the timers fired; raises AssertionError when one fails.
        """
        fired: list[str] = []
        while (timer := await self._next_timer(to)) is not None:
            self.clock.set(max(self.clock.now(), timer.due_at))
            outcome = await firing.fire_next(self.runtime, self.service.timers)
            assert outcome is firing.Outcome.FIRED, await self._failures()
            fired.append(timer.key)
        self.clock.set(max(self.clock.now(), to))
        return fired

    @asynccontextmanager
    async def client(
        self,
        *,
        roles: Sequence[str] = ("viewer",),
        org: str | None = None,
        areas: Sequence[str] = ("000000",),
        posts: Sequence[str] = (),
        person: str | None = None,
        subject: str = "tester",
    ) -> AsyncIterator[httpx.AsyncClient]:
        """Yield an HTTP client whose bearer holds these roles."""
        token = self._issuer.token(
            roles=roles, org=org, areas=areas, posts=posts, person=person, subject=subject
        )
        async with self.anonymous() as client:
            client.headers["Authorization"] = f"Bearer {token}"
            yield client

    @asynccontextmanager
    async def anonymous(self) -> AsyncIterator[httpx.AsyncClient]:
        """Yield an HTTP client without a token."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            yield client

    def _listener(self, event: Event) -> Listener:
        found = [
            subscription
            for subscription in self.service.subscriptions
            if subscription.service == event.service
            and subscription.aggregate in (event.aggregate, "*")
            and subscription.state in (event.state, subscription.every)
        ]
        assert found, f"{self.service.name} does not hear {event.service}.{event.aggregate}"
        return Listener(self.runtime, found[0])

    def _is_state(self, service: str, aggregate: str) -> bool:
        return any(
            s.state
            for s in self.service.subscriptions
            if (s.service, s.aggregate) == (service, aggregate)
        )

    async def _next_timer(self, until: datetime) -> timers.Listed | None:
        async with self.runtime.reading.connect() as db:
            waiting = await timers.listed(db, limit=10_000)
        due = [timer for timer in waiting if timer.due_at <= until and timer.stopped_at is None]
        return min(due, key=lambda timer: timer.due_at, default=None)

    async def _failures(self) -> str:
        async with self.runtime.reading.connect() as db:
            waiting = await timers.listed(db, limit=10_000)
        return "; ".join(f"{t.key}: {t.last_error}" for t in waiting if t.attempts)


@asynccontextmanager
async def _hooks(service: Service, runtime: Runtime) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for hook in service.lifespan_hooks:
            await stack.enter_async_context(hook(runtime))
        yield


@cache
def app_of(name: str) -> FastAPI:
    """Return the app of services/<name>, made once a session."""
    app: FastAPI = importlib.import_module(f"services.{name}.app").create_app()
    return app


def _said(row: Any) -> Said:
    return Said(
        subject=row.subject,
        type=row.type,
        aggregate=row.aggregate,
        event=row.type.split(".")[-2],
        id=row.aggregate_id,
        version=row.version,
        body=msgspec.json.decode(row.payload),
        headers=row.headers,
    )

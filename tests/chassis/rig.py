"""Two or more services about nothing, on real PostgreSQL and NATS: one says marbles, others hear."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Column, Identity, Integer, MetaData, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import consumer, database, envelope, streams, tables, traffic, unit_of_work
from chassis.broker import AWAY
from chassis.clock import Clock
from chassis.delivery import Delivery
from chassis.listener import Listener
from chassis.messages import Incoming, Message, Published, Subscription
from chassis.runtime import Runtime
from chassis.settings import Deployment, Settings
from chassis.tables.messaging import INBOX, OUTBOX, PARKED, QUARANTINE
from chassis.unit_of_work import Caller, UnitOfWork
from tests.databases import Postgres

NAMES = itertools.count()
METADATA = MetaData()
tables.attach(METADATA)
# What handlers did, in the order in which they did it; nothing forbids a double.
EFFECT = Table(
    "effect",
    METADATA,
    Column("seq", BigInteger, Identity(), primary_key=True),
    Column("aggregate_id", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
)


class Rolled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    number: int
    said_at: datetime | None = None


class Renumbered(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    number_text: str


PUBLISHED = (
    Published(aggregate="marble", event="rolled", body=Rolled, meaning="A marble rolled."),
    Published(aggregate="marble", event="stopped", body=Rolled, meaning="A marble lies still."),
    Published(aggregate="shelf", event="state", body=Rolled, meaning="A shelf.", state=True),
)


async def on_rolled(uow: UnitOfWork, event: Incoming[Rolled]) -> None:
    await note(uow.db, event)


async def note(db: AsyncConnection, *events: Incoming[Rolled]) -> None:
    await db.execute(
        EFFECT.insert(),
        [{"aggregate_id": e.id, "event_id": e.event_id, "number": e.body.number} for e in events],
    )


def hearing(
    service: str, *, on: Any = on_rolled, aggregate: str = "marble", **more: Any
) -> Subscription:
    event = "state.v1" if more.get("state") else "rolled.v1"
    return Subscription(service=service, aggregate=aggregate, on={event: (Rolled, on)}, **more)


def rolled(number: int, *, id: str = "mar_1", **more: Any) -> Message:
    body = Rolled(number=number, said_at=more.pop("said_at", None))
    values = {"aggregate": "marble", "event": "rolled", "area": "410105", **more}
    return Message(id=id, body=body, **values)


def shelf(number: int, *, id: str = "she_1", area: str = "410105") -> Message:
    body = Rolled(number=number)
    return Message(aggregate="shelf", event="state", id=id, area=area, body=body, state=True)


@dataclass
class Running:
    """One service: its database, and its relay and consumers while they run."""

    runtime: Runtime
    published: Sequence[Published] = ()
    subscriptions: Sequence[Subscription] = ()
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self.runtime.service

    async def say(self, *messages: Message) -> None:
        """Commit the messages in one unit of work."""
        async with self.begin() as uow:
            for message in messages:
                await uow.publish(message)

    def begin(self) -> Any:
        return unit_of_work.begin(self.runtime, Caller.service(self.name))

    def start(self) -> None:
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(
            traffic.run(
                self.runtime,
                published=self.published,
                subscriptions=self.subscriptions,
                stop=self._stop,
            )
        )

    async def finished(self) -> None:
        """Wait for the end, and raise what ended it."""
        if self._task is not None:
            await self._task

    async def stop(self) -> None:
        """End as a deployment does: drained."""
        if self._task is not None:
            self._stop.set()
            await self._task
            self._task = None

    async def crash(self) -> None:
        """End as a killed process does: nothing is finished."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def forget_streams(self) -> None:
        """Give the session's broker its reserved space back."""
        if self.runtime.broker.is_connected:
            js = await self.runtime.broker.ready()
            for stream in streams.owned(self.name, self.published):
                with contextlib.suppress(*AWAY):
                    await js.delete_stream(stream.name)

    async def effects(self) -> list[tuple[str, int]]:
        async with self.runtime.reading.connect() as db:
            rows = await db.execute(select(EFFECT).order_by(EFFECT.c.seq))
            return [(row.aggregate_id, row.number) for row in rows]

    async def rows(self, table: Table) -> list[Any]:
        async with self.runtime.reading.connect() as db:
            return list(await db.execute(select(table)))

    async def outcomes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in await self.rows(INBOX):
            found[row.outcome] = found.get(row.outcome, 0) + 1
        return found

    async def parked(self) -> int:
        return len(await self.rows(PARKED))

    async def quarantined(self) -> list[Any]:
        return [row for row in await self.rows(QUARANTINE) if row.resolved_at is None]

    async def unsent(self) -> int:
        return sum(row.sent_at is None for row in await self.rows(OUTBOX))

    async def execute(self, statement: Any) -> Any:
        async with self.runtime.engine.begin() as db:
            return await db.execute(statement)


@dataclass
class Rig:
    """Makes services, and ends them."""

    postgres: Postgres
    nats_url: str
    shares_broker: bool = True
    made: list[Running] = field(default_factory=list)

    async def service(
        self,
        name: str | None = None,
        *,
        published: Sequence[Published] = (),
        subscriptions: Sequence[Subscription] = (),
        **settings: Any,
    ) -> Running:
        name = name or f"s{next(NAMES)}"
        url = await self.postgres.empty(f"rig_{next(NAMES)}")
        engine = database.connect(url, service=name, pool=8)
        async with engine.begin() as db:
            await db.run_sync(METADATA.create_all)
        given = Settings(
            database_url=url,
            deployment=Deployment.PRODUCTION,
            nats_url=self.nats_url,
            data_dir=Path("unused"),
            **settings,
        )
        runtime = Runtime(name, engine, Clock(), given)
        running = Running(runtime, published, subscriptions)
        self.made.append(running)
        return running

    async def pair(self, **hears: Any) -> tuple[Running, Running]:
        """Return who says marbles and who hears them, not yet started."""
        sayer = await self.service(published=PUBLISHED)
        hearer = await self.service(subscriptions=[hearing(sayer.name, **hears)])
        return sayer, hearer

    async def again(self, running: Running) -> Running:
        """Return a new process of the same service on the same database."""
        old = running.runtime
        runtime = Runtime(old.service, old.engine, Clock(), old.settings)
        other = Running(runtime, running.published, running.subscriptions)
        self.made.append(other)
        return other

    async def close(self) -> None:
        for running in self.made:
            if self.shares_broker:
                await running.forget_streams()
            await running.crash()
        for running in self.made:
            await running.runtime.engine.dispose()


@asynccontextmanager
async def opened(
    postgres: Postgres, nats_url: str, *, shares_broker: bool = False
) -> AsyncIterator[Rig]:
    rig = Rig(postgres, nats_url, shares_broker)
    try:
        yield rig
    finally:
        await rig.close()


async def until(condition: Callable[[], Awaitable[Any]], *, patience_s: float = 30.0) -> None:
    """Wait for the condition; raises TimeoutError."""
    async with asyncio.timeout(patience_s):
        while not await condition():  # noqa: ASYNC110 - the condition lies in a database
            await asyncio.sleep(0.02)


async def deliveries(sayer: Running, *, delivered: int = 1) -> list[Delivery]:
    """Return everything that the service has said, as a broker would deliver it."""
    return [
        Delivery(
            subject=row.subject,
            headers={**row.headers, **envelope.versions(row.version, previous=row.previous)},
            payload=row.payload,
            stream=row.stream,
            stream_seq=row.seq,
            delivered=delivered,
        )
        for row in sorted(await sayer.rows(OUTBOX), key=lambda row: row.seq)
    ]


def listener(hearer: Running) -> Listener:
    return Listener(hearer.runtime, hearer.subscriptions[0])


async def hear(hearer: Running, *messages: Delivery) -> list[str]:
    """Take the messages one by one, each with the parked ones whose turn has come."""
    outcomes = []
    for message in messages:
        applied = await consumer.apply(listener(hearer), [message])
        outcomes += [outcome.value for outcome in applied.outcomes]
        for key in applied.successors:
            await consumer.drain(listener(hearer), key)
    return outcomes

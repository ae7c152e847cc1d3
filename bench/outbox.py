"""Events a second from commit to effect, beside the bare database and the bare broker.

    python -m bench.outbox [--events 2000] [--aggregates 200] [--paced 200]

One run measures on one machine, one after the other, and prints ratios:
- bare insert: one row a transaction on 8 connections; said: one event a unit of work, 8 at a time;
- bare publish: nats-py, 256 publications awaited side by side; relayed: the backlog of the outbox;
- heard one by one, and in batches: inbox, order, a handler that inserts a row, acknowledgement;
- latency: from before a unit of work that says one event until its reader's handler is called,
  one event after the other.
PostgreSQL commits and NATS writes are synced to disk.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import msgspec
import nats
from nats.js.api import StorageType, StreamConfig
from sqlalchemy import Column, MetaData, Table, Text, func, select

from chassis import database, tables, traffic, unit_of_work
from chassis.clock import Clock
from chassis.messages import Incoming, Message, Published, Subscription
from chassis.runtime import Runtime
from chassis.settings import Deployment, Settings
from chassis.unit_of_work import Caller, UnitOfWork
from uem.stack import ports
from uem.stack.nats import EmbeddedNats
from uem.stack.postgres import EmbeddedPostgres

WRITERS = 8
METADATA = MetaData()
tables.attach(METADATA)
EFFECT = Table("effect", METADATA, Column("event_id", Text, nullable=False))


class Rolled(msgspec.Struct, frozen=True, rename="camel"):
    """A body of the usual size."""

    number: int
    note: str = "n" * 200


PUBLISHED = (Published(aggregate="marble", event="rolled", body=Rolled, meaning="It rolled."),)


@dataclass
class Reader:
    """What a reader's handlers saw."""

    calls: dict[int, float] = field(default_factory=dict)

    async def one(self, uow: UnitOfWork, event: Incoming[Rolled]) -> None:
        """Leave one row."""
        self.calls[event.body.number] = time.perf_counter()
        await uow.db.execute(EFFECT.insert().values(event_id=event.event_id))

    async def many(self, uow: UnitOfWork, events: list[Incoming[Rolled]]) -> None:
        """Leave a row for each."""
        await uow.db.execute(EFFECT.insert(), [{"event_id": e.event_id} for e in events])


@dataclass
class Bench:
    """The engines, and how much is measured."""

    postgres: EmbeddedPostgres
    broker: EmbeddedNats
    events: int
    aggregates: int

    async def service(self, name: str) -> Runtime:
        """Return a service on a new database."""
        url = await self.empty(f"bench_{name}")
        engine = database.connect(url, service=name, pool=WRITERS)
        async with engine.begin() as db:
            await db.run_sync(METADATA.create_all)
        settings = Settings(
            database_url=url,
            deployment=Deployment.PRODUCTION,
            data_dir=Path("unused"),
            nats_url=self.broker.dsn,
        )
        return Runtime(name, engine, Clock(), settings)

    async def empty(self, name: str) -> str:
        """Return the address of a new database."""
        connection = await asyncpg.connect(self.postgres.dsn)
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        return self.postgres.dsn.rpartition("/")[0] + f"/{name}"

    async def bare_insert(self) -> float:
        """Return rows a second."""
        url = await self.empty("bench_bare")
        async with asyncpg.create_pool(url, min_size=WRITERS, max_size=WRITERS) as pool:
            await pool.execute("CREATE TABLE bare (id bigint, payload bytea)")
            payload = msgspec.json.encode(Rolled(0))

            async def insert(number: int) -> None:
                await pool.execute("INSERT INTO bare VALUES ($1, $2)", number, payload)

            return await rate(self.events, side_by_side(self.events, WRITERS, insert))

    async def bare_publish(self) -> float:
        """Return messages a second."""
        client = await nats.connect(self.broker.dsn)
        js = client.jetstream()
        await js.add_stream(
            StreamConfig(name="BARE", subjects=["bare.>"], storage=StorageType.FILE)
        )
        payload = msgspec.json.encode(Rolled(0))

        async def publish(number: int) -> None:
            await js.publish(f"bare.{number % self.aggregates}", payload)

        found = await rate(self.events, side_by_side(self.events, 256, publish))
        await client.close()
        return found

    async def say(self, sayer: Runtime) -> float:
        """Return events a second, committed; the relay is not running."""

        async def one(number: int) -> None:
            await say(sayer, number, aggregate=number % self.aggregates)

        return await rate(self.events, side_by_side(self.events, WRITERS, one))

    async def relay(self, sayer: Runtime) -> float:
        """Return events a second until the outbox has no unsent row."""

        async def drained() -> None:
            while await traffic.unsent(sayer):  # noqa: ASYNC110 - the condition lies in a database
                await asyncio.sleep(0.01)

        async with running(sayer):
            return await rate(self.events, drained())

    async def hear(self, name: str, *, batch: bool) -> float:
        """Return events a second until each has its effect."""
        reader = Reader()
        subscription = Subscription(
            service="sayer",
            aggregate="marble",
            on={"rolled.v1": (Rolled, reader.many if batch else reader.one)},
            batch=batch,
        )
        hearer = await self.service(name)

        async def done() -> None:
            while await effects(hearer) < self.events:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)

        async with running(hearer, (subscription,)):
            found = await rate(self.events, done())
        await hearer.engine.dispose()
        return found

    async def latency(self, sayer: Runtime, paced: int) -> list[float]:
        """Return milliseconds from before the unit of work until the handler is called."""
        reader = Reader()
        on = {"rolled.v1": (Rolled, reader.one)}
        subscription = Subscription(service="sayer", aggregate="marble", on=on)
        hearer = await self.service("paced")
        found = []
        async with running(sayer), running(hearer, (subscription,)):
            while await effects(hearer) < self.events:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)
            for number in range(self.events, self.events + paced):
                before = time.perf_counter()
                await say(sayer, number, aggregate=number % self.aggregates)
                while number not in reader.calls:  # noqa: ASYNC110 - an event costs as much
                    await asyncio.sleep(0.0005)
                found.append((reader.calls[number] - before) * 1000)
        await hearer.engine.dispose()
        return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=2_000)
    parser.add_argument("--aggregates", type=int, default=200)
    parser.add_argument("--paced", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="uem-bench-") as folder:
        postgres_port, nats_port = ports.free(2)
        postgres = EmbeddedPostgres(Path(folder) / "postgres", postgres_port)
        broker = EmbeddedNats(Path(folder) / "nats", nats_port)
        postgres.start()
        broker.start()
        try:
            bench = Bench(postgres, broker, options.events, options.aggregates)
            asyncio.run(measure(bench, options.paced))
        finally:
            broker.stop()
            postgres.stop()


async def measure(bench: Bench, paced: int) -> None:
    """Run every measurement and print it."""
    print(f"{bench.events} events of {bench.aggregates} aggregates")
    sayer = await bench.service("sayer")
    inserts = await bench.bare_insert()
    report("bare insert", inserts, inserts, "insert")
    report("said", await bench.say(sayer), inserts, "insert")
    publishes = await bench.bare_publish()
    report("bare publish", publishes, publishes, "publish")
    report("relayed", await bench.relay(sayer), publishes, "publish")
    report("heard one by one", await bench.hear("single", batch=False), inserts, "insert")
    report("heard in batches", await bench.hear("batched", batch=True), inserts, "insert")
    ordered = sorted(await bench.latency(sayer, paced))
    worst = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    print(f"{'said to heard':>18}: p50 {statistics.median(ordered):.1f} ms, p99 {worst:.1f} ms")
    await sayer.engine.dispose()


def report(name: str, found: float, bare: float, unit: str) -> None:
    """Print one rate beside its floor."""
    print(f"{name:>18}: {found:>8,.0f} /s   {found / bare:6.3f} of bare {unit}", flush=True)


async def rate(events: int, work: Awaitable[None]) -> float:
    """Return how many a second the work did."""
    before = time.perf_counter()
    await work
    return events / (time.perf_counter() - before)


async def side_by_side(events: int, workers: int, work: Callable[[int], Awaitable[None]]) -> None:
    """Do the work for every number, so many at a time."""
    numbers = iter(range(events))

    async def worker() -> None:
        for number in numbers:
            await work(number)

    await asyncio.gather(*(worker() for _ in range(workers)))


async def say(sayer: Runtime, number: int, *, aggregate: int) -> None:
    """Commit one event."""
    async with unit_of_work.begin(sayer, Caller.service("sayer")) as uow:
        body = Rolled(number)
        await uow.publish(
            Message(
                aggregate="marble",
                event="rolled",
                id=f"mar_{aggregate}",
                area="410105",
                body=body,
            )
        )


async def effects(hearer: Runtime) -> int:
    """Return how many events have had their effect."""
    async with hearer.reading.connect() as db:
        return await db.scalar(select(func.count()).select_from(EFFECT)) or 0


@asynccontextmanager
async def running(
    runtime: Runtime, subscriptions: tuple[Subscription, ...] = ()
) -> AsyncIterator[None]:
    """Relay what the runtime says, or handle what it hears, inside the block."""
    stop = asyncio.Event()
    published = () if subscriptions else PUBLISHED
    task = asyncio.create_task(
        traffic.run(runtime, published=published, subscriptions=subscriptions, stop=stop)
    )
    try:
        yield
    finally:
        stop.set()
        await task


if __name__ == "__main__":
    main()

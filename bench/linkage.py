"""Milliseconds from a signal to what follows from it, beside the commits and publishes on the way.

    python -m bench.linkage [--signals 20]

A rehearsal of the sample city runs as a whole in a temporary folder. Each signal is an orange one
for the whole city, posted as CAP 1.2 when everything is at rest: a plan starts Level III, its
automatic order is issued, pumps are dispatched. Then the signal is lifted, what is in force is
ended by hand and twelve hours of business time pass.
- told: when the broker had stored the first event of that kind (the outbox tells the place in the
  stream, the stream tells the time). The outbox's own recordedAt is the start of a transaction and
  would leave out what the transaction costs, a solver's run in it.
- shown: when the CHANGE of the same thing has come out of an open GraphQL subscription.
- floor: so many rows inserted (asyncpg) and messages published (nats-py) bare, one after the other,
  on the same two servers, between the signals. Both engines sync to disk. The broker asks nobody
  for a password here, so that the floor can use it too.
p99 of fewer than 100 is the slowest. All times are of one machine's clock.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import asyncpg
import httpx
import nats
import websockets
from nats.js import JetStreamContext
from nats.js.api import StorageType, StreamConfig
from websockets.asyncio.client import ClientConnection
from websockets.typing import Subprotocol

from chassis import subjects
from chassis.clock import Clock
from chassis.settings import Deployment
from uem import sample
from uem.demo import entries, scenario
from uem.demo.city import City
from uem.demo.scenario import Entry, Scenario
from uem.stack import ports
from uem.stack.nats import EmbeddedNats
from uem.stack.stack import Given, Stack

AREA = "410100"
COLOUR = "ORANGE"
RESTS = timedelta(hours=12)  # for every hold-down to pass before the next signal
CALL_TIMEOUT_S = 60.0
SHOWN_WITHIN_S = 60.0  # longer means that nothing was decided, and must be said
FLOORS_A_SIGNAL = 5
PAYLOAD = b"n" * 1024
FEED = """subscription($code: String!) {
  jurisdiction(code: $code) { kind changed { __typename ... on Node { id } } }
}"""


@dataclass(frozen=True, slots=True)
class Stage:
    """What follows from a signal, and what lies in series between the POST and it."""

    name: str
    service: str
    event: str
    shown_as: str
    commits: int
    publishes: int


STAGES = (
    Stage("signal", "guarantee", "signal.issued", "Signal", 1, 1),
    Stage("activation", "plans", "activation.started", "Activation", 2, 2),
    Stage("order", "org", "order.issued", "Order", 3, 3),
    # The requirement and its solving are two transactions, with a timer and no event between them.
    Stage("dispatch", "guarantee", "dispatch.ordered", "Dispatch", 4, 3),
)


@dataclass
class Found:
    """Milliseconds of one stage, one a signal; the floor's several."""

    told: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)


class Feed:
    """What a board that stays open was shown, and when: the first CHANGE of each thing."""

    def __init__(self) -> None:
        self._shown: dict[str, datetime] = {}
        self._kinds: set[str] = set()
        self._news = asyncio.Condition()

    async def follow(self, socket: ClientConnection) -> None:
        """Keep what comes, as long as the socket is open. Raises RuntimeError on a refusal."""
        async for text in socket:
            at = Clock().wall()
            message = json.loads(text)
            payload = message.get("payload") or {}
            if message["type"] != "next" or payload.get("errors"):
                raise RuntimeError(f"the subscription was refused: {message}")
            changed = payload["data"]["jurisdiction"]["changed"]
            if changed:
                await self._keep(changed, at)

    async def _keep(self, changed: dict[str, str], at: datetime) -> None:
        async with self._news:
            if changed["id"] not in self._shown:
                self._shown[changed["id"]] = at
                self._kinds.add(changed["__typename"])
            self._news.notify_all()

    def forget(self) -> None:
        """What was shown so far does not count as news."""
        self._kinds.clear()

    async def news_of(self, kinds: set[str]) -> None:
        """Something of each kind was shown that had not been shown before."""
        async with asyncio.timeout(SHOWN_WITHIN_S), self._news:
            await self._news.wait_for(lambda: kinds <= self._kinds)

    async def shown(self, id: str) -> datetime:
        """Return when the thing was first shown."""
        async with asyncio.timeout(SHOWN_WITHIN_S), self._news:
            await self._news.wait_for(lambda: id in self._shown)
        return self._shown[id]


class Bare:
    """The two servers with nothing between them and the caller."""

    def __init__(self, db: asyncpg.Connection, js: JetStreamContext) -> None:
        self._db = db
        self.js = js

    @classmethod
    @asynccontextmanager
    async def of(cls, stack: Stack) -> AsyncIterator[Self]:
        """A database and a stream of their own on the servers of the stack."""
        admin = await asyncpg.connect(stack.postgres_url)
        await admin.execute("CREATE DATABASE bench_bare")
        await admin.close()
        db = await asyncpg.connect(stack.postgres_url.rpartition("/")[0] + "/bench_bare")
        await db.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, payload bytea)")
        client = await nats.connect(stack.nats_url, allow_reconnect=False)
        js = client.jetstream()
        await js.add_stream(
            StreamConfig(name="BARE", subjects=["bare.>"], storage=StorageType.FILE)
        )
        try:
            yield cls(db, js)
        finally:
            await client.close()
            await db.close()

    async def path(self, *, commits: int, publishes: int) -> float:
        """Return milliseconds of so many commits and publishes, one after the other."""
        before = time.perf_counter()
        for turn in range(max(commits, publishes)):
            if turn < commits:
                await self._db.execute("INSERT INTO bare (payload) VALUES ($1)", PAYLOAD)
            if turn < publishes:
                await self.js.publish("bare.one", PAYLOAD)
        return (time.perf_counter() - before) * 1000

    async def stored_at(self, service: str, seq: int) -> datetime:
        """Return when the broker stored a live event."""
        message = await self.js.get_msg(subjects.stream(service, "REAL", state=False), seq)
        if message.time is None:
            raise RuntimeError(f"the broker does not say when it stored {service} {seq}")
        return message.time


@dataclass
class Bench:
    """A city at rest, a board that is open, and what was found."""

    city: City
    feed: Feed
    bare: Bare
    agency: Mapping[str, Any]  # who sends the signals, as the scenario says
    found: dict[str, Found] = field(default_factory=lambda: {one.name: Found() for one in STAGES})
    answered: list[float] = field(default_factory=list)
    _said_after: dict[str, int] = field(default_factory=dict)

    async def signal(self, number: int, at: datetime) -> None:
        """One signal had its consequences, which were measured and undone."""
        entry = Entry(
            at,
            "signal",
            {
                **self.agency,
                "identifier": f"BENCH-LINKAGE-{number}",
                "colour": COLOUR,
                "areas": [AREA],
            },
        )
        document = entries.cap(entry.at, entry.data)
        for service in ("guarantee", "plans", "org"):
            await self._said(service)
        self.feed.forget()
        posted = Clock().wall()
        await self.city.send_cap(document, org=self.agency["organization"])
        self.answered.append(_ms(Clock().wall() - posted))
        await self.feed.news_of({one.shown_as for one in STAGES})
        await self.city.settle()
        await self._read(posted)
        await self._undo(entry)

    async def _read(self, posted: datetime) -> None:
        said = {service: await self._said(service) for service in ("guarantee", "plans", "org")}
        for stage in STAGES:
            first = next(row for row in said[stage.service] if f".{stage.event}." in row["subject"])
            stored = await self.bare.stored_at(stage.service, first["streamSeq"])
            shown = await self.feed.shown(first["id"])
            self.found[stage.name].told.append(_ms(stored - posted))
            self.found[stage.name].shown.append(_ms(shown - posted))

    async def floor(self) -> None:
        """The bare commits and publishes of every stage were measured."""
        for _ in range(FLOORS_A_SIGNAL):
            for stage in STAGES:
                took = await self.bare.path(commits=stage.commits, publishes=stage.publishes)
                self.found[stage.name].floor.append(took)

    async def _said(self, service: str) -> list[dict[str, Any]]:
        """What the service has said since it was last asked here."""
        rows: list[dict[str, Any]] = []
        while True:
            after = self._said_after.get(service, 0)
            page = await self.city.read(
                service, f"/v1/operator/ledger?saidAfter={after}&heardAfter={2**62}"
            )
            if not page["said"]:
                return rows
            rows += page["said"]
            self._said_after[service] = page["saidAfter"]

    async def _undo(self, entry: Entry) -> None:
        lifted = entries.cancelling(entry, entry.at + timedelta(minutes=1))
        await self.city.set_clock(lifted.at)
        await entries.put(self.city, lifted)
        await self.city.settle()
        for one in await self.city.pages("plans", "/v1/activations", state="IN_FORCE"):
            await self.city.call(
                "POST",
                "plans",
                f"/v1/activations/{one['id']}/end",
                roles=("commander",),
                org=one["organizationId"],
                json={
                    "expectedVersion": one["version"],
                    "reason": "the signal is lifted",
                    "override": "the benchmark, between two signals",
                },
            )
        await self.city.settle()
        await self.city.set_clock(entry.at + RESTS)
        await self.city.settle()


@asynccontextmanager
async def deployment(sampled: Scenario) -> AsyncIterator[tuple[Stack, City]]:
    """A rehearsal in a temporary folder, its clock at the scenario's start, its city filled."""
    with tempfile.TemporaryDirectory(prefix="uem-bench-") as folder:
        [port] = ports.free(1)
        broker = EmbeddedNats(Path(folder) / "broker", port)
        await asyncio.to_thread(broker.start)
        try:
            given = Given(nats_url=broker.dsn)
            async with (
                Stack(
                    Path(folder) / "stack", deployment=Deployment.REHEARSAL, given=given
                ) as stack,
                httpx.AsyncClient(timeout=CALL_TIMEOUT_S, trust_env=False) as client,
            ):
                city = City(stack, client)
                await city.set_clock(sampled.starts)
                await asyncio.to_thread(
                    sample.load,
                    stack.addresses,
                    lambda roles: stack.token(roles=roles),
                    sample.CITY,
                )
                await city.settle()
                yield stack, city
        finally:
            await asyncio.to_thread(broker.stop)


@asynccontextmanager
async def following(stack: Stack) -> AsyncIterator[Feed]:
    """A board of the city is open inside the block."""
    token = stack.token(
        roles=["viewer", "duty_officer"],
        org=f"org_{AREA}_office",
        areas=[AREA],
        posts=[f"pst_{AREA}_office_duty"],
    )
    address = stack.addresses["gateway"].replace("http", "ws") + "/graphql"
    async with websockets.connect(
        address, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None
    ) as socket:
        authorized = {"authorization": f"Bearer {token}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": authorized}))
        await socket.recv()
        asked = {"query": FEED, "variables": {"code": AREA}}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
        await socket.recv()  # the snapshot
        feed = Feed()
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(feed.follow(socket))
            yield feed
            task.cancel()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--signals", type=int, default=20)
    asyncio.run(measure(parser.parse_args().signals))


async def measure(signals: int) -> None:
    """Send every signal and print what was found."""
    sampled = scenario.read(sample.CITY.parent)
    async with (
        deployment(sampled) as (stack, city),
        following(stack) as feed,
        Bare.of(stack) as bare,
    ):
        bench = Bench(city, feed, bare, sampled.by["signal"])
        for number in range(signals):
            await bench.signal(number, sampled.starts + number * RESTS)
            await bench.floor()
    report(bench, signals)


def report(bench: Bench, signals: int) -> None:
    """Print every stage beside its floor."""
    print(f"{signals} signals one after the other; ms from the POST, p50 / p99")
    print(f"  {'POST answered':<19} {_row(bench.answered)}")
    for stage in STAGES:
        found = bench.found[stage.name]
        series = f"commits {stage.commits}, publishes {stage.publishes}"
        floor = statistics.median(found.floor), _p99(found.floor)
        print(f"  {stage.name + ' floor':<19} {_row(found.floor)}   {series} in series, bare")
        for name, times in (("told", found.told), ("shown", found.shown)):
            ratios = f"{statistics.median(times) / floor[0]:.1f} / {_p99(times) / floor[1]:.1f}"
            print(f"  {stage.name + ' ' + name:<19} {_row(times)}   {ratios} of the floor")


def _row(times: list[float]) -> str:
    return f"{statistics.median(times):>8.1f} / {_p99(times):>8.1f}"


def _p99(times: list[float]) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]


def _ms(span: timedelta) -> float:
    return span / timedelta(milliseconds=1)


if __name__ == "__main__":
    main()

"""What a decision costs, and what a list costs that shows each reader only his rows.

    python -m bench.policy [--rows 20000] [--times 300]

One run measures on one machine, the variants in turn, and prints medians and ratios:
- decision: one caller with 1, 3 and 10 grants, the last of which allows; and one that is refused;
- list: the first 20 rows and their total count, of the same rows in a table that is open, and in
  one that is filtered by the predicate and by row security;
- unit of work: an empty one, without and with the scope of a service entered;
- save: the same update without and with the hashes of the document before and after.
PostgreSQL commits are synced to disk.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import ARRAY, Column, Table, Text, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql import Executable

from chassis import database, documents, migrations, paging
from chassis.paging import PageRequest
from chassis.policy import EVERYTHING, Grant, Policy, Scope, Target, Visible, enter
from chassis.unit_of_work import Caller
from uem.stack import ports
from uem.stack.postgres import EmbeddedPostgres
from vocabulary import area

NOW = datetime(2026, 6, 1, tzinfo=UTC)
METADATA = database.metadata()
OPEN = documents.table("open", METADATA, Column("area", Text), Column("owners", ARRAY(Text)))
SEEN = documents.table(
    "seen",
    METADATA,
    Column("area", Text),
    Column("owners", ARRAY(Text)),
    visible=Visible(area="area", organizations=("owners",)),
)
POLICY = Policy(
    """
    @id("close") permit (principal is Grant, action == Action::"close", resource)
    when { principal.role == "commander" && resource in principal.area };
    @id("second") forbid (principal is Grant, action == Action::"close", resource)
    when { resource.authors.contains(principal.subject) };
    """,
    areas=area,
)
TARGET = Target(kind="thing", id="thing_1", area="410105001", organizations=frozenset({"org_a"}))
COVERING = Grant(role="commander", area="410100", organization="org_a")


def caller(count: int, *, last: Grant) -> Caller:
    """Return a caller of `count` grants, all but the last elsewhere."""
    others = tuple(Grant(role="commander", area=f"42{n:02d}00") for n in range(1, count))
    return Caller(subject="ali", grants=(*others, last))


def decisions(times: int) -> None:
    """Print the cost of a decision."""
    base = 0.0
    elsewhere = Grant(role="commander", area="430000")
    for name, last in (("allowed", COVERING), ("refused", elsewhere)):
        for count in (1, 3, 10):
            asker = caller(count, last=last)
            took = []
            for _ in range(times):
                began = time.perf_counter()
                POLICY.decide(asker, "close", TARGET, now=NOW)
                took.append(time.perf_counter() - began)
            told(f"decision {name}, {count} grants", took, base)
            base = base or statistics.median(took)


async def lists(engine: AsyncEngine, times: int, rows: int) -> None:
    """Print the cost of one page, open and filtered, in turn."""
    scope = POLICY.scope(caller(3, last=COVERING), now=NOW)
    took: dict[str, list[float]] = {"open": [], "filtered": []}
    for _ in range(times):
        took["open"].append(await timed(lambda: page(engine, OPEN, None)))
        took["filtered"].append(await timed(lambda: page(engine, SEEN, scope)))
    base = statistics.median(took["open"])
    for name, values in took.items():
        told(f"list of {rows} rows, {name}", values, base)


async def page(engine: AsyncEngine, table: Table, scope: Scope | None) -> None:
    """Read the first page in a transaction of its own, as the edge does."""
    async with engine.connect() as connection:
        db = await connection.execution_options(scope=scope, postgresql_readonly=True)
        async with db.begin():
            if scope is not None:
                await enter(db, scope)
            statement = select(table.c.id, table.c.area)
            first = PageRequest(first=20, count=True)
            await paging.page(db, statement, first, order_by=[table.c.id], view=tuple)


async def units(engine: AsyncEngine, times: int) -> None:
    """Print the cost of a unit of work that reads one row, without and with its scope."""

    async def unit(*, enters: bool) -> None:
        async with engine.begin() as db:
            if enters:
                await enter(db, EVERYTHING)
            await db.execute(select(OPEN.c.id).limit(1))

    took: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(times):
        for enters, values in took.items():
            values.append(await timed(lambda enters=enters: unit(enters=enters)))  # type: ignore[misc]
    base = statistics.median(took[False])
    told("unit of work, no scope", took[False], base)
    told("unit of work, scope entered", took[True], base)


async def saves(engine: AsyncEngine, times: int) -> None:
    """Print the cost of an update, without and with the hashes that the audit keeps."""
    plain = OPEN.update().where(OPEN.c.id == "t000001").values(version=2, doc=_document(2))
    hashed = plain.returning(documents._BEFORE, documents._AFTER)
    took: dict[str, list[float]] = {"plain": [], "hashed": []}
    for _ in range(times):
        for name, statement in (("plain", plain), ("hashed", hashed)):
            took[name].append(await timed(lambda s=statement: _execute(engine, s)))  # type: ignore[misc]
    base = statistics.median(took["plain"])
    told("save, no hashes", took["plain"], base)
    told("save, hashes", took["hashed"], base)


async def _execute(engine: AsyncEngine, statement: Executable) -> None:
    async with engine.begin() as db:
        await db.execute(statement)


async def timed(work: Callable[[], Awaitable[None]]) -> float:
    """Return how many seconds the work took."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def told(name: str, took: list[float], base: float) -> None:
    """Print the median in microseconds, and how often the base it is."""
    median = statistics.median(took)
    ratio = median / base if base else 1.0
    print(f"{name:34} {median * 1e6:9.0f} us   x {ratio:5.2f}")


async def fill(db: AsyncConnection, rows: int) -> None:
    """Put the same rows into both tables: a twentieth of them within reach of the reader."""
    values = [
        {
            "id": f"t{number:06d}",
            "version": 1,
            "area": "410105" if number % 20 == 0 else f"43{number % 90 + 10}00",
            "owners": ["org_b"],
            "doc": _document(number),
            "changed_by": "bench",
            "changed_at": NOW,
        }
        for number in range(rows)
    ]
    for table in (OPEN, SEEN):
        for start in range(0, rows, 1000):
            await db.execute(insert(table), values[start : start + 1000])


def _document(number: int) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode({"number": number, "note": "n" * 2000}))


async def measure(folder: Path, rows: int, times: int) -> None:
    """Run everything on a server of its own."""
    server = EmbeddedPostgres(folder, ports.free(1)[0])
    await asyncio.to_thread(server.start)
    owner = database.connect(server.dsn, service="bench", pool=1)
    url = server.dsn.replace("//uem:" + server.password, "//bench_app:bench")
    try:
        async with owner.begin() as db:
            await db.exec_driver_sql("CREATE ROLE bench_app LOGIN PASSWORD 'bench'")
            await db.run_sync(METADATA.create_all)
            await fill(db, rows)
            await db.run_sync(migrations.protect, METADATA, "bench_app")
            await db.exec_driver_sql("ANALYZE")
        engine = database.connect(url, service="bench", pool=1)
        await lists(engine, times, rows)
        await units(engine, times)
        await saves(engine, times)
        await engine.dispose()
    finally:
        await owner.dispose()
        await asyncio.to_thread(server.stop)


def main() -> None:
    """Read the arguments and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=300)
    given = parser.parse_args()
    decisions(given.times)
    with tempfile.TemporaryDirectory(prefix="uem-bench-") as folder:
        asyncio.run(measure(Path(folder), given.rows, given.times))


if __name__ == "__main__":
    main()

"""The warehouse: tables from one declaration, one process at a time, each load once."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.analytics import domain, store
from services.analytics.store.warehouse import TABLES, ddl
from services.analytics.store.warehouse.lock import hold

SNAPSHOTS = Path(__file__).parent / "snapshots"
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


def observations(count, months=1):
    """Columns of `count` observations spread over `months` partitions."""
    times = [
        datetime(2026, 1 + index % months, 1, 0, 0, index % 60, tzinfo=UTC)
        for index in range(count)
    ]
    return [
        ["REAL"] * count, [f"s{index}" for index in range(count)], ["410105"] * count,
        ["rain_mm"] * count, [float(index) for index in range(count)], ["mm"] * count,
        times, [NOW] * count, [""] * count,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "statements"),
    [("embedded.sql", ddl.embedded()), ("clustered.sql", ddl.clustered("city"))],
)
def test_the_tables_are_as_reviewed(name, statements):
    assert ";\n\n".join(statements) + ";\n" == (SNAPSHOTS / name).read_text("utf-8")


def test_a_cluster_name_cannot_carry_a_statement():
    with pytest.raises(ValueError, match="cluster name"):
        ddl.clustered("a`; DROP TABLE observation")


async def test_an_insert_repeated_under_its_token_arrives_once_in_every_partition(warehouse):
    load = domain.Load("lod_1", domain.Kind.OBSERVATION, 300)

    for _ in range(3):
        await warehouse.insert(load, observations(300, months=5))

    assert await warehouse.count(domain.Kind.OBSERVATION) == 300
    assert await warehouse.rows_of(load) == 300


async def test_equal_rows_of_different_loads_are_different_rows(warehouse):
    for load_id in ("lod_1", "lod_2"):
        load = domain.Load(load_id, domain.Kind.OBSERVATION, 10)
        await warehouse.insert(load, observations(10))

    assert await warehouse.count(domain.Kind.OBSERVATION) == 20


async def test_what_was_written_is_read_with_its_instants_in_utc(warehouse):
    await warehouse.insert(domain.Load("lod_1", domain.Kind.OBSERVATION, 1), observations(1))

    rows = await warehouse.query("SELECT * FROM observation")

    assert rows == [
        {
            "mode": "REAL", "source": "s0", "jurisdiction": "410105", "metric": "rain_mm",
            "value": 0.0, "unit": "mm", "observed_at": datetime(2026, 1, 1, tzinfo=UTC),
            "recorded_at": NOW, "observation_id": "", "load_id": "lod_1",
        }
    ]  # fmt: skip


async def test_reading_goes_on_while_a_large_load_is_written(warehouse):
    load = domain.Load("lod_1", domain.Kind.OBSERVATION, 100_000)

    writing = asyncio.create_task(warehouse.insert(load, observations(100_000)))
    answers = 0
    while not writing.done():
        assert await warehouse.count(domain.Kind.OBSERVATION) in (0, 100_000)
        answers += 1
    await writing

    assert answers > 0
    assert await warehouse.count(domain.Kind.OBSERVATION) == 100_000


async def test_a_second_process_is_told_who_has_the_warehouse(warehouse, engine, tmp_path_factory):
    folder = next(tmp_path_factory.getbasetemp().glob("analytics*")) / "warehouse"
    script = f"""
import asyncio
from datetime import UTC, datetime
from services.analytics import store
try:
    asyncio.run(store.open_warehouse("chdb://{folder}", cluster=None, now=datetime(2026, 1, 2, tzinfo=UTC)))
except store.WarehouseLocked as locked:
    print(locked.slug, locked.message, locked.remedy, sep="|")
"""

    second = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    slug, message, remedy = second.stdout.strip().split("|")
    assert slug == "warehouse-locked"
    assert f"process {os.getpid()} on " in message
    assert "2026-01-01" in message
    assert "UEM_WAREHOUSE_URL" in remedy


def test_the_lock_is_free_again_after_its_holder_was_killed(tmp_path):
    script = f"""
import os, signal
from datetime import UTC, datetime
from pathlib import Path
from services.analytics.store.warehouse.lock import hold
held = hold(Path("{tmp_path}/warehouse"), now=datetime(2026, 1, 2, tzinfo=UTC))
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", script], check=False)
    assert killed.returncode == -9

    hold(tmp_path / "warehouse", now=NOW).close()


def test_the_service_can_be_described_without_the_engine():
    script = """
import sys
sys.modules["chdb"] = None
sys.modules["clickhouse_connect"] = None
from services.analytics.app import create_app
assert "/v1/observations" in create_app().openapi()["paths"]
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_every_kind_of_row_has_its_table():
    assert set(TABLES) == set(domain.Kind)
    assert store.embedded_url(Path("/data")) == "chdb:///data/warehouse"


async def test_an_insert_that_died_between_its_parts_is_completed_by_its_repetition(warehouse):
    load = domain.Load("lod_1", domain.Kind.OBSERVATION, 300)
    whole = observations(300, months=3)
    january = [[column[index] for index in range(0, 300, 3)] for column in whole]
    await warehouse.insert(domain.Load("lod_1", domain.Kind.OBSERVATION, 100), january)

    await warehouse.insert(load, whole)

    assert await warehouse.rows_of(load) == 300
    rows = await warehouse.query("SELECT uniqExact(source) AS sources FROM observation")
    assert rows == [{"sources": 300}]

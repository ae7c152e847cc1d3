"""A rollout from N-1 to N with the migration in between: both work at once, no request fails."""

import asyncio
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.architecture import house
from tests.e2e import rehearsal
from tests.faults import runs
from uem.stack import databases, environment, ports, process, programs
from uem.stack.passwords import Passwords
from uem.stack.process import Child
from uem.stack.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

TREE = ("vocabulary", "contracts", "chassis", "services", "gateway", "uem")
EXPAND = textwrap.dedent(
    '''
    """A column that the older program does not know of: expanded, nothing taken away."""
    import sqlalchemy as sa
    from alembic import op

    revision = "9000"
    down_revision = {before!r}
    branch_labels = None
    depends_on = None


    def upgrade() -> None:
        op.add_column("report", sa.Column("rolled_out", sa.Text(), server_default="N"))
        op.create_index("ix_report_rolled_out", "report", ["rolled_out"])
    '''
)


@dataclass(slots=True)
class Asked:
    """What a steady caller met: how many writes were taken, and every answer that was none."""

    taken: int = 0
    failed: list[str] = field(default_factory=list)
    slowest_s: float = 0.0


def newer(folder: Path) -> Path:
    """A copy of the program with one more migration of org: the next version."""
    for name in TREE:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(house.ROOT / name, folder / name, ignore=ignored)
    versions = folder / "services" / "org" / "migrations" / "versions"
    last = max(path.name.split("_")[0] for path in versions.glob("*.py"))
    (versions / "9000_expand.py").write_text(EXPAND.format(before=last), "utf-8")
    return folder


@asynccontextmanager
async def running(stack: Stack, tree: Path, port: int, folder: Path) -> AsyncIterator[None]:
    """Org of the other version, ready beside the one that runs."""
    (org,) = (one for one in programs.SERVICES if one.name == "org")
    settings = environment.settings(org, stack._around(org), database_url=stack.database_url("org"))
    words = ["serve", "org", "--host", "127.0.0.1", "--port", str(port)]
    # -P: not the modules of the folder in which the test runs
    child = Child("newer", [sys.executable, "-P", "-m", "uem", *words], folder=folder)
    child.start({"PATH": os.environ["PATH"], "PYTHONPATH": str(tree), **settings})

    def is_ready() -> bool:
        return programs.readiness(port)[0] == 200

    try:
        assert await asyncio.to_thread(process.wait_until, is_ready, 60), child.log_tail()
        yield
    finally:
        await asyncio.to_thread(child.stop)


def migrate(stack: Stack, tree: Path) -> None:
    given = databases.Credentials.of(Passwords(stack.home.secrets), "org")
    url = databases.owner_url(stack.postgres_url, "org", given)
    code = (
        "from uem import schema; "
        f"schema.upgrade({{'services.org': {url!r}}}, deployment='rehearsal')"
    )
    subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tree,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tree)},
        check=True,
        capture_output=True,
    )


class Balancer:
    """What a Service of Kubernetes does: sends each request to one of those that are ready."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self._turn = 0

    def next(self) -> str:
        self._turn += 1
        return self.addresses[self._turn % len(self.addresses)]


async def ask(
    stack: Stack, balancer: Balancer, asked: Asked, stop: asyncio.Event, now: str
) -> None:
    """A citizen's report every few milliseconds, each once: a failure is not repeated."""
    token = stack.token(
        roles=["duty_officer"],
        org="org_410100_office",
        areas=["410100"],
        posts=["pst_410100_office_duty"],
    )
    headers = {"Authorization": f"Bearer {token}"}
    loop = asyncio.get_running_loop()
    async with httpx.AsyncClient(timeout=30, trust_env=False, headers=headers) as client:
        while not stop.is_set():
            began = loop.time()
            try:
                answer = await client.post(f"{balancer.next()}/v1/reports", json=report(now))
                if answer.is_success:
                    asked.taken += 1
                else:
                    asked.failed.append(f"{answer.status_code} {answer.text[:200]}")
            except httpx.TransportError as error:
                asked.failed.append(repr(error))
            asked.slowest_s = max(asked.slowest_s, loop.time() - began)
            with suppress(TimeoutError):
                async with asyncio.timeout(0.03):
                    await stop.wait()


def report(now: str) -> dict[str, Any]:
    return {
        "emergencyType": "11B03",
        "jurisdiction": "410100",
        "source": "hotline",
        "text": "During the rollout",
        "place": {"type": "Point", "coordinates": [113.65, 34.76]},
        "observedAt": now,
    }


async def test_a_rollout_with_a_migration_in_between_fails_no_request_and_loses_nothing(
    tmp_path: Path,
):
    tree = await asyncio.to_thread(newer, tmp_path / "newer")
    port = ports.free(1)[0]
    asked, stop = Asked(), asyncio.Event()
    async with runs.deployment(tmp_path / "state") as (stack, city):
        balancer = Balancer(stack.addresses["org"])
        now = rehearsal.SCENARIO.starts.isoformat()
        caller = asyncio.create_task(ask(stack, balancer, asked, stop, now))
        await moments()

        await asyncio.to_thread(migrate, stack, tree)  # the older program works on
        await moments()
        status, body = await asyncio.to_thread(programs.readiness, port_of(stack))
        assert (status, '"ready":true' in body) == (200, True)
        async with running(stack, tree, port, tmp_path / "log"):
            balancer.addresses.append(f"http://127.0.0.1:{port}")  # both versions at once
            await moments()
            balancer.addresses.pop(0)  # the endpoint is taken out before its program ends
            await moments(0.3)
            await stack.take_down("org")
            await moments()
            stop.set()
            await caller
            rolled_out = await column(stack)
            # back again: the older program on the newer schema, as a rollback does
            await stack.bring_up("org")
        await city.settle()
        left = await runs.look(stack, city, [])

    runs.tell(
        "rollout with a migration",
        left,
        writes=asked.taken,
        failed=len(asked.failed),
        slowest_s=round(asked.slowest_s, 2),
    )
    assert asked.failed == []
    assert asked.taken > 50
    assert rolled_out == asked.taken
    runs.expect_nothing_lost(left)


async def moments(seconds: float = 1.5) -> None:
    """Requests flow meanwhile."""
    await asyncio.sleep(seconds)


def port_of(stack: Stack) -> int:
    return int(stack.addresses["org"].rpartition(":")[2])


async def column(stack: Stack) -> int:
    """How many reports bear the default of the new column: those of both versions."""
    url = stack.postgres_url.replace("/postgres", "/uem_org")
    connection = await asyncpg.connect(url)
    try:
        return int(
            await connection.fetchval(
                "SELECT count(*) FROM report WHERE rolled_out = 'N' AND doc::text LIKE $1",
                "%During the rollout%",
            )
        )
    finally:
        await connection.close()

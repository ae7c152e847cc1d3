"""The embedded stack: booted, watched, killed, taken down, drained."""

import asyncio
import os
import socket
from pathlib import Path

import asyncpg
import httpx
import nats
import pytest

from chassis.auth import Verifier
from chassis.clock import Clock
from chassis.issuers import DEVELOPMENT, DEVELOPMENT_LIFE, Issuer
from tests.uem.conftest import PROBES, Booted
from uem import issuer
from uem.problem import Problem
from uem.stack import ports, process, record
from uem.stack.nats import EmbeddedNats
from uem.stack.postgres import EmbeddedPostgres
from uem.stack.programs import Application
from uem.stack.stack import Given, Stack
from uem.stack.supervisor import State

BROKEN = Application("broken", "tests.uem.absent:create_app")


async def about(stack: Stack, name: str) -> dict[str, object]:
    async with httpx.AsyncClient(base_url=stack.addresses[name]) as client:
        return dict((await client.get("/about")).json())


async def test_a_booted_stack_gives_each_program_its_own_database_and_broker_user(booted: Booted):
    settings = (await about(booted.stack, "probe"))["settings"]

    assert isinstance(settings, dict)
    connection = await asyncpg.connect(settings["UEM_DATABASE_URL"])
    assert await connection.fetchval("SELECT current_user || '@' || current_database()") == (
        "uem_probe_app@uem_probe"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("CREATE TABLE its_own (id int)")
    await connection.close()
    password = await asyncio.to_thread(Path(settings["UEM_NATS_PASSWORD_FILE"]).read_text)
    broker = await nats.connect(
        settings["UEM_NATS_URL"], user=settings["UEM_NATS_USER"], password=password
    )
    await broker.close()


async def test_a_program_without_a_database_is_told_where_the_others_are(booted: Booted):
    settings = (await about(booted.stack, "gateway"))["settings"]

    assert isinstance(settings, dict)
    assert settings["UEM_PROBE_URL"] == booted.stack.addresses["probe"]
    assert "UEM_DATABASE_URL" not in settings


async def test_a_killed_program_is_started_again_and_it_is_said(booted: Booted):
    before = booted.stack.pid("probe")

    await booted.stack.kill("probe")
    await booted.stack.wait_ready()

    assert (await about(booted.stack, "probe"))["pid"] == booted.stack.pid("probe") != before
    assert booted.states("probe")[-3:] == [State.DIED, State.STARTING, State.READY]


async def test_killed_servers_come_back_with_what_was_committed(booted: Booted):
    connection = await asyncpg.connect(booted.stack.postgres_url)
    await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    for server in ("postgres", "nats"):
        await booted.stack.kill(server)
    await booted.stack.wait_ready()

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.fetchval("SELECT 1")
    again = await asyncpg.connect(booted.stack.postgres_url)
    assert await again.fetchval("SELECT answer FROM kept") == 42
    await again.close()


async def test_a_program_taken_down_stays_down_until_it_is_brought_up(booted: Booted):
    await booted.stack.take_down("probe")
    await booted.stack.wait_ready()

    assert booted.stack.pid("probe") is None
    await booted.stack.bring_up("probe")
    assert (await about(booted.stack, "probe"))["pid"] == booted.stack.pid("probe")


async def test_the_record_says_where_the_stack_listens(booted: Booted):
    said = record.read(booted.stack.home.record)

    assert said is not None
    assert said.phase is record.Phase.READY
    assert said.addresses == booted.stack.addresses
    assert said.boot_seconds == booted.stack.boot_seconds


async def test_services_accept_a_token_of_the_stack(booted: Booted):
    token = booted.stack.token(roles=["commander"], org="org_a", areas=["410100"], posts=["pst_a"])

    trusted = Issuer(
        name=DEVELOPMENT,
        jwks_file=booted.stack.issuer.jwks_file,
        longest_life=DEVELOPMENT_LIFE,
    )
    verifier = Verifier([trusted], audience=issuer.AUDIENCE, clock=Clock())
    caller = await verifier.caller(f"Bearer {token}")

    assert caller.organization == "org_a"
    assert caller.roles == {"commander", "viewer"}
    assert (caller.areas, caller.posts) == (("410100",), ("pst_a",))


async def test_a_program_that_cannot_start_is_named_with_its_log_and_nothing_is_left(
    tmp_path: Path,
):
    stack = Stack(tmp_path, applications=(*PROBES, BROKEN))

    with pytest.raises(Problem, match=r"broken did not become ready(?s:.*)tests\.uem\.absent"):
        async with stack:
            pass

    names = ["postgres", "nats", "probe", "gateway", "broken"]
    assert [stack.pid(name) for name in names] == [None] * 5
    assert not stack.home.record.exists()


async def test_a_taken_port_is_refused_naming_its_holder(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        port_of = ports.automatic(["postgres", "nats", "probe", "gateway"]) | {"nats": port}

        with pytest.raises(Problem, match=f"port {port}, wanted for NATS, .* pid {os.getpid()} "):
            async with Stack(tmp_path, applications=PROBES, port_of=port_of):
                pass


async def test_a_boot_that_is_interrupted_leaves_nothing_running(tmp_path: Path):
    stack = Stack(tmp_path, applications=PROBES)
    booting = asyncio.create_task(stack.start())
    came_up = asyncio.to_thread(process.wait_until, lambda: stack.pid("postgres") is not None, 30)
    assert await came_up

    booting.cancel()
    await stack.stop()

    assert [stack.pid(name) for name in ("postgres", "nats", "probe", "gateway")] == [None] * 4


async def test_servers_that_someone_else_runs_are_used_and_left_alone(tmp_path: Path):
    server = EmbeddedPostgres(tmp_path / "theirs", ports.free(1)[0])
    broker = EmbeddedNats(tmp_path / "nats", ports.free(1)[0])
    for one in (server, broker):
        await asyncio.to_thread(one.start)
    given = Given(postgres_url=server.dsn, nats_url=broker.dsn)

    async with Stack(tmp_path / "ours", applications=PROBES[:1], given=given) as stack:
        settings = (await about(stack, "probe"))["settings"]

    assert isinstance(settings, dict)
    assert f"@127.0.0.1:{server.port}/uem_probe" in settings["UEM_DATABASE_URL"]
    assert settings["UEM_NATS_URL"] == broker.dsn
    assert "UEM_NATS_USER" not in settings
    assert server.is_ready()
    assert broker.is_ready()
    for one in (server, broker):
        await asyncio.to_thread(one.stop)

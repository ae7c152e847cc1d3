"""A service as a process: it waits, serves, drains and ends; it refuses what it must not touch."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from chassis import database, stamp
from chassis.settings import Deployment
from tests import tokens
from tests.chassis.toy.app import HELD
from tests.chassis.toy.store import metadata
from uem.stack import ports

ROOT = Path(__file__).parents[2]


class Process:
    """The toy service under uvicorn."""

    def __init__(self, url: str, issuer: tokens.Issuer, folder: Path, **settings: str) -> None:
        self.port = ports.free(1)[0]
        self.log = folder / f"{self.port}.log"
        environment = {
            "PATH": os.environ["PATH"],
            "UEM_DATABASE_URL": url,
            "UEM_DEPLOYMENT": "rehearsal",
            "UEM_TOKEN_ISSUER": tokens.ISSUER,
            "UEM_JWKS_FILE": str(issuer.jwks_file),
            "UEM_DATA_DIR": str(folder),
            "UEM_NATS_URL": "nats://127.0.0.1:1",
        } | settings
        argv = [sys.executable, "-m", "uvicorn", "--factory", "tests.chassis.toy.app:create_app"]
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                [*argv, "--host", "127.0.0.1", "--port", str(self.port)],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    async def probe(self, path: str) -> tuple[int, str]:
        """Return status and body; 0 while nothing listens."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as client:
            try:
                answer = await client.get(path)
            except httpx.TransportError:
                return 0, ""
            return answer.status_code, answer.text

    async def answers(self, path: str, status: int) -> str:
        """Wait until the path answers so and return the body."""
        body = ""

        async def is_so() -> bool:
            nonlocal body
            found, body = await self.probe(path)
            assert self.child.poll() is None, self.log.read_text()
            return found == status

        await until(is_so)
        return body

    async def ends(self) -> int:
        """Wait for the end and return the exit status."""
        return await asyncio.to_thread(self.child.wait, 30)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await condition():  # noqa: ASYNC110 - another process cannot set an event
            await asyncio.sleep(0.02)


@pytest.fixture
def processes() -> Iterator[list[Process]]:
    started: list[Process] = []
    yield started
    for process in started:
        process.child.kill()
        process.child.wait()


async def fill(url: str, deployment: Deployment) -> None:
    engine = database.connect(url, service="test", pool=1)
    async with engine.begin() as db:
        await db.run_sync(metadata.create_all)
        await stamp.write(db, "toy", deployment)
    await engine.dispose()


async def test_a_service_waits_for_its_database_works_without_a_broker_and_drains(
    postgres, issuer, tmp_path, processes
):
    url = await postgres.empty("life_waits")
    service = Process(url, issuer, tmp_path, UEM_DRAIN_S="2")
    processes.append(service)
    assert await service.answers("/livez", 200)
    assert "does not exist" in await service.answers("/readyz", 503)

    await fill(url, Deployment.REHEARSAL)
    await service.answers("/readyz", 200)

    held = await asyncpg.connect(url)
    await held.execute(f"SELECT pg_advisory_lock({HELD})")
    token = {"Authorization": f"Bearer {issuer.token(roles=['keeper'], areas=['410100'])}"}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{service.port}", headers=token
    ) as client:
        written = await client.post("/v1/jars", json={"label": "without a broker"})
        under_way = asyncio.create_task(client.post("/v1/held"))
        await until(lambda: waits_for_lock(held))

        service.child.send_signal(signal.SIGTERM)
        draining = await service.answers("/readyz", 503)
        await held.close()
        finished = await under_way

    assert written.status_code == 201
    assert "draining" in draining
    assert finished.json() == {"held": True}
    assert await service.ends() == -signal.SIGTERM  # uvicorn passes the signal on when it is done
    assert '"event":"ended"' in service.log.read_text()


async def waits_for_lock(connection: asyncpg.Connection) -> bool:
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
        )
    )


async def test_a_service_does_not_start_on_another_deployments_database(
    postgres, issuer, tmp_path, processes
):
    url = await postgres.empty("life_refused")
    await fill(url, Deployment.PRODUCTION)

    service = Process(url, issuer, tmp_path)
    processes.append(service)

    assert await service.ends() != 0
    assert "MODE_STAMP_MISMATCH" in service.log.read_text()


async def test_a_database_that_turns_out_to_be_anothers_ends_the_process(
    postgres, issuer, tmp_path, processes
):
    url = await postgres.empty("life_turned")
    service = Process(url, issuer, tmp_path)
    processes.append(service)
    await service.answers("/readyz", 503)

    await fill(url, Deployment.PRODUCTION)

    assert await service.ends() == 3
    assert "MODE_STAMP_MISMATCH" in service.log.read_text()


async def test_a_service_without_settings_names_them_and_ends(tmp_path, issuer, processes):
    service = Process("", issuer, tmp_path, UEM_DEPLOYMENT="")
    processes.append(service)

    assert await service.ends() != 0
    said = service.log.read_text()
    assert "UEM_DATABASE_URL is missing" in said
    assert "UEM_DEPLOYMENT is missing" in said

"""The containers for real: built, up by one command, played, killed and paused, nothing lost."""

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from containers import images
from containers.compose import Compose
from tests.containers.conftest import BILLS, tell
from tests.e2e import rehearsal
from tests.faults import runs
from tests.faults.rough import CLOCK, READS, PatientCity
from tests.faults.runs import Left
from uem.demo.against import Distant

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

PIECES = ("org", "nats", "plans", "postgres", "guarantee", "analytics", "gateway")
EVERY = 7  # writes between two faults: the ten minutes have some hundred
PAUSE_S = 5.0
RESOLVES = "import socket\ntry: socket.getaddrinfo({name!r}, 1); print('found')\nexcept OSError: print('unknown')"


class StruckCity(PatientCity):
    """At every so many writes one piece dies, or hangs for a while, in turn, while it is written."""

    def __init__(self, distant: Distant, client: httpx.AsyncClient, stack: Compose) -> None:
        super().__init__(distant, client)  # type: ignore[arg-type]  # addresses and tokens are all
        self._containers = stack
        self._writes = itertools.count(1)
        self._victims: Iterator[str] = itertools.cycle(PIECES)
        self.killed: list[str] = []
        self.paused: list[str] = []

    async def call(self, method: str, service: str, path: str, **request: Any) -> Any:
        is_write = method not in READS and path != CLOCK
        if not is_write or next(self._writes) % EVERY:
            return await super().call(method, service, path, **request)
        answered, _ = await asyncio.gather(
            super().call(method, service, path, **request),
            asyncio.to_thread(self._strike, next(self._victims)),
        )
        return answered

    def _strike(self, victim: str) -> None:
        if len(self.killed) > len(self.paused):
            self.paused.append(victim)
            self._containers.run("pause", victim)
            time.sleep(PAUSE_S)
            self._containers.run("unpause", victim)
        else:
            self.killed.append(victim)
            self._containers.run("kill", "--signal", "KILL", victim)
        self._containers.start(victim)  # an engine does not restart what was killed by hand


@asynccontextmanager
async def struck(stack: Compose, secrets: Path, port: int) -> AsyncIterator[StruckCity]:
    distant = Distant.at(f"http://127.0.0.1:{port}", secrets)
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        city = StruckCity(distant, client, stack)
        await rehearsal.fill(distant, city)  # type: ignore[arg-type]
        yield city


async def test_kills_and_pauses_of_every_container_lose_nothing(
    stack: Compose, secrets: Path, port: int, calm: Left
):
    distant = Distant.at(f"http://127.0.0.1:{port}", secrets)
    began = time.monotonic()
    async with struck(stack, secrets, port) as city:
        done = await rehearsal.play(city, until=runs.TEN_MINUTES)
        left = await runs.look(distant, city, done)  # type: ignore[arg-type]

    runs.tell(
        "compose, ten minutes of scenario",
        left,
        killed=dict(Counter(city.killed)),
        paused=dict(Counter(city.paused)),
        seconds=round(time.monotonic() - began),
    )
    tell("memory: " + ", ".join(f"{name} {used}" for name, used in stack.memory().items()))
    assert {*city.killed, *city.paused} == set(PIECES)
    runs.expect_same(left, calm)


async def test_one_command_brings_it_up_closed_and_traced(stack: Compose, secrets: Path, port: int):
    published = {name: stack.inspect(name, "{{json .NetworkSettings.Ports}}") for name in PIECES}
    hosts = {
        name: [b["HostIp"] for v in json.loads(p).values() if v for b in v]
        for name, p in published.items()
    }

    assert {name: found for name, found in hosts.items() if found} == {"gateway": ["127.0.0.1"]}
    for name in ("org", "plans", "guarantee", "analytics", "gateway"):
        assert stack.inspect(name, "{{.Config.User}}") == "10001:10001"
        assert stack.inspect(name, "{{.HostConfig.ReadonlyRootfs}}") == "true"
    assert "unknown" in stack.within("gateway", RESOLVES.format(name="postgres"))
    assert "found" in stack.within("org", RESOLVES.format(name="postgres"))
    await traced(stack, secrets, port)


async def traced(stack: Compose, secrets: Path, port: int) -> None:
    """A write by the edge is seen by the collector as one trace of gateway and service."""
    distant = Distant.at(f"http://127.0.0.1:{port}", secrets)
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        city = PatientCity(distant, client)  # type: ignore[arg-type]
        await rehearsal.fill(distant, city)  # type: ignore[arg-type]
    if not stack.standins:
        return
    asked = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:4318/spans').read().decode())"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        seen: dict[str, set[str]] = {}
        for span in json.loads(stack.within("collector", asked)):
            seen.setdefault(span["trace"], set()).add(span["service"])
        if any({"gateway", "org"} <= services for services in seen.values()):
            return
        await asyncio.sleep(1)
    pytest.fail("no trace of gateway and org reached the collector")


def test_what_is_in_the_images_is_listed(docker: dict[str, str], built: str):
    for image in ("uem/service:0.1.0", "uem/analytics:0.1.0"):
        found = images.bill_of_materials(image, docker, BILLS)
        tell(f"{image} on {built}: {found.megabytes} MB unpacked, {found.packages} packages")
        assert found.packages > 50


async def test_memory_limits_and_a_graceful_end(stack: Compose):
    assert stack.inspect("org", "{{.HostConfig.Memory}}") == str(512 * 1024 * 1024)

    began = time.monotonic()
    stack.run("stop", "org")

    assert stack.inspect("org", "{{.State.ExitCode}}") == "0"
    tell(f"org drained and ended in {time.monotonic() - began:.1f} s")

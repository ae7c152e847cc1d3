"""The containers for real: built, up by one command, played, killed and paused, nothing lost."""

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from containers import images
from containers.compose import Compose
from containers.standins import collector
from tests.containers.conftest import BILLS, tell
from tests.e2e import rehearsal
from tests.faults import runs
from tests.faults.rough import CLOCK, READS, PatientCity
from tests.faults.runs import Left
from uem.demo.against import Distant

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

PIECES = ("org", "nats", "plans", "postgres", "guarantee", "analytics", "gateway")
EVERY = 4  # writes between two faults: fourteen of them in ten minutes, and a few more
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


@dataclass(frozen=True, slots=True)
class Struck:
    """What a play under faults left, and which pieces were struck."""

    left: Left
    killed: list[str]
    paused: list[str]


@pytest.fixture(scope="session")
async def struck(stack: Compose, distant: Distant) -> Struck:
    """Ten minutes of the scenario, every container killed and paused in turn meanwhile."""
    began = time.monotonic()
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        city = StruckCity(distant, client, stack)
        await rehearsal.fill(distant, city)  # type: ignore[arg-type]
        done = await rehearsal.play(city, until=runs.TEN_MINUTES)
        left = await runs.look(distant, city, done)  # type: ignore[arg-type]
    runs.tell(
        "compose, ten minutes of scenario",
        left,
        killed=dict(Counter(city.killed)),
        paused=dict(Counter(city.paused)),
        seconds=round(time.monotonic() - began),
    )
    return Struck(left, city.killed, city.paused)


def test_kills_and_pauses_of_every_container_lose_nothing(struck: Struck, calm: Left):
    assert set(struck.killed) == set(PIECES)
    assert set(struck.paused) == set(PIECES)
    runs.expect_same(struck.left, calm)


def test_only_the_gateway_is_published_and_networks_are_apart(stack: Compose):
    published = {
        name: [
            binding["HostIp"]
            for bindings in json.loads(
                stack.inspect(name, "{{json .NetworkSettings.Ports}}")
            ).values()
            for binding in bindings or ()
        ]
        for name in (*PIECES, "collector")
    }

    assert {name: hosts for name, hosts in published.items() if hosts} == {"gateway": ["127.0.0.1"]}
    assert "unknown" in stack.within("gateway", RESOLVES.format(name="postgres"))
    assert "found" in stack.within("org", RESOLVES.format(name="postgres"))


@pytest.mark.parametrize("name", ["org", "plans", "guarantee", "analytics", "gateway"])
def test_a_program_is_nobody_on_a_file_system_that_it_cannot_change(stack: Compose, name: str):
    assert stack.inspect(name, "{{.Config.User}}") == "10001:10001"
    assert stack.inspect(name, "{{.HostConfig.ReadonlyRootfs}}") == "true"
    assert stack.inspect(name, "{{.HostConfig.CapDrop}}") == "[ALL]"
    assert int(stack.inspect(name, "{{.HostConfig.Memory}}")) > 0


def test_traces_reach_the_collector_and_span_the_services(stack: Compose, struck: Struck):
    if not stack.standins:
        pytest.skip("the stand-in tells what it was sent; the real collector passes it on")
    asked = (
        "import urllib.request as r; "
        f"print(r.urlopen('http://127.0.0.1:{collector.PORT}/spans').read().decode())"
    )
    seen: dict[str, set[str]] = {}
    for span in json.loads(stack.within("collector", asked)):
        seen.setdefault(span["trace"], set()).add(span["service"])

    widest = max(seen.values(), key=len)
    tell(f"{len(seen)} traces at the collector, the widest over {', '.join(sorted(widest))}")
    assert {"gateway", "org"} <= widest


def test_what_is_in_the_images_is_listed(docker: dict[str, str], built: str):
    for image in ("uem/service:0.1.0", "uem/analytics:0.1.0"):
        found = images.bill_of_materials(image, docker, BILLS)
        own = found.megabytes - images.megabytes(built, docker)
        tell(
            f"{image}: {found.megabytes} MB unpacked, {own} MB of them above {built}; "
            f"{found.packages} packages in {found.bill.name}"
        )
        assert found.packages > 50


def test_a_program_drains_and_ends_by_itself(stack: Compose, struck: Struck):
    memory = ", ".join(f"{name} {used}" for name, used in sorted(stack.memory().items()))
    tell(f"memory after the play: {memory}")
    began = time.monotonic()

    stack.run("stop", "org")

    tell(f"org drained and ended in {time.monotonic() - began:.1f} s")
    assert stack.inspect("org", "{{.State.ExitCode}}") == "0"
    stack.start("org")

"""Partition, half-open, slow and reset between each pair of programs: nothing is lost or doubled."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.settings import Deployment
from tests.e2e import rehearsal
from tests.faults import runs
from tests.faults.proxy import Fault, FaultProxy, Network, network
from tests.faults.rough import CLOCK, READS, PatientCity
from uem.stack import environment, ports, process
from uem.stack.programs import SERVICES, Application
from uem.stack.stack import Stack

FAULTS = (Fault.PARTITION, Fault.HALF_OPEN, Fault.SLOW, Fault.RESET)
NAMES = tuple(one.name for one in SERVICES)
# who asks, who is asked
PAIRS = tuple(
    [
        *itertools.product(NAMES, ("postgres", "nats")),
        *(("gateway", name) for name in NAMES),
        ("gateway", "nats"),
    ]
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where the programs meet: one proxy for each pair."""

    network: Network
    between: dict[tuple[str, str], FaultProxy]

    def struck(
        self, pair: tuple[str, str], fault: Fault
    ) -> contextlib.AbstractContextManager[None]:
        """The fault is between the two while the context lasts."""
        return self.network.struck(self.between[pair], fault)


class ProxiedStack(Stack):
    """Programs reach each other and their servers through a proxy for each pair."""

    def __init__(
        self, folder: Path, ports_: dict[str, int], between: dict[Any, FaultProxy]
    ) -> None:
        self._between = between
        super().__init__(folder, deployment=Deployment.REHEARSAL, port_of=ports_)

    def database_url(self, service: str) -> str:
        """The address of the service's database, through its proxy."""
        real, port = super().database_url(service), self._between[service, "postgres"].port
        return real.replace(f":{self._ports['postgres']}/", f":{port}/")

    def _around(self, application: Application) -> environment.Surroundings:
        asks = application.name
        reached = {
            name: f"http://127.0.0.1:{self._between['gateway', name].port}" for name in NAMES
        }
        return replace(
            super()._around(application),
            nats_url=f"nats://127.0.0.1:{self._between[asks, 'nats'].port}",
            addresses=reached if asks == "gateway" else self.addresses,
        )


class NetworkCity(PatientCity):
    """At every so many writes one pair's network fails, in turn, each pair with each fault."""

    def __init__(
        self,
        stack: Stack,
        client: httpx.AsyncClient,
        meeting: Meeting,
        *,
        plan: list[tuple[tuple[str, str], Fault]],
        every: int,
        lasts_s: float,
    ) -> None:
        super().__init__(stack, client)
        self._meeting, self._every, self._lasts_s = meeting, every, lasts_s
        self._plan = iter(plan)
        self._writes = itertools.count(1)
        self.struck: list[tuple[tuple[str, str], Fault]] = []

    async def call(self, method: str, service: str, path: str, **request: Any) -> Any:
        is_write = method not in READS and path != CLOCK
        due = is_write and next(self._writes) % self._every == 0
        next_ = next(self._plan, None) if due else None
        if next_ is None:
            return await super().call(method, service, path, **request)
        pair, fault = next_
        self.struck.append(next_)
        answered, _ = await asyncio.gather(
            super().call(method, service, path, **request), self._strike(pair, fault)
        )
        return answered

    async def _strike(self, pair: tuple[str, str], fault: Fault) -> None:
        with self._meeting.struck(pair, fault):
            await asyncio.sleep(self._lasts_s)


@asynccontextmanager
async def deployment(folder: Path) -> AsyncIterator[tuple[Stack, Meeting]]:
    """A deployment whose programs meet through proxies only."""
    chosen = ports.automatic(["postgres", "nats", *NAMES, "gateway"])
    with network(*(chosen[asked] for _, asked in PAIRS)) as made:
        meeting = Meeting(made, dict(zip(PAIRS, made.proxies, strict=True)))
        async with ProxiedStack(folder, chosen, meeting.between) as stack:
            yield stack, meeting


async def played(
    folder: Path, plan: list[tuple[tuple[str, str], Fault]], *, every: int, lasts_s: float
) -> tuple[runs.Left, NetworkCity]:
    async with (
        deployment(folder) as (stack, meeting),
        httpx.AsyncClient(timeout=60, trust_env=False) as client,
    ):
        city = NetworkCity(stack, client, meeting, plan=plan, every=every, lasts_s=lasts_s)
        await rehearsal.fill(stack, city)
        done = await rehearsal.play(city, until=runs.TEN_MINUTES)
        unused = {pair for pair, proxy in meeting.between.items() if not proxy.passed}
        assert unused <= {("gateway", "analytics")}  # nothing of it is shown in these minutes
        left = await runs.look(stack, city, done)
    return left, city


@pytest.mark.timeout(600)
async def test_a_network_that_fails_between_pairs_loses_and_doubles_nothing(tmp_path: Path):
    """Each fault once, between pairs of each kind, short enough for every run of the checks."""
    plan = [
        (("org", "postgres"), Fault.PARTITION),
        (("guarantee", "nats"), Fault.RESET),
        (("gateway", "org"), Fault.HALF_OPEN),
        (("plans", "nats"), Fault.SLOW),
        (("plans", "postgres"), Fault.RESET),
        (("analytics", "nats"), Fault.PARTITION),
    ]

    left, city = await played(tmp_path, plan, every=9, lasts_s=1.5)

    runs.tell("network faults, ten minutes of scenario", left, struck=len(city.struck))
    assert city.struck == plan
    runs.expect_nothing_lost(left)


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_every_fault_between_every_pair_changes_nothing(tmp_path: Path, calm: runs.Left):
    """All pairs with all faults, over several plays, longer than any timeout of a connection."""
    whole = [(pair, fault) for fault in FAULTS for pair in PAIRS]
    struck: Counter[str] = Counter()
    for number, plan in enumerate(batched(whole, len(PAIRS))):
        left, city = await played(tmp_path / str(number), list(plan), every=4, lasts_s=5.0)
        struck.update(fault.name for _, fault in city.struck)
        runs.tell(f"network faults, play {number + 1}", left, struck=len(city.struck))
        assert city.struck == list(plan)
        runs.expect_same(left, calm)
    assert set(struck.values()) == {len(PAIRS)}


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("asked", ["postgres", "nats"])
async def test_a_connection_that_leads_nowhere_is_noticed_and_replaced(tmp_path: Path, asked: str):
    """Half-open for good: neither end hears of it, as behind a firewall that forgot."""
    async with (
        deployment(tmp_path) as (stack, meeting),
        httpx.AsyncClient(timeout=60, trust_env=False) as client,
    ):
        city = PatientCity(stack, client)
        await rehearsal.fill(stack, city)
        pair = meeting.between["org", asked]
        with meeting.struck(("org", asked), Fault.HALF_OPEN):
            began = asyncio.get_running_loop().time()
            assert pair.forgotten > 0
            await rehearsal.play(city, until=runs.TEN_MINUTES)
            assert await asyncio.to_thread(process.wait_until, lambda: not pair.forgotten, 300)
            noticed = asyncio.get_running_loop().time() - began
        left = await runs.look(stack, city, [])

    runs.tell(f"half-open org to {asked}", left, gone_after_s=round(noticed, 1))
    runs.expect_nothing_lost(left)


def batched(values: list[Any], size: int) -> list[list[Any]]:
    return [values[at : at + size] for at in range(0, len(values), size)]

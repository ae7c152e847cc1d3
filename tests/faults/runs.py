"""Plays of the scenario's beginning, with a fault at chosen writes, and what each left behind."""

import itertools
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from chassis.digest import canonical
from chassis.settings import Deployment
from tests.e2e import rehearsal
from tests.faults.rough import CLOCK, READS, PatientCity
from uem import digest
from uem.demo import record
from uem.demo.city import City
from uem.digest import Digest
from uem.services import Services
from uem.stack.stack import Stack

Write = Callable[[], Coroutine[Any, Any, Any]]
Fault = Callable[[Stack, Write], Awaitable[Any]]  # the write is done in it, and answered
CityOf = Callable[[Stack, httpx.AsyncClient], PatientCity]

# red, proposed, signed, ordered, on the road
TEN_MINUTES = rehearsal.SCENARIO.entries[0].at + timedelta(minutes=10)
RECONCILIATION = "/v1/operator/reconciliation"
MOST_ROWS = 3  # of a table, in the message of a failure


class FaultyCity(PatientCity):
    """At the writes named by number a fault happens; everything is asked until it is answered."""

    def __init__(
        self, stack: Stack, client: httpx.AsyncClient, faults: Mapping[int, Fault]
    ) -> None:
        super().__init__(stack, client)
        self._machines = stack
        self._faults = dict(faults)
        self._writes = itertools.count(1)
        self.struck: list[int] = []

    async def call(self, method: str, service: str, path: str, **request: Any) -> Any:
        is_write = method not in READS and path != CLOCK
        number = next(self._writes) if is_write else 0

        async def write() -> Any:
            return await super(FaultyCity, self).call(method, service, path, **request)

        if number not in self._faults:
            return await write()
        self.struck.append(number)
        return await self._faults[number](self._machines, write)


@dataclass(frozen=True, slots=True)
class Left:
    """What a play left: state, records, who did what, and what the services find missing."""

    digest: Digest
    rows: dict[str, list[str]]  # by table, as they went into the digest
    recording: record.Recording
    done: list[str]
    missing: list[dict[str, Any]] = field(default_factory=list)


@asynccontextmanager
async def deployment(
    folder: Path, city_of: CityOf = PatientCity
) -> AsyncIterator[tuple[Stack, PatientCity]]:
    """A rehearsal with the sample city, at rest at the start of its scenario."""
    async with (
        Stack(folder, deployment=Deployment.REHEARSAL) as stack,
        httpx.AsyncClient(timeout=30, trust_env=False) as client,
    ):
        city = city_of(stack, client)
        await rehearsal.fill(stack, city)
        yield stack, city


async def play(
    folder: Path, city_of: CityOf = PatientCity, *, until: datetime = TEN_MINUTES
) -> Left:
    """The scenario was played up to `until` on a new deployment."""
    async with deployment(folder, city_of) as (stack, city):
        done = await rehearsal.play(city, until=until)
        return await look(stack, city, done)


async def look(stack: Stack, city: City, done: list[str]) -> Left:
    """Read everything that the deployment, at rest, says of itself."""
    await city.settle()
    recording = await record.read(city, "faults")
    operator = stack.token(roles=["operator"], subject="operator")
    with Services(stack.addresses, operator) as services:
        state = digest.take(services)
        rows = _rows(services)
        found = [services.post(name, RECONCILIATION, {}) for name in services.addresses]
    return Left(state, rows, recording, done, [one for each in found for one in each["missing"]])


def expect_same(rough: Left, calm: Left) -> None:
    """Nothing lost, no effect twice, and the very state of the play without a fault."""
    assert deeds(rough) == deeds(calm)
    different = digest.differences(rough.digest, calm.digest)
    assert not different, "\n".join([*different, *_differing_rows(rough, calm)])
    assert rough.digest.sha256 == calm.digest.sha256
    for left in (calm, rough):
        expect_nothing_lost(left)
    assert rough.recording.balance.published == calm.recording.balance.published


def deeds(left: Left) -> list[str]:
    """What was done in the play, sorted; numbers are left out of it.

    Which of two orders of one instant got the lower number is nobody's decision.
    """
    return sorted(str(canonical({"text": text}, frozenset())["text"]) for text in left.done)


def _rows(services: Services) -> dict[str, list[str]]:
    return {
        f"{name}.{table['name']}": [json.dumps(row, ensure_ascii=False) for row in table["rows"]]
        for name in services.addresses
        for table in services.get(name, "/v1/operator/digest", rows="true")["tables"]
    }


def _differing_rows(rough: Left, calm: Left) -> list[str]:
    """What stands in one of the two only, a few rows of each table."""
    told: list[str] = []
    for table in sorted(rough.rows.keys() & calm.rows.keys()):
        ours, theirs = Counter(rough.rows[table]), Counter(calm.rows[table])
        for who, only in (("with faults", ours - theirs), ("without", theirs - ours)):
            told += [f"{table}, {who} only: {row}" for row in itertools.islice(only, MOST_ROWS)]
    return told


def expect_nothing_lost(left: Left) -> None:
    """Every event was heard where it is subscribed, and had its effect once."""
    assert left.recording.balance.published > 0
    assert left.recording.balance.lost == 0
    assert left.recording.duplicate_effects == 0
    assert left.missing == []


def tell(what: str, left: Left, **figures: object) -> None:
    """The figures of a play stand in the output of `make faults`."""
    balance = left.recording.balance
    more = "".join(f", {name} {value}" for name, value in figures.items())
    sys.stdout.write(
        f"\n{what}: {balance.published} events published, {balance.handled} handled, "
        f"{balance.lost} lost, {left.recording.duplicate_effects} effects doubled{more}\n"
    )


def seconds(variable: str, default: float) -> float:
    """How long a fault lasts: from the environment, else the default."""
    return float(os.environ.get(variable, default))

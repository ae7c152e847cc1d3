"""The sample city: loaded through the public interfaces, once or twice the same."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e import rehearsal
from uem import digest, sample
from uem.demo.city import City
from uem.problem import Problem
from uem.services import Services
from uem.stack.stack import Stack


def load(stack: Stack, folder: Path) -> dict[str, int]:
    return sample.load(
        stack.addresses, lambda roles: stack.token(roles=roles, subject=roles[0]), folder
    )


def reference(stack: Stack) -> dict[str, str]:
    """What the city consists of, by the digest of each service's own table."""
    with Services(stack.addresses, stack.token(roles=["operator"])) as services:
        found = digest.take(services)
    wanted = {
        *("org.jurisdiction", "org.organization", "org.post", "plans.plan"),
        *("guarantee.resource", "guarantee.provision", "analytics.station"),
    }
    return {
        f"{name}.{table.name}": table.sha256
        for name, service in found.services.items()
        for table in service.tables
        if f"{name}.{table.name}" in wanted
    }


async def test_a_city_loaded_again_is_the_same_city(stack: Stack, city: City):
    before = await asyncio.to_thread(reference, stack)

    counts = await asyncio.to_thread(load, stack, sample.CITY)
    await city.settle()

    assert counts["jurisdictions"] == 14
    assert counts["plans"] == len(list((rehearsal.FOLDER / "city" / "plans").glob("*.yaml")))
    assert len(before) == 7
    assert await asyncio.to_thread(reference, stack) == before


async def test_a_record_that_a_service_refuses_is_named(stack: Stack, tmp_path: Path):
    (tmp_path / "jurisdictions.yaml").write_text('- {code: "410199", nameZh: 无, colour: red}\n')

    with pytest.raises(Problem, match=r"jurisdictions\.yaml: 410199 was refused: 422"):
        await asyncio.to_thread(load, stack, tmp_path)


async def test_copies_of_the_city_have_reached_the_other_services(stack: Stack, city: City):
    here, there = await asyncio.gather(
        city.read("org", "/v1/operator/digest"), city.read("plans", "/v1/operator/digest")
    )

    counts = [{table["name"]: table["count"] for table in one["tables"]} for one in (here, there)]
    for copied in ("jurisdiction", "organization"):
        assert counts[0][copied] == counts[1][copied] > 0

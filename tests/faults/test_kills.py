"""kill -9 of every piece while the emergency runs: the same state, nothing lost, nothing doubled."""

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from chassis.digest import canonical
from chassis.settings import Deployment
from tests.e2e import rehearsal
from tests.faults.rough import RoughCity
from uem import digest
from uem.demo import record
from uem.demo.city import City
from uem.digest import Digest
from uem.services import Services
from uem.stack.stack import Stack

pytestmark = pytest.mark.timeout(600)
PIECES = ("org", "nats", "plans", "postgres", "guarantee", "analytics", "gateway")
UNTIL = rehearsal.SCENARIO.entries[0].at + timedelta(
    minutes=10
)  # red, proposed, signed, ordered, on the road


async def run(
    folder: Path, city_of: Callable[[Stack, httpx.AsyncClient], City]
) -> tuple[Digest, record.Recording, City, list[str]]:
    """Play the beginning of the scenario on a new deployment; return what it left."""
    async with (
        Stack(folder, deployment=Deployment.REHEARSAL) as stack,
        httpx.AsyncClient(timeout=30, trust_env=False) as client,
    ):
        city = city_of(stack, client)
        await rehearsal.fill(stack, city)
        done = await rehearsal.play(city, until=UNTIL)
        recording = await record.read(city, "faults")
        operator = stack.token(roles=["operator"], subject="operator")
        with Services(stack.addresses, operator) as services:
            return digest.take(services), recording, city, done


def nameless(text: str) -> str:
    """Which of two orders of one instant got the lower number is nobody's decision."""
    return str(canonical({"text": text}, frozenset())["text"])


async def test_killing_every_piece_while_messages_flow_changes_nothing(tmp_path: Path):
    calm, calm_record, _, calm_done = await run(tmp_path / "calm", City)
    victims = itertools.cycle(PIECES)

    rough, rough_record, city, rough_done = await run(
        tmp_path / "rough",
        lambda stack, client: RoughCity(stack, client, victims=victims, every=6),
    )

    assert isinstance(city, RoughCity)
    assert set(city.killed) == set(PIECES), Counter(city.killed)
    assert sorted(map(nameless, rough_done)) == sorted(map(nameless, calm_done))
    assert digest.differences(rough, calm) == []
    assert rough.sha256 == calm.sha256
    for found in (calm_record, rough_record):
        assert found.balance.published > 0
        assert found.balance.lost == 0
        assert found.duplicate_effects == 0
    assert rough_record.balance.published == calm_record.balance.published

"""One play without any fault, against which the others are held."""

import pytest

from tests.faults import runs
from tests.faults.runs import Left
from uem.demo import city


@pytest.fixture(scope="session")
async def calm(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """Ten minutes of the scenario, played in peace."""
    return await runs.play(tmp_path_factory.mktemp("calm"))


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault may last longer than what an undisturbed city takes to come to rest."""
    monkeypatch.setattr(city, "SETTLE_WITHIN_S", 240.0)

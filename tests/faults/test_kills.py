"""kill -9 and SIGSTOP of every piece while the emergency runs: the same state, nothing lost or doubled."""

import itertools
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e import rehearsal
from tests.faults import runs
from tests.faults.rough import RoughCity, StoppingCity

PIECES = ("org", "nats", "plans", "postgres", "guarantee", "analytics", "gateway")
LEVEL_I = rehearsal.SCENARIO.history["level_I_at"]


@pytest.mark.timeout(600)
async def test_killing_every_piece_while_messages_flow_changes_nothing(
    calm: runs.Left, tmp_path: Path
):
    cities: list[RoughCity] = []

    def rough(stack, client):
        cities.append(RoughCity(stack, client, victims=itertools.cycle(PIECES), every=9))
        return cities[-1]

    left = await runs.play(tmp_path, rough)

    killed = Counter(cities[0].killed)
    runs.tell("kills, ten minutes of scenario", left, killed=dict(killed))
    assert set(killed) == set(PIECES)
    runs.expect_same(left, calm)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_kills_and_pauses_up_to_level_one_change_nothing(tmp_path: Path):
    cities: list[StoppingCity] = []

    def rough(stack, client):
        victims = itertools.cycle(PIECES)  # seven: each is killed and stopped in turn
        cities.append(StoppingCity(stack, client, victims=victims, every=12))
        return cities[-1]

    undisturbed = await runs.play(tmp_path / "calm", until=LEVEL_I)
    left = await runs.play(tmp_path / "rough", rough, until=LEVEL_I)

    struck = cities[0].killed
    killed, stopped = Counter(struck[0::2]), Counter(struck[1::2])
    runs.tell("kills and pauses, to Level I", left, killed=dict(killed), stopped=dict(stopped))
    assert set(killed) == set(stopped) == set(PIECES)
    runs.expect_same(left, undisturbed)

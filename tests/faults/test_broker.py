"""A broker that loses its store, gets an old one, or stays away: everything is said again, once."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.faults import runs
from tests.faults.runs import FaultyCity, Left, Write
from uem.stack.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
AWAY_S = runs.seconds("UEM_FAULT_AWAY_S", 120)


def streams(stack: Stack) -> Path:
    return stack.home.nats / "streams"


async def lose_the_store(stack: Stack, write: Write):
    answer = await write()
    await stack.take_down("nats")
    await asyncio.to_thread(shutil.rmtree, streams(stack))
    await stack.bring_up("nats")
    return answer


async def keep_a_copy(stack: Stack, write: Write):
    answer = await write()
    await stack.take_down("nats")
    await asyncio.to_thread(shutil.copytree, streams(stack), stack.home.nats / "old")
    await stack.bring_up("nats")
    return answer


async def go_back_to_the_copy(stack: Stack, write: Write):
    answer = await write()
    await stack.take_down("nats")
    await asyncio.to_thread(shutil.rmtree, streams(stack))
    (stack.home.nats / "old").rename(streams(stack))
    await stack.bring_up("nats")
    return answer


async def stay_away(stack: Stack, write: Write):
    await stack.take_down("nats")
    answer = await write()  # a write does not need the broker
    await asyncio.sleep(AWAY_S)
    await stack.bring_up("nats")
    return answer


async def struck(folder: Path, faults: dict[int, runs.Fault]) -> Left:
    cities: list[FaultyCity] = []

    def faulty(stack, client):
        cities.append(FaultyCity(stack, client, faults))
        return cities[-1]

    left = await runs.play(folder, faulty)
    assert sorted(cities[0].struck) == sorted(faults)
    return left


async def test_a_broker_whose_store_was_deleted_is_told_everything_again(
    calm: Left, tmp_path: Path
):
    left = await struck(tmp_path, {8: lose_the_store, 20: lose_the_store})

    runs.tell("broker's store deleted twice", left)
    runs.expect_same(left, calm)


async def test_a_broker_set_back_to_an_older_store_is_told_what_it_lost(calm: Left, tmp_path: Path):
    left = await struck(tmp_path, {6: keep_a_copy, 24: go_back_to_the_copy})

    runs.tell("broker's store set back", left)
    runs.expect_same(left, calm)


async def test_writes_go_on_while_the_broker_is_away(calm: Left, tmp_path: Path):
    left = await struck(tmp_path, {10: stay_away})

    runs.tell(f"broker away for {AWAY_S:.0f} s", left)
    runs.expect_same(left, calm)

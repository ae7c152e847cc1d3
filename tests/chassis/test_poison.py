"""Messages whose handler hangs, or takes its process with it, are set aside; everything else is handled."""

import asyncio
from functools import partial

import pytest

from tests.chassis.rig import Rig, Running, note, rolled, until

ATTEMPTS = 2


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few attempts, and what was not acknowledged comes again soon."""
    monkeypatch.setattr("chassis.consumer.settling.MAX_ATTEMPTS", ATTEMPTS)
    monkeypatch.setattr("chassis.consumer.applying.HANDLER_TIMEOUT_S", 0.2)
    monkeypatch.setattr("chassis.consumer.durable.ACK_WAIT_S", 0.5)


async def test_a_handler_that_hangs_counts_as_failed_and_its_message_is_set_aside(rig: Rig):
    async def on_rolled(uow, event):
        if event.id == "mar_poison":
            await asyncio.Event().wait()
        await note(uow.db, event)

    sayer, hearer = await rig.pair(on=on_rolled)
    sayer.start()
    hearer.start()

    await sayer.say(rolled(1, id="mar_poison"), rolled(1), rolled(2))

    await until(lambda: has_set_aside(hearer))
    await until(lambda: has_done(hearer, 2))
    (entry,) = await hearer.quarantined()
    assert entry.aggregate_id == "mar_poison"
    assert (entry.error or "").startswith("TimeoutError")
    assert await hearer.effects() == [("mar_1", 1), ("mar_1", 2)]


async def test_a_message_that_fells_every_process_is_set_aside_before_it_is_handled_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("chassis.consumer.applying.HANDLER_TIMEOUT_S", 60.0)
    reached = asyncio.Event()

    async def on_rolled(uow, event):
        if event.id == "mar_poison":
            reached.set()
            await asyncio.Event().wait()
        await note(uow.db, event)

    sayer, hearer = await rig.pair(on=on_rolled)
    sayer.start()
    await sayer.say(rolled(1, id="mar_poison"))
    falls = 0
    hearer.start()
    while not await has_set_aside(hearer):
        await until(partial(is_handling_or_done, hearer, reached))
        if reached.is_set():
            await hearer.crash()
            falls += 1
            hearer = await rig.again(hearer)
            reached.clear()
            hearer.start()

    await sayer.say(rolled(1), rolled(2))

    await until(lambda: has_done(hearer, 2))
    assert 1 <= falls <= ATTEMPTS + 1
    assert await hearer.effects() == [("mar_1", 1), ("mar_1", 2)]


async def is_handling_or_done(hearer: Running, reached: asyncio.Event) -> bool:
    return reached.is_set() or await has_set_aside(hearer)


async def has_set_aside(hearer: Running) -> bool:
    return len(await hearer.quarantined()) == 1


async def has_done(hearer: Running, count: int) -> bool:
    return len(await hearer.effects()) >= count

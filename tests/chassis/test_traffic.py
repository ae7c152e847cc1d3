"""What one service says, another hears: once, in order, whatever happens in between."""

from tests.chassis.rig import Rig, rolled, until


async def test_what_is_said_is_heard_once_and_in_order(rig: Rig):
    sayer, hearer = await rig.pair()
    sayer.start()
    hearer.start()

    for number in range(20):
        await sayer.say(*(rolled(number, id=f"mar_{m}") for m in range(5)))

    await until(lambda: _has(hearer, 100))
    heard = await hearer.effects()
    for m in range(5):
        assert [n for id, n in heard if id == f"mar_{m}"] == list(range(20))
    assert await hearer.outcomes() == {"APPLIED": 100}
    await until(lambda: _all_sent(sayer))


async def _has(hearer, count):
    return len(await hearer.effects()) >= count


async def _all_sent(sayer):
    return await sayer.unsent() == 0

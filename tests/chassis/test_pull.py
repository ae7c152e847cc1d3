"""Requests that expire, consumers that vanish, connections that change: a reader goes on."""

import asyncio

import pytest
from nats.aio.msg import Msg

from chassis.consumer import pull
from chassis.consumer.pull import Pull, Stalled
from tests.chassis.rig import PUBLISHED, Rig, hearing, rolled, until


@pytest.fixture
async def pair(rig: Rig):
    sayer, hearer = await rig.pair()
    sayer.start()
    hearer.start()
    await sayer.say(rolled(1))
    await until(lambda: has(hearer, 1))
    return sayer, hearer


def durable(hearer):
    (subscription,) = hearer.subscriptions
    return f"UEM_{subscription.service.upper()}", f"{hearer.name}-{subscription.service}-marble"


async def test_a_request_that_has_expired_is_made_again(rig: Rig, monkeypatch):
    monkeypatch.setattr(pull, "EXPIRES_S", 0.5)
    monkeypatch.setattr(pull, "HEARTBEAT_S", 0.2)
    sayer = await rig.service(published=PUBLISHED)
    hearer = await rig.service(subscriptions=[hearing(sayer.name)])
    sayer.start()
    hearer.start()
    await sayer.say(rolled(1))
    await until(lambda: has(hearer, 1))
    stream, name = durable(hearer)
    await hearer.stop()

    async with Pull(sayer.runtime.broker, stream, name, window=10) as pulling:
        for _ in range(8):  # heartbeats and expiries, several requests long
            assert await pulling.take(10) == []
        await sayer.say(rolled(2))
        messages: list[Msg] = []
        while not messages:
            messages = await pulling.take(10)
        await messages[0].ack()

    assert [m.subject.rpartition(".")[2] for m in messages] == ["mar_1"]


async def test_a_consumer_that_is_not_there_is_noticed_at_once(pair):
    _, hearer = pair
    stream, _ = durable(hearer)

    async with Pull(hearer.runtime.broker, stream, "nobody", window=10) as pulling:
        assert await pulling.take(10) == []  # the broker's answer, a status

        with pytest.raises(Stalled, match="no such consumer"):
            await pulling.take(10)


async def test_silence_is_noticed(pair, monkeypatch):
    monkeypatch.setattr(pull, "SILENCE_S", 1.0)  # under the broker's heartbeat of 5 s
    _, hearer = pair
    stream, name = durable(hearer)

    async with Pull(hearer.runtime.broker, stream, name, window=10) as pulling:
        with pytest.raises(Stalled, match="silent"):
            await pulling.take(10)


async def test_a_deleted_consumer_is_made_again_and_doubles_nothing(pair):
    sayer, hearer = pair
    js = await hearer.runtime.broker.ready()
    stream, name = durable(hearer)

    await js.delete_consumer(stream, name)
    await sayer.say(rolled(2))

    await until(lambda: has(hearer, 2))
    assert [n for _, n in await hearer.effects()] == [1, 2]


async def test_an_interrupted_reader_returns_what_there_is(pair):
    _, hearer = pair
    stream, name = durable(hearer)

    async with Pull(hearer.runtime.broker, stream, name, window=10) as pulling:
        pulling.interrupt()

        assert await pulling.take(10) == []


async def has(hearer, count):
    return len(await hearer.effects()) >= count


async def test_what_has_come_and_is_not_taken_when_a_reader_closes_is_handed_back(
    rig: Rig, monkeypatch
):
    sayer = await rig.service(published=PUBLISHED)
    hearer = await rig.service(subscriptions=[hearing(sayer.name)])
    sayer.start()
    hearer.start()
    await sayer.say(rolled(1))
    await until(lambda: has(hearer, 1))
    stream, name = durable(hearer)
    await hearer.stop()
    await sayer.say(*(rolled(n, id=f"mar_{n}") for n in range(30)))
    js = await sayer.runtime.broker.ready()
    arrived = Pull._arrived

    async def slowly(self: Pull, message: Msg) -> None:
        await asyncio.sleep(0.01)  # so that closing finds some of them still on their way
        await arrived(self, message)

    async def all_delivered() -> bool:
        return bool((await js.consumer_info(stream, name)).num_ack_pending == 30)

    monkeypatch.setattr(Pull, "_arrived", slowly)
    pulling = Pull(sayer.runtime.broker, stream, name, window=100)
    async with pulling:
        pulling.interrupt()
        await pulling.take(1)  # asks, and waits for nothing
        await until(all_delivered)

    assert len(pulling.waiting) == 30

"""What one service says, another hears: over a real broker, from a first start to a new reader."""

import asyncio

import nats.js.errors
import pytest

from chassis import streams, traffic
from chassis.messages import Published
from tests.chassis.rig import PUBLISHED, Rig, Rolled, hearing, note, rolled, shelf, until


async def test_what_is_said_is_heard_once_and_in_order(rig: Rig):
    sayer, hearer = await rig.pair()
    sayer.start()
    hearer.start()

    for number in range(20):
        await sayer.say(*(rolled(number, id=f"mar_{m}") for m in range(5)))

    await until(lambda: has(hearer, 100))
    heard = await hearer.effects()
    for m in range(5):
        assert [n for id, n in heard if id == f"mar_{m}"] == list(range(20))
    assert await hearer.outcomes() == {"APPLIED": 100}
    await until(lambda: all_sent(sayer))


async def test_exercises_travel_in_a_stream_of_their_own_and_are_heard(rig: Rig):
    sayer, hearer = await rig.pair()
    sayer.start()
    hearer.start()

    await sayer.say(rolled(1), rolled(1, id="mar_drill", mode="EXERCISE"))

    await until(lambda: has(hearer, 2))
    js = await sayer.runtime.broker.ready()
    live = await js.stream_info(f"UEM_{sayer.name.upper()}")
    exercise = await js.stream_info(f"UEMX_{sayer.name.upper()}")
    assert (live.state.messages, exercise.state.messages) == (1, 1)


async def test_a_new_reader_of_states_gets_the_last_of_each_and_all_events_of_the_rest(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    sayer.start()
    await sayer.say(*(shelf(n, id=f"she_{n % 3}") for n in range(30)), rolled(1), rolled(2))
    await until(lambda: all_sent(sayer))

    reader = await rig.service(
        subscriptions=[
            hearing(sayer.name, aggregate="shelf", state=True),
            hearing(sayer.name),
        ]
    )
    reader.start()

    await until(lambda: has(reader, 5))
    expected = [("mar_1", 1), ("mar_1", 2), ("she_0", 27), ("she_1", 28), ("she_2", 29)]
    assert sorted(await reader.effects()) == expected


async def test_readers_start_before_the_sayer_has_ever_run(rig: Rig):
    sayer, hearer = await rig.pair()
    hearer.start()
    await until(lambda: connected(hearer))

    sayer.start()
    await sayer.say(rolled(1))

    await until(lambda: has(hearer, 1))


async def test_batches_carry_a_backlog_in_few_units_of_work(rig: Rig):
    batches = []

    async def on_rolled(uow, events):
        batches.append(len(events))
        await note(uow.db, *events)

    sayer, hearer = await rig.pair(on=on_rolled, batch=True)
    sayer.start()
    for start in range(0, 300, 50):
        await sayer.say(*(rolled(n, id=f"mar_{n % 7}") for n in range(start, start + 50)))
    await until(lambda: all_sent(sayer))

    hearer.start()

    await until(lambda: has(hearer, 300))
    heard = await hearer.effects()
    for m in range(7):
        assert [n for id, n in heard if id == f"mar_{m}"] == list(range(m, 300, 7))
    assert len(batches) < 30


async def test_a_handler_that_fails_for_a_while_is_tried_again_and_nothing_overtakes_it(rig: Rig):
    failures = {"left": 3}

    async def on_rolled(uow, event):
        if event.body.number == 2 and failures["left"]:
            failures["left"] -= 1
            raise RuntimeError("not now")
        await note(uow.db, event)

    sayer, hearer = await rig.pair(on=on_rolled)
    sayer.start()
    hearer.start()

    await sayer.say(*(rolled(n) for n in range(1, 6)))

    await until(lambda: has(hearer, 5))
    assert [n for _, n in await hearer.effects()] == [1, 2, 3, 4, 5]
    assert await hearer.quarantined() == []


async def test_a_poison_message_is_set_aside_after_its_attempts_and_the_rest_flows(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("chassis.consumer.settling.MAX_ATTEMPTS", 3)

    async def on_rolled(uow, event):
        if event.id == "mar_poison" and event.body.number == 1:
            raise RuntimeError("never")
        await note(uow.db, event)

    sayer, hearer = await rig.pair(on=on_rolled)
    sayer.start()
    hearer.start()

    await sayer.say(rolled(1, id="mar_poison"), rolled(2, id="mar_poison"), rolled(1))

    await until(lambda: is_quarantined(hearer))
    await until(lambda: has(hearer, 1))
    (entry,) = await hearer.quarantined()
    assert entry.reason == "given up after 3 attempts"
    assert entry.error == "RuntimeError: never"
    assert await hearer.effects() == [("mar_1", 1)]
    await until(lambda: is_quiet(hearer))
    assert await hearer.parked() == 1


async def test_quiescence_counts_until_the_last_effect_is_committed(rig: Rig):
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def on_rolled(uow, event):
        entered.set()
        await go_on.wait()
        await note(uow.db, event)

    sayer, hearer = await rig.pair(on=on_rolled)
    sayer.start()
    hearer.start()
    await sayer.say(rolled(1))

    await entered.wait()

    assert not await is_quiet(hearer)
    assert await hearer.effects() == []
    go_on.set()
    await until(lambda: is_quiet(hearer))
    assert await hearer.effects() == [("mar_1", 1)]
    await until(lambda: all_sent(sayer))
    assert await traffic.unsent(sayer.runtime) == 0


async def test_two_replicas_share_the_work_and_double_nothing(rig: Rig):
    sayer, hearer = await rig.pair()
    replicas = [sayer, await rig.again(sayer), hearer, await rig.again(hearer)]
    for replica in replicas:
        replica.start()

    for number in range(40):
        await sayer.say(*(rolled(number, id=f"mar_{m}") for m in range(5)))

    await until(lambda: has(hearer, 200))
    heard = await hearer.effects()
    for m in range(5):
        assert [n for id, n in heard if id == f"mar_{m}"] == list(range(40))
    assert len(heard) == 200


async def test_a_drained_service_leaves_nothing_half_done(rig: Rig):
    sayer, hearer = await rig.pair()
    sayer.start()
    hearer.start()
    await sayer.say(*(rolled(n, id=f"mar_{n}") for n in range(50)))
    await until(lambda: has(hearer, 1))
    await until(lambda: all_sent(sayer))

    await hearer.stop()
    other = await rig.again(hearer)
    other.start()

    await until(lambda: has(hearer, 50), patience_s=20)  # under the 30 s of an unacked message
    assert len(await hearer.effects()) == 50


async def test_an_aggregate_is_told_by_events_or_by_state_never_both():
    both = (*PUBLISHED, Published(aggregate="shelf", event="moved", body=Rolled, meaning="…"))

    with pytest.raises(ValueError, match=r"tells \['shelf'\] both"):
        streams.owned("org", both)


async def test_two_subscriptions_to_the_same_aggregate_are_refused(rig: Rig):
    hearer = await rig.service(subscriptions=[hearing("org"), hearing("org")])

    hearer.start()

    with pytest.raises(ValueError, match="merge what they hear"):
        await hearer.finished()


async def test_a_stream_is_changed_to_what_is_declared_and_declared_again_in_peace(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    sayer.start()
    await sayer.say(rolled(1))
    await until(lambda: all_sent(sayer))
    js = await sayer.runtime.broker.ready()
    more = (*PUBLISHED, Published(aggregate="box", event="opened", body=Rolled, meaning="…"))

    await streams.declare(js, streams.owned(sayer.name, more))
    (live, *_) = await streams.declare(js, streams.owned(sayer.name, more))

    info = await js.stream_info(live.stream.name)
    assert info.config.subjects == [f"uem.{sayer.name}.box.>", f"uem.{sayer.name}.marble.>"]
    assert info.state.messages == live.last_seq == 1
    with pytest.raises(nats.js.errors.NotFoundError):
        await js.stream_info("UEM_NOBODY")


async def has(hearer, count):
    return len(await hearer.effects()) >= count


async def all_sent(sayer):
    return await sayer.unsent() == 0


async def connected(hearer):
    return hearer.runtime.broker.is_connected


async def is_quarantined(hearer):
    return bool(await hearer.quarantined())


async def is_quiet(hearer):
    return await traffic.pending(hearer.runtime, hearer.subscriptions) == 0

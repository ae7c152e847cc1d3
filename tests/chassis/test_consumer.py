"""What a consumer makes of deliveries: doubled, disordered, hopeless, old, in batches."""

import random
from dataclasses import replace

import pytest

from chassis import consumer, quarantine
from chassis.errors import Quarantine
from chassis.inbox import Outcome
from chassis.messages import Subscription
from chassis.tables.messaging import WATERMARK
from tests.chassis.rig import (
    PUBLISHED,
    Rig,
    deliveries,
    hear,
    hearing,
    listener,
    note,
    rolled,
    shelf,
)


async def test_a_message_delivered_twice_has_its_effect_once(rig: Rig):
    sayer, hearer = await rig.pair()
    await sayer.say(rolled(1))
    (message,) = await deliveries(sayer)

    assert await hear(hearer, message, message) == ["APPLIED", "DUPLICATE"]

    assert await hearer.effects() == [("mar_1", 1)]


async def test_messages_in_any_order_have_their_effects_in_the_order_they_were_said(rig: Rig):
    sayer, hearer = await rig.pair()
    await sayer.say(*(rolled(n) for n in range(12)))
    messages = await deliveries(sayer) * 2
    random.Random(7).shuffle(messages)

    await hear(hearer, *messages)

    assert await hearer.effects() == [("mar_1", n) for n in range(12)]
    assert await hearer.parked() == 0
    assert await hearer.outcomes() == {"APPLIED": 12}


async def test_an_event_that_nobody_handles_moves_the_aggregate_on(rig: Rig):
    sayer, hearer = await rig.pair()
    await sayer.say(rolled(1), rolled(2, event="stopped"), rolled(3))
    first, unhandled, last = await deliveries(sayer)

    assert await hear(hearer, first, last) == ["APPLIED", "PARKED"]
    assert await hear(hearer, unhandled) == ["ADVANCED"]

    assert await hearer.effects() == [("mar_1", 1), ("mar_1", 3)]


async def test_one_aggregate_does_not_wait_for_another(rig: Rig):
    sayer, hearer = await rig.pair()
    await sayer.say(rolled(1, id="mar_a"), rolled(2, id="mar_a"), rolled(1, id="mar_b"))
    _, second_of_a, first_of_b = await deliveries(sayer)

    await hear(hearer, second_of_a, first_of_b)

    assert await hearer.effects() == [("mar_b", 1)]
    assert await hearer.parked() == 1


async def test_a_handler_that_fails_leaves_nothing_and_the_message_can_come_again(rig: Rig):
    failing = {"left": 1}

    async def on_rolled(uow, event):
        await note(uow.db, event)
        if failing["left"]:
            failing["left"] -= 1
            raise RuntimeError("not now")

    sayer, hearer = await rig.pair(on=on_rolled)
    await sayer.say(rolled(1))
    (message,) = await deliveries(sayer)

    with pytest.raises(RuntimeError):
        await hear(hearer, message)
    assert await hearer.effects() == []
    assert await hearer.outcomes() == {}

    assert await hear(hearer, message) == ["APPLIED"]
    assert await hearer.effects() == [("mar_1", 1)]


async def test_an_effect_carries_what_caused_it(rig: Rig):
    seen = []

    async def on_rolled(uow, event):
        seen.append((uow.correlation_id, uow.cause_id, uow.caller.subject, event))

    sayer, hearer = await rig.pair(on=on_rolled)
    await sayer.say(rolled(1, mode="EXERCISE", correlation_id="cor_x y", area="410105004011"))
    (message,) = await deliveries(sayer)

    await hear(hearer, message)

    ((correlation, cause, caller, event),) = seen
    assert correlation == event.correlation_id == "cor_x y"
    assert cause == event.event_id
    assert caller == f"service:{hearer.name}"
    assert (event.mode, event.area, event.version) == ("EXERCISE", "410105004011", 1)
    assert event.type == f"uem.{sayer.name}.marble.rolled.v1"


async def test_of_states_the_newest_wins_whatever_comes_when(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    subscription = hearing(sayer.name, aggregate="shelf", state=True)
    hearer = await rig.service(subscriptions=[subscription])
    await sayer.say(shelf(1), shelf(2), shelf(3, area="410100"))
    first, second, third = await deliveries(sayer)

    assert await hear(hearer, second, first, third, second) == [
        "APPLIED",
        "SKIPPED",
        "APPLIED",
        "DUPLICATE",
    ]

    assert await hearer.effects() == [("she_1", 2), ("she_1", 3)]


async def test_a_log_of_everything_takes_each_event_once_in_batches(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    batches = []

    async def on_any(uow, events):
        batches.append([(e.aggregate, e.event, e.version) for e in events])

    subscription = Subscription(
        service=sayer.name, aggregate="*", on={"*": (dict, on_any)}, every=True, batch=True
    )
    hearer = await rig.service(subscriptions=[subscription])
    await sayer.say(rolled(1), rolled(2), rolled(3, event="stopped"))
    one, two, three = await deliveries(sayer)

    first = await consumer.apply(listener(hearer), [three, one])
    second = await consumer.apply(listener(hearer), [one, two, two])

    assert first.outcomes == [Outcome.APPLIED, Outcome.APPLIED]
    assert second.outcomes == [Outcome.DUPLICATE, Outcome.APPLIED, Outcome.DUPLICATE]
    assert batches == [
        [("marble", "stopped", 3), ("marble", "rolled", 1)],
        [("marble", "rolled", 2)],
    ]


async def test_a_batch_applies_in_order_and_parks_what_came_early(rig: Rig):
    async def on_rolled(uow, events):
        await note(uow.db, *events)

    sayer, hearer = await rig.pair(on=on_rolled, batch=True)
    await sayer.say(*(rolled(n, id=f"mar_{n % 2}") for n in range(6)))
    m = await deliveries(sayer)

    applied = await consumer.apply(listener(hearer), [m[4], m[1], m[0], m[3], m[2]])
    for key in applied.successors:
        await consumer.drain(listener(hearer), key)

    heard = await hearer.effects()
    assert [n for id, n in heard if id == "mar_0"] == [0, 2, 4]
    assert [n for id, n in heard if id == "mar_1"] == [1, 3]
    assert await hearer.parked() == 0


async def test_a_body_that_does_not_decode_is_hopeless(rig: Rig):
    sayer, hearer = await rig.pair()
    await sayer.say(rolled(1))
    (message,) = await deliveries(sayer)

    with pytest.raises(Quarantine, match="the body is no uem"):
        await hear(hearer, replace(message, payload=b'{"number": "many"}'))


async def test_a_message_of_another_service_is_hopeless(rig: Rig):
    sayer, hearer = await rig.pair()
    stranger = await rig.service(published=PUBLISHED)
    await stranger.say(rolled(1))
    (message,) = await deliveries(stranger)

    with pytest.raises(Quarantine, match=f"is not said by {sayer.name}"):
        await hear(hearer, message)


async def replay(hearer, entry):
    async with hearer.begin() as uow:
        found = await quarantine.load(uow.db, entry.id)
        await consumer.replay(listener(hearer), uow, found)


class TestQuarantine:
    """A message set aside holds its aggregate, in view, until a person decides."""

    @pytest.fixture
    async def held(self, rig: Rig):
        """The second of four events is in quarantine, the later ones have come."""
        self.poison = {2}

        async def on_rolled(uow, event):
            if event.body.number in self.poison:
                raise Quarantine(f"{event.body.number} is not a number")
            await note(uow.db, event)

        sayer, hearer = await rig.pair(on=on_rolled)
        await sayer.say(*(rolled(n) for n in (1, 2, 3, 4)), rolled(9, id="mar_other"))
        one, two, *rest = await deliveries(sayer)
        await hear(hearer, one)
        with pytest.raises(Quarantine):
            await hear(hearer, two)
        await quarantine.hold(listener(hearer), two, reason="2 is not a number")
        await quarantine.hold(listener(hearer), two, reason="2 is not a number")
        await hear(hearer, *rest)
        return hearer

    async def test_it_holds_its_aggregate_and_no_other(self, held):
        (entry,) = await held.quarantined()
        assert (entry.aggregate_id, entry.version) == ("mar_1", 2)
        assert await held.effects() == [("mar_1", 1), ("mar_other", 9)]
        assert await held.parked() == 2

    async def test_replayed_it_has_its_effect_and_the_aggregate_goes_on(self, held):
        self.poison.clear()
        (entry,) = await held.quarantined()

        await replay(held, entry)
        await consumer.drain(listener(held), ("marble", "mar_1"))

        assert [n for id, n in await held.effects() if id == "mar_1"] == [1, 2, 3, 4]
        assert await held.parked() == 0
        assert await held.quarantined() == []

    async def test_replayed_in_vain_it_stays(self, held):
        (entry,) = await held.quarantined()

        with pytest.raises(Quarantine):
            await replay(held, entry)

        assert len(await held.quarantined()) == 1
        assert await held.parked() == 2

    async def test_discarded_it_has_no_effect_and_the_aggregate_goes_on(self, held):
        (entry,) = await held.quarantined()

        async with held.begin() as uow:
            found = await quarantine.load(uow.db, entry.id)
            await quarantine.discard(uow, listener(held), found, reason="a typing error")
        await consumer.drain(listener(held), ("marble", "mar_1"))

        assert [n for id, n in await held.effects() if id == "mar_1"] == [1, 3, 4]
        assert await held.parked() == 0
        assert await held.outcomes() == {"APPLIED": 4, "DISCARDED": 1}

    async def test_a_parked_message_that_turns_out_hopeless_is_set_aside_in_its_turn(self, held):
        self.poison = {3}
        (entry,) = await held.quarantined()

        await replay(held, entry)
        await consumer.drain(listener(held), ("marble", "mar_1"))

        (second,) = await held.quarantined()
        assert (second.version, second.reason) == (3, "3 is not a number")
        assert [n for id, n in await held.effects() if id == "mar_1"] == [1, 2]
        assert await held.parked() == 1


async def test_discarded_before_its_turn_a_message_waits_for_its_predecessor(rig: Rig):
    sayer, hearer = await rig.pair()
    await sayer.say(*(rolled(n) for n in (1, 2, 3, 4)))
    one, two, three, four = await deliveries(sayer)
    await hear(hearer, one)
    await quarantine.hold(listener(hearer), three, reason="given up after 8 attempts")
    (entry,) = await hearer.quarantined()

    async with hearer.begin() as uow:
        found = await quarantine.load(uow.db, entry.id)
        await quarantine.discard(uow, listener(hearer), found, reason="a typing error")
    await quarantine.hold(listener(hearer), two, reason="given up after 8 attempts")
    (entry,) = await hearer.quarantined()
    await replay(hearer, entry)
    await consumer.drain(listener(hearer), ("marble", "mar_1"))

    assert await hear(hearer, three, four) == ["DUPLICATE", "APPLIED"]
    assert await hearer.effects() == [("mar_1", 1), ("mar_1", 2), ("mar_1", 4)]
    assert await hearer.parked() == 0
    assert await hearer.outcomes() == {"APPLIED": 3, "DISCARDED": 1}


async def test_a_message_without_a_readable_envelope_is_set_aside_and_holds_nothing(rig: Rig):
    sayer, hearer = await rig.pair()
    await sayer.say(rolled(1))
    (message,) = await deliveries(sayer)
    broken = replace(message, headers={}, stream_seq=99)

    await quarantine.hold(listener(hearer), broken, reason="not an event")
    assert await hear(hearer, message) == ["APPLIED"]

    (entry,) = await hearer.quarantined()
    assert (entry.aggregate, entry.event_id) == (None, None)


async def test_a_watermark_never_goes_back(rig: Rig):
    sayer, hearer = await rig.pair()
    await sayer.say(rolled(1), rolled(2), rolled(3))
    one, two, three = await deliveries(sayer)
    await hear(hearer, one, two, three)
    renamed = replace(one, headers={**one.headers, "ce-id": "evt_again"})

    assert await hear(hearer, renamed) == ["SKIPPED"]

    (row,) = await hearer.rows(WATERMARK)
    assert row.version == 3
    assert len(await hearer.effects()) == 3

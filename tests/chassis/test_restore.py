"""Finishing a restore beside writers and relays at work, of several majors, and after lost marks."""

import asyncio
from dataclasses import replace

import nats.js.errors
import pytest
from sqlalchemy import delete, func, select, text

from chassis import outbox, reconcile, relay, restore, streams
from chassis.messages import Message
from chassis.tables.messaging import OUTBOX, OUTBOX_HEAD, OUTBOX_REFUSAL, OUTBOX_STREAM
from tests.chassis.rig import PUBLISHED, Renumbered, Rig, Rolled, hearing, rolled, shelf, until

EPOCH = 1 << 40
REFUSAL = OUTBOX_REFUSAL.insert().values(stream="UEM_S", event_id="evt_forgotten")
WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)


async def test_a_restore_waits_for_what_is_being_written_and_moves_it_into_the_new_epoch(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    await sayer.say(rolled(1))

    async with sayer.begin() as uow:
        await uow.publish(rolled(2))
        await sayer.execute(REFUSAL)
        finishing = asyncio.create_task(finish(sayer))
        await until(lambda: is_waiting(sayer))

    assert (await finishing).renumbered == 2
    assert await versions(sayer) == [(EPOCH + 1, 0), (EPOCH + 2, EPOCH + 1)]


async def test_what_is_said_while_a_restore_is_being_finished_belongs_to_the_new_epoch(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    await sayer.say(rolled(1))
    await sayer.execute(OUTBOX.update().values(sent_at=func.now(), stream_seq=1))
    await sayer.execute(REFUSAL)

    async with sayer.runtime.engine.begin() as db:
        await restore.finish(
            db, sayer.runtime.broker, (), clock=sayer.runtime.clock, reason="disk lost"
        )
        saying = asyncio.create_task(sayer.say(rolled(2)))
        await until(lambda: is_waiting(sayer))

    await saying
    assert await versions(sayer) == [(1, 0), (EPOCH + 2, 1)]


async def test_a_fact_told_in_one_major_keeps_its_version_in_the_other(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    async with sayer.begin() as uow:
        await outbox.append(uow, rolled(1), in_major_2(number_text="1"))
    await sayer.say(rolled(2))
    stored = {"sent_at": func.now(), "stream_seq": 1}
    await sayer.execute(
        OUTBOX.update().where(OUTBOX.c.version == 1, OUTBOX.c.major == 1).values(stored)
    )
    await sayer.execute(REFUSAL)

    await finish(sayer)

    assert await versions(sayer) == [(1, 0), (1, 0), (EPOCH + 2, 1)]


async def test_a_state_told_in_two_majors_is_said_again_in_both(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    sayer.start()
    for number in (1, 2):
        async with sayer.begin() as uow:
            newer = in_major_2(aggregate="shelf", event="state", state=True)
            await outbox.append(uow, state(number), newer)
    await until(lambda: is_all_sent(sayer))
    await sayer.stop()
    await sayer.execute(delete(OUTBOX).where(OUTBOX.c.version == 2))  # never was, says the database
    await sayer.execute(OUTBOX_HEAD.update().values(version=1, previous=0))

    again = await rig.again(sayer)
    again.start()
    await until(lambda: is_refusing(again))
    finished = await finish(again, owned=streams.owned(again.name, PUBLISHED))

    assert [(f.type.rpartition(".")[2], f.version) for f in finished.forgotten] == [
        ("v1", 2),
        ("v2", 2),
    ]
    assert finished.said_again == 1
    assert await versions(again) == [(1, 0), (1, 0), (EPOCH + 2, 1), (EPOCH + 2, 1)]


async def test_after_marks_were_lost_an_old_state_does_not_replace_the_newest(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    sayer = await rig.service(published=PUBLISHED)
    sayer.start()
    for number in (1, 2, 3):
        await sayer.say(shelf(number), rolled(number))
    await until(lambda: is_all_sent(sayer))
    await sayer.stop()
    marks = await places(sayer)
    await sayer.execute(OUTBOX.update().values(sent_at=None, stream_seq=None))
    publish = relay.publish

    async def publish_the_first_outside_the_window(js, row):
        is_first = row.version == 1
        return await publish(js, replace(row, event_id="evt_unknown") if is_first else row)

    monkeypatch.setattr(relay, "publish", publish_the_first_outside_the_window)
    again = await rig.again(sayer)
    again.start()
    await until(lambda: is_all_sent(again))
    reader = await rig.service(subscriptions=[hearing(sayer.name, aggregate="shelf", state=True)])
    reader.start()

    await until(reader.effects)
    assert await reader.effects() == [("she_1", 3)]
    found = await places(again)
    assert found.pop(("she_1", 1)) is found.pop(("she_1", 2)) is None  # the stream has neither
    assert found == {place: seq for place, seq in marks.items() if place in found}


async def test_what_is_known_is_not_marked_above_something_forgotten(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    sayer.start()
    await sayer.say(rolled(1))
    await sayer.say(rolled(1, id="mar_2"))
    await until(lambda: is_all_sent(sayer))
    await sayer.stop()
    await sayer.execute(delete(OUTBOX).where(OUTBOX.c.aggregate_id == "mar_1"))
    await sayer.execute(delete(OUTBOX_HEAD).where(OUTBOX_HEAD.c.aggregate_id == "mar_1"))
    await sayer.execute(OUTBOX.update().values(sent_at=None, stream_seq=None))

    again = await rig.again(sayer)
    again.start()
    await until(lambda: is_refusing(again))
    await again.stop()  # whatever its last comparison left behind
    third = await rig.again(sayer)
    third.start()
    finished = await finish(third, owned=streams.owned(sayer.name, PUBLISHED))

    assert [(f.id, f.version) for f in finished.forgotten] == [("mar_1", 1)]
    assert finished.renumbered == 0


async def test_what_is_said_after_the_broker_was_set_back_is_not_taken_as_accepted(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    sayer.start()
    await sayer.say(rolled(1))
    await until(lambda: is_all_sent(sayer))
    await sayer.stop()
    # a restore was finished when the stream was longer than the broker's store now has it
    await sayer.execute(OUTBOX_STREAM.update().values(forgotten_until=5))
    after = await rig.again(sayer)
    after.start()
    await after.say(rolled(2))
    await after.say(rolled(3))
    await until(lambda: is_all_sent(after))
    await after.stop()
    await after.execute(delete(OUTBOX).where(OUTBOX.c.version == 3))  # never was, says the database
    await after.execute(OUTBOX_HEAD.update().values(version=2, previous=1))

    again = await rig.again(after)
    again.start()
    await until(lambda: is_refusing(again))
    finished = await finish(again, owned=streams.owned(again.name, PUBLISHED))

    assert [(f.id, f.version) for f in finished.forgotten] == [("mar_1", 3)]


async def test_a_leading_relay_says_nothing_with_the_versions_from_before_the_restore(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    sayer, hearer = await rig.pair()
    publish, compare = relay.publish, reconcile.reconcile
    started, refused = asyncio.Event(), asyncio.Event()

    async def lose_the_stream(js, row):
        started.set()
        await sayer.execute(REFUSAL)
        monkeypatch.setattr(relay, "publish", publish)
        raise nats.js.errors.NoStreamResponseError

    async def note_refusal(engine, js, found):
        agrees = await compare(engine, js, found)
        if not agrees:
            refused.set()
        return agrees

    sayer.start()
    hearer.start()
    await sayer.say(rolled(1))
    await until(lambda: is_all_sent(sayer))
    monkeypatch.setattr(relay, "publish", lose_the_stream)
    monkeypatch.setattr(reconcile, "reconcile", note_refusal)
    await sayer.say(rolled(2), rolled(3))
    await started.wait()
    await refused.wait()

    finished = await finish(sayer, owned=streams.owned(sayer.name, PUBLISHED))
    await sayer.say(rolled(4))

    assert finished.renumbered == 2
    await until(lambda: has_heard(hearer, 4))
    assert [number for _, number in await hearer.effects()] == [1, 2, 3, 4]
    assert await hearer.parked() == 0


async def finish(sayer, owned=()):
    async with sayer.runtime.engine.begin() as db:
        return await restore.finish(
            db, sayer.runtime.broker, owned, clock=sayer.runtime.clock, reason="disk lost"
        )


def in_major_2(*, aggregate="marble", event="rolled", number_text="1", **more):
    body = Renumbered(number_text=number_text)
    return Message(
        aggregate=aggregate, event=event, id="mar_1", area="410105", body=body, major=2, **more
    )


def state(number):
    body = Rolled(number=number)
    return Message(
        aggregate="shelf", event="state", id="mar_1", area="410105", body=body, state=True
    )


async def versions(sayer):
    rows = sorted(await sayer.rows(OUTBOX), key=lambda row: row.seq)
    return [(row.version, row.previous) for row in rows]


async def is_waiting(sayer):
    async with sayer.runtime.reading.connect() as db:
        return await db.scalar(WAITING)


async def is_all_sent(sayer):
    return await sayer.unsent() == 0


async def is_refusing(sayer):
    async with sayer.runtime.reading.connect() as db:
        return await db.scalar(select(func.count()).select_from(OUTBOX_REFUSAL))


async def places(sayer):
    return {(row.aggregate_id, row.version): row.stream_seq for row in await sayer.rows(OUTBOX)}


async def has_heard(hearer, count):
    return len(await hearer.effects()) >= count

"""Brokers killed, wiped and set back, relays and readers killed, databases set back: the books balance."""

import asyncio
import shutil
from itertools import pairwise

import asyncpg
import pytest
from sqlalchemy import delete, text

from chassis import chains, relay, restore, streams
from chassis.consumer import durable
from chassis.outbox import StoreBehindStream
from chassis.tables.messaging import INBOX, OUTBOX, OUTBOX_HEAD, WATERMARK
from tests.chassis.rig import EFFECT, PUBLISHED, Rig, hearing, rolled, shelf, until
from uem.stack.nats import EmbeddedNats

EPOCH = 1 << 40


async def test_writes_go_on_while_the_broker_is_away_and_are_heard_in_order_when_it_is_back(
    own_rig: Rig, broker: EmbeddedNats
):
    sayer, hearer = await own_rig.pair()
    broker.stop()
    sayer.start()
    hearer.start()
    for number in range(10):
        await sayer.say(rolled(number))

    broker.start()

    await until(lambda: has(hearer, 10))
    assert await hearer.effects() == [("mar_1", n) for n in range(10)]


async def test_a_killed_broker_loses_and_doubles_nothing(own_rig: Rig, broker: EmbeddedNats):
    sayer, hearer = await own_rig.pair()
    sayer.start()
    hearer.start()

    for number in range(30):
        await sayer.say(*(rolled(number, id=f"mar_{m}") for m in range(4)))
        if number in (8, 19):
            broker.kill()
            broker.start()

    await until(lambda: has(hearer, 120), patience_s=60)
    await expect_balance(hearer, aggregates=4, each=30)


async def test_a_broker_that_lost_its_store_is_told_everything_again(
    own_rig: Rig, broker: EmbeddedNats
):
    sayer, hearer = await own_rig.pair()
    sayer.start()
    hearer.start()
    await sayer.say(*(rolled(n, id=f"mar_{n % 3}") for n in range(30)))
    await until(lambda: has(hearer, 30))
    await hearer.stop()
    await sayer.say(*(rolled(n, id=f"mar_{n % 3}") for n in range(30, 60)))  # acked, not consumed
    await until(lambda: all_sent(sayer))

    broker.kill()
    shutil.rmtree(broker.folder / "streams")
    broker.start()
    again = await own_rig.again(hearer)
    again.start()

    await until(lambda: has(hearer, 60), patience_s=60)
    heard = await hearer.effects()
    assert len(heard) == 60
    for m in range(3):
        assert [n for id, n in heard if id == f"mar_{m}"] == list(range(m, 60, 3))


async def test_a_relay_killed_between_publishing_and_marking_doubles_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    sayer, hearer = await rig.pair()
    stored = asyncio.Event()
    publish = relay.publish

    async def publish_and_hang(js, row):
        await publish(js, row)
        stored.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(relay, "publish", publish_and_hang)
    sayer.start()
    await sayer.say(rolled(1), rolled(2))
    await stored.wait()
    await sayer.crash()
    assert await sayer.unsent() == 2

    monkeypatch.setattr(relay, "publish", publish)
    again = await rig.again(sayer)
    again.start()
    hearer.start()

    await until(lambda: all_sent(sayer))
    await until(lambda: has(hearer, 2))
    assert await hearer.effects() == [("mar_1", 1), ("mar_1", 2)]
    js = await again.runtime.broker.ready()
    info = await js.stream_info(streams.owned(sayer.name, PUBLISHED)[0].name)
    assert info.state.messages == 2


async def test_a_repetition_after_the_brokers_window_is_dropped_by_the_inbox(rig: Rig):
    sayer, hearer = await rig.pair()
    sayer.start()
    hearer.start()
    await sayer.say(rolled(1), rolled(2))
    await until(lambda: has(hearer, 2))
    await until(lambda: all_sent(sayer))
    js = await sayer.runtime.broker.ready()
    for row in await sayer.rows(OUTBOX):
        headers = {**row.headers, "ce-version": str(row.version), "ce-previous": str(row.previous)}
        await js.publish(row.subject, row.payload, headers=headers)  # without its message id

    await sayer.say(rolled(3))

    await until(lambda: has(hearer, 3))
    assert [n for _, n in await hearer.effects()] == [1, 2, 3]


async def test_the_leader_dies_with_its_session_and_another_takes_over(rig: Rig):
    sayer, hearer = await rig.pair()
    other = await rig.again(sayer)
    sayer.start()
    other.start()
    hearer.start()
    await sayer.say(rolled(1))
    await until(lambda: has(hearer, 1))

    await end_session_that_listens(sayer)
    await sayer.say(rolled(2))

    await until(lambda: has(hearer, 2))
    assert await hearer.effects() == [("mar_1", 1), ("mar_1", 2)]


async def test_a_reader_whose_database_was_set_back_hears_again_what_it_forgot(rig: Rig):
    sayer, hearer = await rig.pair()
    sayer.start()
    hearer.start()
    await sayer.say(*(rolled(n) for n in range(10)))
    await until(lambda: has(hearer, 10))
    await hearer.stop()
    await hearer.execute(delete(EFFECT).where(EFFECT.c.number >= 6))
    await hearer.execute(delete(INBOX).where(INBOX.c.version > 6))
    await hearer.execute(WATERMARK.update().values(version=6))

    again = await rig.again(hearer)
    again.start()

    await until(lambda: has(hearer, 10))
    assert [n for _, n in await hearer.effects()] == list(range(10))


async def test_a_reader_restored_to_another_past_misses_nothing_that_was_committed_out_of_order(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    sayer, hearer = await rig.pair()
    sayer.start()
    hearer.start()
    await sayer.say(*(rolled(1, id=f"mar_{n}") for n in range(10)))
    await until(lambda: has(hearer, 10))
    await hearer.stop()
    await hearer.execute(delete(EFFECT).where(EFFECT.c.aggregate_id == "mar_4"))
    await hearer.execute(delete(INBOX).where(INBOX.c.aggregate_id == "mar_4"))
    await hearer.execute(delete(WATERMARK).where(WATERMARK.c.aggregate_id == "mar_4"))

    monkeypatch.setattr(durable, "_PAST_OF_DATABASE", text("SELECT 'restored'"))
    again = await rig.again(hearer)
    again.start()

    await until(lambda: has(hearer, 10))
    assert sorted(id for id, _ in await hearer.effects()) == [f"mar_{n}" for n in range(10)]


async def test_a_sayer_whose_database_was_set_back_refuses_until_its_restore_is_finished(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    hearer = await rig.service(
        subscriptions=[
            hearing(sayer.name),
            hearing(sayer.name, aggregate="shelf", state=True),
        ]
    )
    sayer.start()
    hearer.start()
    await sayer.say(rolled(1), rolled(2), shelf(1))
    await until(lambda: has(hearer, 3))
    await sayer.say(rolled(3), rolled(4), shelf(2))
    await until(lambda: has(hearer, 6))
    await until(lambda: all_sent(sayer))
    await sayer.stop()
    await set_back(sayer)  # the second unit of work never was, say its tables

    again = await rig.again(sayer)
    await again.say(rolled(5))  # before anybody could know
    again.start()
    await until(lambda: refuses(again))
    owned = streams.owned(again.name, PUBLISHED)
    async with again.runtime.engine.begin() as db:
        finished = await restore.finish(
            db, again.runtime.broker, owned, clock=again.runtime.clock, reason="disk lost"
        )
    await again.say(rolled(6), shelf(3, id="she_2"))

    assert [(f.id, f.version) for f in finished.forgotten] == [
        ("mar_1", 3),
        ("mar_1", 4),
        ("she_1", 2),
    ]
    assert (finished.epoch, finished.renumbered, finished.said_again) == (1, 2, 1)
    await until(lambda: has(hearer, 10))
    heard = await hearer.effects()
    assert [n for id, n in heard if id == "mar_1"] == [1, 2, 3, 4, 5, 6]
    assert [n for id, n in heard if id == "she_1"] == [1, 2, 1]  # ours is the truth again
    assert [n for id, n in heard if id == "she_2"] == [3]
    assert await hearer.parked() == 0


async def test_a_broker_set_back_to_an_old_store_is_told_what_it_lost(
    own_rig: Rig, broker: EmbeddedNats
):
    sayer, hearer = await own_rig.pair()
    sayer.start()
    await sayer.say(*(rolled(n) for n in range(5)))
    await until(lambda: all_sent(sayer))
    broker.stop()
    shutil.copytree(broker.folder / "streams", broker.folder / "old")
    broker.start()
    await sayer.say(*(rolled(n) for n in range(5, 10)))
    await until(lambda: all_sent(sayer))

    broker.stop()
    shutil.rmtree(broker.folder / "streams")
    (broker.folder / "old").rename(broker.folder / "streams")
    broker.start()
    hearer.start()

    await until(lambda: has(hearer, 10), patience_s=60)
    assert [n for _, n in await hearer.effects()] == list(range(10))


def test_renumbering_keeps_the_ordinals_and_the_order_of_what_waits():
    places = [
        restore.Place(1, ("marble", "a"), 4, 3),
        restore.Place(2, ("marble", "b"), 1, 0),
        restore.Place(3, ("marble", "a"), 5, 4),
    ]

    assert restore.renumber(places, epoch=2, told=()) == [
        restore.Place(1, ("marble", "a"), 2 * EPOCH + 4, 3),
        restore.Place(2, ("marble", "b"), 2 * EPOCH + 1, 0),
        restore.Place(3, ("marble", "a"), 2 * EPOCH + 5, 2 * EPOCH + 4),
    ]


async def test_a_failing_broker_is_not_hammered(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    attempts = []

    async def refuse(js, row):
        attempts.append((row.seq, asyncio.get_running_loop().time()))
        raise TimeoutError

    monkeypatch.setattr(relay, "publish", refuse)
    sayer = await rig.service(published=PUBLISHED)
    sayer.start()
    await sayer.say(rolled(1), rolled(2))

    await until(lambda: reached(attempts, 4))

    assert {seq for seq, _ in attempts} == {1}  # its successor waits
    times = [at for _, at in attempts[:4]]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert all(p >= chains.FIRST_PAUSE_S * 2**n for n, p in enumerate(pauses))


async def expect_balance(hearer, *, aggregates, each):
    heard = await hearer.effects()
    for m in range(aggregates):
        assert [n for id, n in heard if id == f"mar_{m}"] == list(range(each))
    assert len(heard) == aggregates * each
    assert await hearer.parked() == 0


async def set_back(sayer):
    last = sorted(await sayer.rows(OUTBOX), key=lambda row: row.seq)[:3]
    await sayer.execute(delete(OUTBOX).where(OUTBOX.c.seq > last[-1].seq))
    for row in last:
        await sayer.execute(
            OUTBOX_HEAD.update()
            .where(OUTBOX_HEAD.c.aggregate_id == row.aggregate_id)
            .values(version=row.version, previous=row.previous)
        )


async def end_session_that_listens(sayer):
    connection = await asyncpg.connect(sayer.runtime.settings.database_url)
    try:
        ended = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND granted AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND (classid::bigint << 32) | objid::bigint = $1",
            relay._LOCK,
        )
        assert len(ended) == 1
    finally:
        await connection.close()


async def refuses(sayer):
    try:
        async with sayer.begin() as uow:
            await uow.publish(rolled(99, id="mar_probe"))
            await uow.db.execute(text("SELECT 1 / 0"))
    except StoreBehindStream:
        return True
    except Exception:  # the probe never says anything
        return False
    raise AssertionError("unreachable")


async def has(hearer, count):
    return len(await hearer.effects()) >= count


async def all_sent(sayer):
    return await sayer.unsent() == 0


async def reached(found, count):
    return len(found) >= count

"""The reconciler names every event that is not where it must be, and nothing else."""

import pytest
from sqlalchemy import delete, insert, select

from chassis.reconciliation import Reconciliation
from chassis.tables.messaging import INBOX, OUTBOX
from chassis.traffic import reconciler
from tests.chassis.rig import PUBLISHED, Rig, Running, hearing, rolled, shelf, until


async def whole(running: Running) -> Reconciliation:
    return await reconciler.whole(running.runtime, running.published, running.subscriptions)


async def conversation(rig: Rig) -> tuple[Running, Running]:
    """Thirty events and the states of three shelves, said and heard."""
    sayer = await rig.service(published=PUBLISHED)
    hears = [hearing(sayer.name), hearing(sayer.name, aggregate="shelf", state=True)]
    hearer = await rig.service(subscriptions=hears)
    sayer.start()
    await sayer.say(*(rolled(n, id=f"mar_{n % 3}") for n in range(30)))
    await sayer.say(*(shelf(n, id=f"she_{n % 3}") for n in range(9)))
    await until(lambda: all_sent(sayer))
    hearer.start()
    await until(lambda: all_taken(hearer))
    return sayer, hearer


async def all_sent(sayer: Running) -> bool:
    return await sayer.unsent() == 0


async def all_taken(hearer: Running) -> bool:
    if len(await hearer.effects()) < 33:
        return False
    found = await whole(hearer)
    return len(found.taken) == 3 and all(one.waiting == 0 for one in found.taken)


async def test_where_everything_arrived_nothing_is_lost(rig: Rig):
    sayer, hearer = await conversation(rig)

    said, heard = await whole(sayer), await whole(hearer)

    assert (said.lost, heard.lost) == (0, 0)
    assert sum(one.said for one in said.stored) == 39
    looked_at = {one.stream: one.looked_at for one in heard.taken}
    assert looked_at[f"UEM_{sayer.name.upper()}"] == 30
    assert looked_at[f"UEM_{sayer.name.upper()}_STATE"] == 3  # the broker keeps the last of each


async def test_a_taken_message_without_an_inbox_row_is_lost_and_named(rig: Rig):
    _, hearer = await conversation(rig)
    victim = next(row for row in await hearer.rows(INBOX) if row.aggregate == "marble")

    await hearer.execute(delete(INBOX).where(INBOX.c.event_id == victim.event_id))
    found = await whole(hearer)

    assert found.lost == 1
    assert [(one.event_id, one.consumer) for one in found.missing] == [
        (victim.event_id, victim.consumer)
    ]


async def test_a_row_that_claims_to_be_said_and_is_in_no_stream_is_lost_and_named(rig: Rig):
    sayer, _ = await conversation(rig)
    row = dict((await sayer.rows(OUTBOX))[-1]._mapping)
    live = f"UEM_{sayer.name.upper()}"
    orphan = {"event_id": "evt_orphan", "aggregate_id": "mar_x", "stream": live, "state": False}
    del row["seq"]

    await sayer.execute(insert(OUTBOX).values({**row, **orphan, "stream_seq": 900}))
    found = await whole(sayer)

    assert (found.lost, found.missing[0].event_id) == (1, "evt_orphan")


async def test_messages_deleted_from_the_middle_of_a_stream_are_lost_until_they_are_said_again(
    rig: Rig,
):
    sayer, _ = await conversation(rig)
    js = await sayer.runtime.broker.ready()
    await js.delete_msg(f"UEM_{sayer.name.upper()}", 7)
    gone = next(row for row in await sayer.rows(OUTBOX) if row.stream_seq == 7 and not row.state)

    found = await whole(sayer)

    assert [one.event_id for one in found.missing] == [gone.event_id]
    await sayer.execute(OUTBOX.update().where(OUTBOX.c.seq == gone.seq).values(sent_at=None))
    assert (await whole(sayer)).lost == 0  # it waits, and so it is not lost


async def test_the_state_that_an_object_had_before_its_last_is_not_lost(rig: Rig):
    sayer, _ = await conversation(rig)
    states = f"UEM_{sayer.name.upper()}_STATE"
    last = max((row for row in await sayer.rows(OUTBOX) if row.state), key=lambda row: row.seq)
    js = await sayer.runtime.broker.ready()

    await js.delete_msg(states, last.stream_seq)

    assert [one.event_id for one in (await whole(sayer)).missing] == [last.event_id]


async def test_what_waits_is_told_with_its_age_and_is_not_lost(rig: Rig):
    sayer, hearer = await conversation(rig)
    await hearer.stop()
    await sayer.say(rolled(31))
    await until(lambda: all_sent(sayer))

    again = await rig.again(hearer)
    await again.runtime.broker.start()
    await again.runtime.broker.ready()
    found = await whole(again)

    (late,) = [one for one in found.taken if one.waiting]
    async with sayer.runtime.reading.connect() as db:
        said_at = await db.scalar(select(OUTBOX.c.recorded_at).order_by(OUTBOX.c.seq.desc()))
    assert late.waiting == 1
    assert late.waiting_since is not None
    assert said_at is not None
    assert late.waiting_since >= said_at
    assert found.lost == 0
    await again.runtime.broker.stop()


async def test_the_running_reconciler_sees_a_loss_and_that_it_was_mended(rig: Rig, monkeypatch):
    monkeypatch.setattr(reconciler, "EVERY_S", 0.05)
    _, hearer = await conversation(rig)
    await until(lambda: looked(hearer))
    assert hearer.runtime.reconciliation.found.lost == 0

    victim = next(row for row in await hearer.rows(INBOX) if row.aggregate == "marble")
    await hearer.stop()  # what is lost while a process lives is seen by its successor
    await hearer.execute(delete(INBOX).where(INBOX.c.event_id == victim.event_id))
    again = await rig.again(hearer)
    again.start()

    await until(lambda: lost(again, 1))
    assert again.runtime.reconciliation.found.missing[0].event_id == victim.event_id
    row = {column.name: getattr(victim, column.name) for column in INBOX.c}
    del row["position"]
    await again.execute(insert(INBOX).values(row))
    await until(lambda: lost(again, 0))


async def looked(running: Running) -> bool:
    return running.runtime.reconciliation.found.at is not None


async def lost(running: Running, count: int) -> bool:
    found = running.runtime.reconciliation.found
    return found.at is not None and found.lost == count


async def test_nothing_is_claimed_while_the_broker_is_away(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)

    with pytest.raises(reconciler.CannotReconcile):
        await whole(sayer)

    assert sayer.runtime.reconciliation.found.at is None

"""What is said is recorded with the state change: gapless, in order, kept."""

import asyncio

import pytest
from sqlalchemy import select

from chassis import outbox, rewind
from chassis.messages import Message
from chassis.outbox import MAX_PAYLOAD, StoreBehindStream
from chassis.tables.messaging import OUTBOX, OUTBOX_EPOCH, OUTBOX_REFUSAL
from tests.chassis.rig import PUBLISHED, Renumbered, Rig, Rolled, rolled, shelf


async def versions(sayer, id):
    return [(r.version, r.previous) for r in await sayer.rows(OUTBOX) if r.aggregate_id == id]


async def test_versions_are_gapless_per_aggregate_and_follow_the_order_of_commits(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)

    async def many(number):
        for _ in range(10):
            await sayer.say(rolled(number, id="mar_1"), rolled(number, id=f"mar_{number}"))

    await asyncio.gather(*(many(number) for number in range(2, 6)))

    expected = [(n, n - 1) for n in range(1, 41)]
    assert sorted(await versions(sayer, "mar_1")) == expected
    by_seq = sorted(await sayer.rows(OUTBOX), key=lambda row: row.seq)
    assert [r.version for r in by_seq if r.aggregate_id == "mar_1"] == list(range(1, 41))
    assert sorted(await versions(sayer, "mar_2")) == expected[:10]


async def test_a_unit_of_work_that_fails_says_nothing_and_leaves_no_gap(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    await sayer.say(rolled(1))

    async def fail_after_saying():
        async with sayer.begin() as uow:
            await uow.publish(rolled(2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_after_saying()

    await sayer.say(rolled(3))
    assert await versions(sayer, "mar_1") == [(1, 0), (2, 1)]


async def test_a_new_epoch_keeps_the_ordinals_and_follows_the_last_version(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    await sayer.say(rolled(1), rolled(2))
    await sayer.execute(OUTBOX_EPOCH.insert().values(epoch=3, reason="restored"))

    await sayer.say(rolled(3), rolled(4), rolled(1, id="mar_new"))

    epoch = 3 << 40
    found = await versions(sayer, "mar_1")
    assert found == [(1, 0), (2, 1), (epoch + 3, 2), (epoch + 4, epoch + 3)]
    assert await versions(sayer, "mar_new") == [(epoch + 1, 0)]


async def test_the_majors_of_one_fact_share_its_version(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    newer = Message(
        aggregate="marble",
        event="rolled",
        id="mar_1",
        area="410105",
        body=Renumbered(number_text="1"),
        major=2,
    )

    async with sayer.begin() as uow:
        assert await outbox.append(uow, rolled(1), newer) == 1
    await sayer.say(rolled(2))

    rows = sorted(await sayer.rows(OUTBOX), key=lambda row: row.seq)
    assert [(r.version, r.major) for r in rows] == [(1, 1), (1, 2), (2, 1)]
    assert [r.headers["ce-majors"] for r in rows] == ["1,2", "1,2", "1"]


async def test_a_service_that_waits_for_its_restore_refuses_to_say_anything(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    await sayer.execute(OUTBOX_REFUSAL.insert().values(stream="UEM_S", event_id="evt_forgotten"))

    with pytest.raises(StoreBehindStream) as refused:
        await sayer.say(rolled(1))

    assert refused.value.slug == "store-behind-stream"
    assert await sayer.rows(OUTBOX) == []


@pytest.mark.parametrize(
    "message",
    [
        rolled(1, id="mar.1"),
        rolled(1, id=">"),
        rolled(1, area="*"),
        rolled(1, event="rolled.twice"),
        Message(
            aggregate="shelf",
            event="state",
            id="s",
            area="",
            body=Rolled(number=1),
            state=True,
            mode="EXERCISE",
        ),
        Message(
            aggregate="marble",
            event="rolled",
            id="m",
            area="",
            body=Renumbered(number_text="x" * MAX_PAYLOAD),
        ),
    ],
    ids=["dot in id", "wildcard", "area", "event", "state of an exercise", "too large"],
)
async def test_what_the_broker_could_not_carry_is_refused_where_it_is_said(rig: Rig, message):
    sayer = await rig.service(published=PUBLISHED)

    with pytest.raises(ValueError, match=r"not made of|digits|no mode|too much"):
        await sayer.say(message)


async def test_rewinding_a_state_says_only_the_last_again(rig: Rig):
    sayer = await rig.service(published=PUBLISHED)
    await sayer.say(shelf(1), shelf(2), shelf(3), rolled(1), rolled(2))
    await sayer.execute(OUTBOX.update().values(sent_at=OUTBOX.c.recorded_at))

    async with sayer.runtime.engine.begin() as db:
        count = await rewind.rewind(db, rewind.between(1, 10**6))

    unsent = [
        (r.aggregate, r.version)
        for r in await sayer.execute(select(OUTBOX).where(OUTBOX.c.sent_at.is_(None)))
    ]
    assert sorted(unsent) == [("marble", 1), ("marble", 2), ("shelf", 3)]
    assert count == 3

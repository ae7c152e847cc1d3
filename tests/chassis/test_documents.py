"""Aggregates as rows: versions, conflicts, columns, and who changed what."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from chassis import documents
from chassis.documents import AlreadyExists
from chassis.errors import NotFound, VersionConflict
from chassis.policy import EVERYTHING
from chassis.unit_of_work import Caller, begin
from tests.chassis.toy.app import create_app
from tests.chassis.toy.domain import Colour, Jar
from tests.chassis.toy.store import JAR

ALI = Caller(subject="ali")


@pytest.fixture
async def toy(harness):
    return await harness(create_app())


async def test_a_stored_aggregate_is_read_back_whole(toy):
    jar = Jar(
        id="jar_1",
        label="青",
        capacity=5,
        colour=Colour.BLUE,
        opened_at=toy.clock.now(),
        notes=("a", "b"),
    )

    async with begin(toy.runtime, ALI) as uow:
        stored = await documents.save(uow.db, JAR, jar)

    assert stored == replace(jar, version=1)
    assert await toy.read(documents.load, JAR, "jar_1", Jar) == stored


async def test_columns_follow_the_aggregate_and_what_is_given(toy):
    jar = Jar(id="jar_1", label="x", capacity=5, marbles=3)

    async with begin(toy.runtime, ALI) as uow:
        await documents.save(uow.db, JAR, jar, shelf="top")

    async with toy.runtime.seen_by(EVERYTHING) as db:
        row = (await db.execute(select(JAR))).one()
    assert (row.label, row.marbles, row.shelf, row.version) == ("x", 3, "top", 1)
    assert (row.changed_by, row.changed_at) == ("ali", toy.clock.now())


async def test_an_aggregate_is_created_once(toy):
    jar = Jar(id="jar_1", label="x", capacity=5)
    await toy.run(lambda uow: documents.save(uow.db, JAR, jar))

    with pytest.raises(AlreadyExists):
        await toy.run(lambda uow: documents.save(uow.db, JAR, jar))


async def test_the_slower_of_two_changes_learns_who_was_faster(toy):
    jar = await toy.run(
        lambda uow: documents.save(uow.db, JAR, Jar(id="jar_1", label="x", capacity=5))
    )
    toy.clock.set(toy.clock.now() + timedelta(minutes=1))
    await toy.run(lambda uow: documents.save(uow.db, JAR, replace(jar, marbles=1)), caller=ALI)

    with pytest.raises(VersionConflict) as refused:
        await toy.run(lambda uow: documents.save(uow.db, JAR, replace(jar, marbles=2)))

    assert refused.value.extra == {
        "currentVersion": 2,
        "changedBy": "ali",
        "changedAt": toy.clock.now(),
    }
    assert (await toy.read(documents.load, JAR, "jar_1", Jar)).marbles == 1


async def test_what_was_never_stored_cannot_be_changed(toy):
    with pytest.raises(NotFound) as refused:
        await toy.run(
            lambda uow: documents.save(
                uow.db, JAR, Jar(id="jar_9", label="x", capacity=1, version=4)
            )
        )

    assert refused.value.slug == "jar-not-found"


async def test_an_expected_version_is_checked_while_loading(toy):
    await toy.run(
        lambda uow: documents.save(uow.db, JAR, Jar(id="jar_1", label="x", capacity=5)),
        caller=ALI,
    )

    with pytest.raises(VersionConflict) as refused:
        await toy.read(documents.load, JAR, "jar_1", Jar, expected_version=7)
    with pytest.raises(NotFound):
        await toy.read(documents.load, JAR, "jar_2", Jar)

    assert refused.value.extra["changedBy"] == "ali"
    assert (await toy.read(documents.load, JAR, "jar_1", Jar, expected_version=1)).version == 1


def test_an_aggregate_at_hand_is_checked_against_an_expected_version():
    jar = Jar(id="jar_1", label="x", capacity=5, version=3)

    documents.expect(jar, None)
    documents.expect(jar, 3)
    with pytest.raises(VersionConflict, match="version 3"):
        documents.expect(jar, 2)


async def test_aggregates_are_found_in_the_order_asked_for(toy):
    async def make(uow):
        for name, marbles in (("c", 1), ("a", 3), ("b", 2)):
            jar = Jar(id=f"jar_{name}", label=name, capacity=9, marbles=marbles)
            await documents.save(uow.db, JAR, jar)

    await toy.run(make)

    by_id = await toy.read(documents.find, JAR, Jar)
    few = await toy.read(
        documents.find, JAR, Jar, JAR.c.marbles > 1, order_by=JAR.c.marbles.desc(), limit=1
    )
    assert [jar.label for jar in by_id] == ["a", "b", "c"]
    assert [jar.label for jar in few] == ["a"]


async def test_a_locked_aggregate_waits_for_the_one_who_holds_it(toy):
    await toy.run(lambda uow: documents.save(uow.db, JAR, Jar(id="jar_1", label="x", capacity=5)))

    async with begin(toy.runtime, ALI) as uow:
        jar = await documents.load(uow.db, JAR, "jar_1", Jar, lock=True)
        async with toy.runtime.engine.begin() as other:
            free = select(JAR.c.id).with_for_update(skip_locked=True)
            assert (await other.execute(free)).all() == []
        await documents.save(uow.db, JAR, replace(jar, marbles=1))


class Lid(msgspec.Struct, frozen=True):
    id: str
    label: str
    marbles: int = 0
    version: int = 0


async def test_an_aggregate_may_be_a_struct(toy):
    lid = Lid(id="lid_1", label="x")

    stored = await toy.run(lambda uow: documents.save(uow.db, JAR, lid))

    assert stored == Lid(id="lid_1", label="x", version=1)
    assert await toy.read(documents.load, JAR, "lid_1", Lid) == stored

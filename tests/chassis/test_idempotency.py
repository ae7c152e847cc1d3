"""Idempotency keys: the first answer again, done once, one at a time, for each caller."""

import asyncio
import dataclasses
import hashlib
import json

import pytest
from sqlalchemy import select

from chassis import idempotency, sealing
from chassis.policy import EVERYTHING
from chassis.tables.state import IDEMPOTENCY
from tests.chassis.toy.app import create_app
from tests.chassis.toy.store import JAR


@pytest.fixture
async def toy(harness):
    return await harness(create_app())


@pytest.fixture
async def keeper(toy):
    async with toy.client(roles=["keeper"]) as client:
        yield client


async def jars(toy) -> int:
    async with toy.runtime.seen_by(EVERYTHING) as db:
        return len((await db.execute(select(JAR.c.id))).all())


async def test_a_repeated_request_gets_the_first_answer_and_is_done_once(toy, keeper):
    key = {"Idempotency-Key": "k-1"}

    first = await keeper.post("/v1/jars", json={"label": "x"}, headers=key)
    again = await keeper.post("/v1/jars", json={"label": "x"}, headers=key)

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["UEM-Correlation-Id"] == first.headers["UEM-Correlation-Id"]
    assert await jars(toy) == 1
    assert len(await toy.published()) == 1


async def test_a_key_is_not_reused_for_another_request(keeper):
    key = {"Idempotency-Key": "k-1"}
    await keeper.post("/v1/jars", json={"label": "x"}, headers=key)

    answer = await keeper.post("/v1/jars", json={"label": "y"}, headers=key)

    assert (answer.status_code, answer.json()["slug"]) == (422, "idempotency-key-reused")


async def test_callers_do_not_see_one_anothers_keys(toy, keeper):
    key = {"Idempotency-Key": "k-1"}
    await keeper.post("/v1/jars", json={"label": "x"}, headers=key)

    async with toy.client(roles=["keeper"], subject="somebody else") as other:
        answer = await other.post("/v1/jars", json={"label": "y"}, headers=key)

    assert (answer.status_code, answer.json()["label"]) == (201, "y")


async def test_a_refused_request_leaves_its_key_free(keeper):
    key = {"Idempotency-Key": "k-1"}
    refused = await keeper.post("/v1/jars/jar_1/marbles", json={"count": 1}, headers=key)

    answer = await keeper.post("/v1/jars", json={"label": "x"}, headers=key)

    assert (refused.status_code, answer.status_code) == (404, 201)


async def test_the_same_key_at_the_same_time_is_done_once(toy, keeper):
    key = {"Idempotency-Key": "k-1"}

    answers = await asyncio.gather(
        *(keeper.post("/v1/jars", json={"label": "x"}, headers=key) for _ in range(5))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await jars(toy) == 1


@pytest.mark.parametrize("key", ["", "x" * 129, "with space"])
async def test_a_key_is_short_and_visible(keeper, key):
    answer = await keeper.post("/v1/jars", json={"label": "x"}, headers={"Idempotency-Key": key})

    assert (answer.status_code, answer.json()["field"]) == (422, ["Idempotency-Key"])


async def test_old_keys_are_forgotten(toy, keeper):
    await keeper.post("/v1/jars", json={"label": "x"}, headers={"Idempotency-Key": "old"})
    await keeper.post("/v1/jars", json={"label": "x"}, headers={"Idempotency-Key": "new"})
    async with toy.runtime.engine.begin() as db:
        past = toy.clock.wall() - 2 * idempotency.KEEP
        old = IDEMPOTENCY.c.key == "old"
        await db.execute(IDEMPOTENCY.update().where(old).values(recorded_at=past))

    assert await idempotency.forget_old(toy.runtime) == 1

    async with toy.runtime.reading.connect() as db:
        assert (await db.execute(select(IDEMPOTENCY.c.key))).scalars().all() == ["new"]


async def kept(toy) -> str:
    async with toy.runtime.reading.connect() as db:
        return str((await db.execute(select(IDEMPOTENCY.c.request_hash))).scalar_one())


@pytest.mark.parametrize("has_ring", [True, False])
async def test_what_stands_for_a_body_cannot_be_computed_without_the_keys(toy, has_ring):
    if not has_ring:
        settings = dataclasses.replace(toy.runtime.settings, keys_file=None)
        object.__setattr__(toy.runtime, "settings", settings)
    key, content = {"Idempotency-Key": "k-1"}, b'{"label": "+86 138 0013 8000"}'
    headers = key | {"Content-Type": "application/json"}
    async with toy.client(roles=["keeper"]) as keeper:
        first = await keeper.post("/v1/jars", content=content, headers=headers)
        again = await keeper.post("/v1/jars", content=content, headers=headers)

    guesses = {
        hashlib.new(name, guess).hexdigest()
        for name in ("sha256", "sha512", "md5")
        for guess in (content, b"\0".join((b"POST", b"/v1/jars", content)))
    }
    stored = await kept(toy)
    assert (first.status_code, again.content) == (201, first.content)
    assert stored.partition(":")[0] == ("k1" if has_ring else "(database)")
    assert not any(guess in stored for guess in guesses)


async def test_a_key_that_was_rotated_since_still_tells_the_same_request(toy, keeper):
    key = {"Idempotency-Key": "k-1"}
    first = await keeper.post("/v1/jars", json={"label": "x"}, headers=key)
    ring = json.loads(toy.runtime.settings.keys_file.read_text())
    fresh = json.loads(sealing.new_ring())["keys"]["k1"]
    rotated = {"current": "k2", "keys": ring["keys"] | {"k2": fresh}}
    toy.runtime.settings.keys_file.write_text(json.dumps(rotated))

    again = await keeper.post("/v1/jars", json={"label": "x"}, headers=key)
    other = await keeper.post("/v1/jars", json={"label": "y"}, headers=key)

    assert (again.status_code, again.content) == (201, first.content)
    assert other.status_code == 422


async def test_a_request_from_before_hashes_had_keys_is_known(toy, keeper):
    key = {"Idempotency-Key": "k-1"}
    content = b'{"label": "x"}'
    headers = key | {"Content-Type": "application/json"}
    first = await keeper.post("/v1/jars", content=content, headers=headers)
    plain = hashlib.sha256(b"\0".join((b"POST", b"/v1/jars", content))).hexdigest()
    async with toy.runtime.engine.begin() as db:
        await db.execute(IDEMPOTENCY.update().values(request_hash=plain))

    again = await keeper.post("/v1/jars", content=content, headers=headers)

    assert (again.status_code, again.content) == (201, first.content)


async def test_a_keys_file_that_is_just_being_written_stops_no_command(toy, keeper):
    key = {"Idempotency-Key": "k-1"}
    file = toy.runtime.settings.keys_file
    ring = file.read_text()
    file.write_text("")
    first = await keeper.post("/v1/jars", json={"label": "x"}, headers=key)
    file.write_text(ring)

    again = await keeper.post("/v1/jars", json={"label": "x"}, headers=key)

    assert (first.status_code, again.content) == (201, first.content)

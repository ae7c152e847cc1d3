"""The books of a running deployment see one lost event, one that never was stored, one effect done twice."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from tests.e2e import rehearsal
from uem import tracing
from uem.demo import accounts, openings, record
from uem.demo.city import City
from uem.services import Services
from uem.stack.stack import Stack

pytestmark = pytest.mark.timeout(600)
RECONCILIATION = "/v1/operator/reconciliation"
SERVICES = ("org", "plans", "guarantee", "analytics")


@pytest.fixture(scope="module")
async def played(city: City) -> record.Recording:
    """At least the answer to the first red signal is in the books."""
    before = await record.read(city, "before")
    if not openings.openings(before.play, rehearsal.SCENARIO):
        await rehearsal.play(city, until=rehearsal.SCENARIO.entries[0].at)
    await city.settle()
    return await record.read(city, "played")


@asynccontextmanager
async def database(stack: Stack, service: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(stack.postgres_url.rpartition("/")[0] + f"/uem_{service}")
    try:
        yield connection
    finally:
        await connection.close()


async def missing(city: City) -> list[dict[str, Any]]:
    """What a whole reconciliation of every service names."""
    found = [await city.call("POST", name, RECONCILIATION, json={}) for name in SERVICES]
    return [one for each in found for one in each["missing"]]


async def test_the_books_of_an_undisturbed_deployment_balance(city: City, played):
    assert played.balance.lost == 0
    assert played.duplicate_effects == 0
    assert await missing(city) == []


async def test_an_inbox_row_that_vanished_is_one_event_lost(stack: Stack, city: City, played):
    async with database(stack, "org") as db:
        row = await db.fetchrow(
            "DELETE FROM inbox WHERE position = (SELECT max(position) FROM inbox"
            " WHERE consumer = 'org-guarantee-signal') RETURNING *"
        )
        try:
            lost = (await record.read(city, "lost")).balance.lost
            named = await missing(city)
        finally:
            values = [row[name] for name in row.keys() if name != "position"]  # noqa: SIM118 - a record
            columns = [name for name in row.keys() if name != "position"]  # noqa: SIM118 - a record
            await db.execute(
                f"INSERT INTO inbox ({', '.join(columns)})"
                f" VALUES ({', '.join(f'${n}' for n in range(1, len(columns) + 1))})",
                *values,
            )

    assert lost == 1
    assert [(one["eventId"], one["consumer"]) for one in named] == [
        (row["event_id"], "org-guarantee-signal")
    ]
    assert await missing(city) == []


async def test_an_outbox_row_that_no_stream_holds_is_one_event_lost(
    stack: Stack, city: City, played
):
    async with database(stack, "guarantee") as db:
        await db.execute(
            "INSERT INTO outbox (event_id, aggregate, aggregate_id, version, previous, major,"
            " state, stream, subject, type, headers, payload, occurred_at, sent_at, stream_seq)"
            " SELECT 'evt_orphan', aggregate, 'sig_orphan', 1, 0, major, state, stream, subject,"
            " type, headers, payload, occurred_at, now(), 1000000 FROM outbox"
            " WHERE aggregate = 'signal' ORDER BY seq LIMIT 1"
        )
        try:
            balance = (await record.read(city, "orphan")).balance
            named = await missing(city)
        finally:
            await db.execute("DELETE FROM outbox WHERE event_id = 'evt_orphan'")

    hearers = {"org-guarantee-signal", "plans-guarantee-signal", "analytics-guarantee-all"}
    assert balance.lost == len(hearers)  # once for each that should have heard it
    assert [(one["eventId"], one["consumer"]) for one in named] == [("evt_orphan", None)]


async def test_an_effect_that_was_done_twice_is_one_doubled(stack: Stack, city: City, played):
    once, twice = [f"obl_{number:032x}" for number in (1, 2)]

    async with database(stack, "org") as db:
        await owe_in_an_exercise(db, once)
        await city.settle()
        before = await exercised(city)
        await owe_in_an_exercise(db, twice)
    await city.settle()
    after = await exercised(city)

    assert [row["id"] for row in after if row["id"] in (once, twice)] == [once, twice]
    assert accounts.duplicate_effects(before) == 0
    assert accounts.duplicate_effects(after) == 1


async def owe_in_an_exercise(db: asyncpg.Connection, id: str) -> None:
    """org says what it said of its first obligation, of another one: a handler that ran again.

    In an exercise, so that the books of the other tests, which are the real ones, stay as they are.
    """
    row = await db.fetchrow(
        "SELECT * FROM outbox WHERE type = 'uem.org.obligation.owed.v1' ORDER BY seq LIMIT 1"
    )
    headers = json.loads(row["headers"])
    headers |= {"ce-id": f"evt_again_{id}", "ce-subject": id, "ce-mode": "EXERCISE"}
    *place, _ = row["subject"].split(".")
    await db.execute(
        "INSERT INTO outbox_head (aggregate, aggregate_id, previous, version) VALUES ('obligation', $1, 0, 1)",
        id,
    )
    await db.execute(
        "INSERT INTO outbox (event_id, aggregate, aggregate_id, version, previous, major, state,"
        " stream, subject, type, headers, payload, occurred_at)"
        " VALUES ($1, 'obligation', $2, 1, 0, 1, false, 'UEMX_ORG', $3, $4, $5, $6, $7)",
        headers["ce-id"],
        id,
        ".".join(["uemx", *place[1:], id]),
        row["type"],
        json.dumps(headers),
        row["payload"].replace(row["aggregate_id"].encode(), id.encode()),
        row["occurred_at"],
    )


async def exercised(city: City) -> list[dict[str, Any]]:
    return await city.pages("analytics", "/v1/events", mode="EXERCISE")


async def test_a_trace_tells_who_heard_an_event_and_what_came_of_it(
    stack: Stack, city: City, played
):
    red = openings.openings(played.play, rehearsal.SCENARIO)[0].id
    operator = stack.token(roles=["operator"], subject="operator")

    with Services(stack.addresses, operator) as services:
        story = await asyncio.to_thread(tracing.follow, services, red)

    issued = next(one for one in story if one.id == red and one.event == "issued")
    assert {one.consumer for one in issued.heard} >= {
        *("org-guarantee-signal", "plans-guarantee-signal", "analytics-guarantee-all")
    }
    assert all(one.after_ms >= 0 for one in issued.heard)
    assert issued.stored_ms is not None
    effects = {(one.service, one.event) for one in story if one.causation_id == issued.event_id}
    assert ("org", "owed") in effects
    places = {one.event_id: place for place, one in enumerate(story)}
    assert all(
        places[one.causation_id] < place
        for place, one in enumerate(story)
        if one.causation_id in places
    )

"""What rests on a sealed incident is there for whoever is cleared; the level in force is announced."""

import importlib
from typing import Any

import pytest
from sqlalchemy import select, text

from chassis.unit_of_work import UnitOfWork
from services.plans import store
from tests.harness import Harness
from tests.services.plans import city
from vocabulary import Mode, WarningColour

FILLING = importlib.import_module(
    "services.plans.migrations.versions.0006_what_rests_on_a_sealed_incident_is_sealed"
)
AFTER = "2026-06-01T08:01"  # from when on the incident is known
VIEWER: dict[str, Any] = {"roles": ["viewer"], "areas": [city.CITY]}
CLEARED: dict[str, Any] = {"roles": ["viewer", "sealed_reader"], "areas": [city.CITY]}
COMMANDER: dict[str, Any] = {
    "roles": ["viewer", "commander"],
    "org": city.COMMAND,
    "areas": [city.CITY],
    "subject": "chen",
}


async def answered(plans: Harness, **figures: Any) -> str:
    """A response to an incident, and its id; records of the time before it are there as well."""
    await city.measure_nothing_unusual(plans)
    await plans.advance(city.minutes(1))
    await city.hear_incident(plans, "declared", incident(**figures))
    return (await city.present(plans)).id


def incident(*, sealed: bool = False, **figures: Any) -> Any:
    return city.incident("inc_1", sealed=sealed, declared_at=city.minutes(1), **figures)


async def seal(plans: Harness, **figures: Any) -> None:
    await city.hear_incident(plans, "sealed", incident(sealed=True, **figures))


async def shown(plans: Harness, who: dict[str, Any], id: str) -> dict[str, Any]:
    """How many of each list a reader gets, the one, by its cause, and what is announced."""
    async with plans.client(**who) as client:
        one = await client.get(f"/v1/activations/{id}")
        listed = (await client.get("/v1/activations")).json()["nodes"]
        counted = (await client.get("/v1/activations?count=true")).json()["totalCount"]
        records = (await client.get("/v1/evaluations")).json()["nodes"]
        incident = {"keys": ["inc_1"]}
        caused = (await client.post("/v1/batch/activationsByIncident", json=incident)).json()
        may = await client.post("/v1/batch/permissions", json={"keys": [f"activation:{id}"]})
        levels = await client.post("/v1/batch/responseLevels", json={"keys": [city.CITY]})
    announced = levels.json()[city.CITY]
    return {
        "one": one.status_code,
        "listed": (len(listed), counted),
        "records": sum(one["at"] >= AFTER for one in records),
        "caused": len(caused["inc_1"] or []),
        "may": may.json()[f"activation:{id}"] is not None,
        "announced": [(each["level"], each["activation"] is not None) for each in announced],
    }


async def test_a_response_to_a_sealed_incident_is_for_the_cleared_and_its_level_for_all(
    plans: Harness,
):
    id = await answered(plans, deaths=12.0)
    async with plans.client(**COMMANDER) as client:
        await client.post(f"/v1/activations/{id}/sign", json={"reason": "dead"})
    before = await shown(plans, VIEWER, id)

    await seal(plans, deaths=12.0)

    assert before == await shown(plans, CLEARED, id)
    assert before["announced"] == [("LEVEL_I", True)]
    assert before["records"] > 0
    assert await shown(plans, VIEWER, id) == {
        "one": 404,
        "listed": (0, 0),
        "records": 0,
        "caused": 0,
        "may": False,
        "announced": [("LEVEL_I", False)],
    }
    await city.hear_incident(plans, "unsealed", incident(deaths=12.0))
    assert await shown(plans, VIEWER, id) == before


@pytest.mark.parametrize("first", ["the incident", "the signal"])
async def test_a_response_to_a_signal_that_weighed_a_sealed_incident_is_sealed_too(
    plans: Harness, first: str
):
    signal = city.signal("sig_1", WarningColour.RED, city.CITY)
    if first == "the signal":
        await city.hear_signal(plans, "issued", signal)
    await city.hear_incident(plans, "declared", city.incident("inc_1"))
    await seal(plans)
    if first == "the incident":
        await city.hear_signal(plans, "issued", signal)

    hidden = await shown(plans, VIEWER, (await city.present(plans)).id)
    seen = await shown(plans, CLEARED, (await city.present(plans)).id)

    assert (hidden["one"], seen["one"]) == (404, 200)
    assert hidden["announced"] == [("LEVEL_III", False)]


async def test_what_rests_on_two_sealed_incidents_is_sealed_until_neither_is(plans: Harness):
    id = await answered(plans, deaths=12.0)
    await city.hear_incident(plans, "declared", city.incident("inc_2", sealed=True))
    await seal(plans, deaths=12.0)

    await city.hear_incident(plans, "unsealed", incident(deaths=12.0))
    one_left = (await shown(plans, VIEWER, id))["one"]
    await city.hear_incident(plans, "unsealed", city.incident("inc_2"))

    assert one_left == 404
    assert (await shown(plans, VIEWER, id))["one"] == 200


async def test_decisions_on_a_sealed_response_are_for_the_cleared(plans: Harness):
    id = await answered(plans, deaths=12.0)
    await seal(plans, deaths=12.0)
    cleared = COMMANDER | {"roles": ["viewer", "commander", "sealed_reader"]}

    answers = []
    for who in (COMMANDER, cleared):
        async with plans.client(**who) as client:
            answers.append(await client.post(f"/v1/activations/{id}/sign", json={"reason": "x"}))

    assert [one.status_code for one in answers] == [404, 200]
    assert answers[1].json()["explanation"]["conditions"]


async def test_whoever_starts_a_response_is_not_told_what_is_sealed(plans: Harness):
    # nothing stands in the way of a commander, and nothing of the incident is in the answer
    await city.hear_incident(plans, "declared", city.incident("inc_1", sealed=True, trapped=7.0))
    body = {"planId": "flood-410100", "level": "LEVEL_IV", "reason": "dike at risk"}
    async with plans.client(**COMMANDER) as client:
        started = await client.post("/v1/activations", json=body)

    told = started.json()
    assert started.status_code == 201, started.text
    assert (told["level"], told["cause"]["kind"]) == ("LEVEL_IV", "PERSON")
    assert told["explanation"]["conditions"] == []
    assert "inc_1" not in started.text
    assert (await shown(plans, COMMANDER, told["id"]))["one"] == 404


async def test_publishing_a_plan_that_weighs_a_sealed_incident_takes_no_clearance(empty: Harness):
    await city.settle(empty)
    await city.measure_nothing_unusual(empty)
    await city.hear_incident(empty, "declared", city.incident("inc_1", sealed=True, deaths=12.0))
    await city.draft(empty)
    await city.approve(empty)
    planner: dict[str, Any] = {
        "roles": ["viewer", "planner"],
        "areas": [city.CITY],
        "subject": "planner",
    }
    async with empty.client(**planner) as client:
        published = await client.post("/v1/plans/flood-410100/versions/2021.1/publish", json={})

    assert published.status_code == 200, published.text
    assert await city.standing(empty) == ("PROPOSED", None, "LEVEL_I")


async def test_rows_from_before_are_sealed_by_the_migration_as_new_ones_are(plans: Harness):
    await answered(plans, deaths=12.0)
    other = city.incident("inc_2", mode=Mode.EXERCISE, declared_at=city.minutes(1))
    await city.hear_incident(plans, "declared", other)
    await city.hear_signal(plans, "issued", city.signal("sig_1", WarningColour.RED, city.CITY))
    await seal(plans, deaths=12.0)
    made = await plans.run(rows)

    await plans.run(forget)
    assert await plans.run(rows) != made
    await plans.run(fill)

    assert await plans.run(rows) == made
    assert any(sealed for _, _, _, sealed in made)


async def rows(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for table in (store.activation, store.evaluation):
        columns = (table.c.id, table.c.doc["incidents"], table.c.incidents, table.c.incident_sealed)
        found += [tuple(row) for row in await uow.db.execute(select(*columns).order_by(table.c.id))]
    return found


async def forget(uow: UnitOfWork) -> None:
    for table in FILLING.TABLES:
        await uow.db.execute(
            text(
                f"UPDATE {table} SET doc = doc - 'incidents', incidents = NULL,"
                " incident_sealed = NULL"
            )
        )


async def fill(uow: UnitOfWork) -> None:
    for statement in FILLING.FILL:
        await uow.db.execute(text(statement))

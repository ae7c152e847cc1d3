"""One exercise through all four services and the gateway: owed, signed, ordered, sent, scored; nothing real moves."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.e2e import rehearsal
from uem.demo import people, record
from uem.demo.city import City
from uem.demo.player import Player
from vocabulary import Mode

pytestmark = pytest.mark.timeout(300)

Json = dict[str, Any]
COMMAND = "org_410100_flood_command"
PARTICIPANTS = [COMMAND, "org_410100_office", "org_410100_urban_management", "org_410100_water"]
OUTSIDE = ("org_410100_metro", "org_410102_flood_command")
LISTS = (
    *(("plans", "/v1/activations"), ("org", "/v1/orders"), ("org", "/v1/tasks")),
    *(("org", "/v1/obligations"), ("guarantee", "/v1/dispatches"), ("guarantee", "/v1/signals")),
)
WHO: Json = {"roles": ("planner",), "org": COMMAND, "post": "pst_410100_flood_vice_mayor"}


def script(starts: datetime) -> str:
    """Red over the whole city five minutes after the start."""
    return f"""
type: FUNCTIONAL
title: {{zh: 防汛演练, en: flood exercise}}
plan: flood-410100
version: "2021.1"
jurisdiction: "410100"
organization: {COMMAND}
participants: [{", ".join(PARTICIPANTS)}]
starts_at: {starts.isoformat()}
ends_at: {(starts + timedelta(hours=4)).isoformat()}
objectives:
  - id: signature
    text: {{zh: 半小时内签发, en: the proposal is signed within half an hour}}
injects:
  - id: red
    at_minutes: 5
    signal: {{emergency_type: 11B03, colour: RED, areas: ["410100"], valid_minutes: 180}}
"""


async def listed(city: City, mode: Mode) -> dict[str, list[Json]]:
    """Everything that the lists show in one mode."""
    return {path: await city.pages(service, path, mode=mode) for service, path in LISTS}


@pytest.fixture(scope="module")
async def real_before(city: City) -> dict[str, list[Json]]:
    await city.settle()
    return await listed(city, Mode.REAL) | {
        "resources": await city.pages("guarantee", "/v1/resources")
    }


@pytest.fixture(scope="module")
async def exercise(city: City, real_before: dict[str, list[Json]]) -> Json:
    """The exercise as it stood when it was ended, two hours after its start."""
    assert city.now is not None
    starts = city.now
    planned: Json = await city.call(
        "POST",
        "plans",
        "/v1/exercises",
        content=script(starts).encode(),
        headers={"Content-Type": "text/yaml"},
        **WHO,
    )
    place = f"/v1/exercises/{planned['id']}"
    await city.call("POST", "plans", f"{place}/start", json={}, **WHO)
    actors = people.People(city, people.read_script(rehearsal.FOLDER), mode=Mode.EXERCISE)

    async def nothing(*_: object) -> None:
        return None

    player = Player(city, actors, put=nothing, tell=lambda *_: None)
    await player.play([], start=starts, until=starts + timedelta(hours=2))
    return planned


@pytest.fixture(scope="module")
async def played(city: City, exercise: Json) -> dict[str, list[Json]]:
    """What the lists show of exercises while this one runs."""
    return await listed(city, Mode.EXERCISE)


async def test_one_inject_leads_by_events_to_a_signature_orders_tasks_and_pumps(
    exercise: Json, played: dict[str, list[Json]]
):
    mine = [one for one in played["/v1/activations"] if one["planId"] == "flood-410100"]

    assert {one["level"] for one in mine} == {"LEVEL_II"}
    assert all(one["exerciseId"] == exercise["id"] for one in mine)
    assert any(one["status"] == "ISSUED" for one in played["/v1/orders"])
    assert any(one["status"] == "DONE" for one in played["/v1/tasks"])
    assert any(one["status"] == "ON_SCENE" for one in played["/v1/dispatches"])


async def test_only_who_takes_part_was_told(exercise: Json, played: dict[str, list[Json]]):
    mine = [one for one in played["/v1/obligations"] if one["exerciseId"] == exercise["id"]]
    notices = [notice for one in mine for notice in one["notices"]]

    told = {notice["organizationId"] for notice in notices}
    assert COMMAND in told
    assert told <= set(PARTICIPANTS)


async def test_nothing_real_is_other_than_before(
    city: City, played: dict[str, list[Json]], real_before: dict[str, list[Json]]
):
    now = await listed(city, Mode.REAL) | {
        "resources": await city.pages("guarantee", "/v1/resources")
    }

    assert now == real_before


async def test_it_is_scored_step_by_step_and_drills_its_plan(
    city: City, exercise: Json, played: dict[str, list[Json]]
):
    place = f"/v1/exercises/{exercise['id']}"
    score = await city.read("plans", f"{place}/score")
    ended = await city.call("POST", "plans", f"{place}/complete", json={}, **WHO)
    await city.settle()
    left = await listed(city, Mode.EXERCISE)
    books = await record.read(city, "exercised")

    assert (score["injects"], score["injectsDelivered"]) == (1, 1)
    assert score["stepsOnTimeRate"] is not None
    assert score["measuresCarriedOut"] > 0
    assert ended["state"] == "COMPLETED"
    assert ended["drilledAt"] == ended["endedAt"]
    assert {one["state"] for one in left["/v1/activations"]} == {"ENDED"}
    assert (books.balance.lost, books.duplicate_effects) == (0, 0)

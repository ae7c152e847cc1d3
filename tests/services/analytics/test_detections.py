"""Detections over the whole service: each edge told once, in both modes apart."""

from datetime import timedelta

import pytest

from services.analytics import commands, store
from tests.harness import START
from tests.services.analytics.conftest import COLLECTS
from tests.services.analytics.test_indicators import station, take

HOUR = timedelta(hours=1)


@pytest.fixture
async def erqi(analytics):
    registered = station("s1", "410103", minutes=60)
    await analytics.run(
        commands.register_station, registered, expected_version=None, caller=COLLECTS
    )
    return analytics


async def edges(service, area="410103"):
    """(event, colour, hours after the start) of every edge told."""
    found = []
    for said in await service.published():
        if said.aggregate == "detection" and said.body["detection"]["jurisdiction"] == area:
            about = said.body["detection"]
            at = about.get("clearedAt") or about["raisedAt"]
            found.append((said.event, about["colour"], at[11:16]))
    return found


async def rain(service, lines, *hourly):
    """One sample an hour, the clock following."""
    for amount in hourly:
        await take(
            service, lines(("s1", (service.clock.now() - START) / timedelta(minutes=1), amount))
        )
        await service.advance(service.clock.now() + HOUR)


async def test_colours_are_raised_as_their_limits_are_reached(erqi, lines):
    await rain(erqi, lines, 20.0, 20.0, 20.0, 70.0)

    assert await edges(erqi) == [
        ("raised", "ORANGE", "10:00"),
        ("raised", "YELLOW", "10:00"),
        ("raised", "BLUE", "10:00"),
        ("raised", "RED", "11:00"),
    ]


async def test_a_detection_is_cleared_after_the_hold_and_told_once(erqi, lines):
    await rain(erqi, lines, 60.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    orange = [edge for edge in await edges(erqi) if edge[1] == "ORANGE"]
    assert orange == [("raised", "ORANGE", "08:00"), ("cleared", "ORANGE", "12:00")]


async def test_silence_clears_nothing(erqi, lines):
    await rain(erqi, lines, 60.0)
    await erqi.advance(START + 30 * HOUR)

    assert {event for event, *_ in await edges(erqi)} == {"raised"}


async def test_a_detection_can_be_raised_again_after_it_was_cleared(erqi, lines):
    await rain(erqi, lines, 60.0, 0.0, 0.0, 0.0, 0.0, 60.0)

    orange = [event for event, colour, _ in await edges(erqi) if colour == "ORANGE"]
    assert orange == ["raised", "cleared", "raised"]
    async with erqi.client() as client:
        page = (await client.get("/v1/detections", params={"jurisdiction": "410103"})).json()
        raised = (
            await client.get("/v1/detections", params={"jurisdiction": "410103", "state": "RAISED"})
        ).json()
        cleared = (
            await client.get(
                "/v1/detections", params={"jurisdiction": "410103", "state": "CLEARED"}
            )
        ).json()
    seen = [(one["colour"], one["clearedAt"] is None) for one in page["nodes"]]
    assert sorted(seen) == [
        ("BLUE", True), ("ORANGE", False), ("ORANGE", True), ("YELLOW", True),
    ]  # fmt: skip
    assert len(raised["nodes"]) == 3
    assert [one["colour"] for one in cleared["nodes"]] == ["ORANGE"]


async def test_an_exercise_raises_detections_of_its_own(erqi, lines):
    await take(erqi, lines(("s1", 0, 120.0), mode="EXERCISE"))

    async with erqi.client() as client:
        real = (await client.get("/v1/detections")).json()["nodes"]
        exercise = (await client.get("/v1/detections", params={"mode": "EXERCISE"})).json()["nodes"]

    assert real == []
    assert {one["colour"] for one in exercise} == {"BLUE", "YELLOW", "ORANGE", "RED"}
    assert all(
        said.subject.startswith("uemx.") for said in await erqi.published("detection.raised")
    )


async def test_the_rules_in_force_are_shown_with_their_sources(erqi):
    async with erqi.client() as client:
        rules = (await client.get("/v1/rules")).json()

    assert {one["name"] for one in rules["metrics"]} >= {"rain_mm", "water_level_m"}
    assert [limit["value"] for limit in rules["detections"][0]["limits"]] == [50, 50, 50, 100]
    assert "order No. 16" in rules["detections"][0]["source"]


def test_every_rule_file_is_valid_and_names_its_source():
    assert all(rules.source for rules in store.indicator_rules())
    assert all(rule.source for rule in store.detection_rules())

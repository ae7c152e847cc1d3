"""The municipal plan database: found over many keys, and drafts derived for districts."""

from typing import Any

import pytest

from tests.harness import Harness
from tests.services.plans.city import CITY, FLOOD, SMALL, draft

VERSION = "/v1/plans/flood-410100/versions/2021.1"
WANTED = {"jurisdiction": SMALL, "organization": "org_410102_flood_command"}
RISKY = FLOOD.rstrip() + "\nrisks:\n  - {zh: 京广隧道, en: the Jingguang tunnel}\n"


async def found(plans: Harness, **params: Any) -> list[str]:
    async with plans.client() as client:
        answer = await client.get("/v1/plans", params=params)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["nodes"]]


async def derive(plans: Harness, *, area: str = SMALL, **body: Any) -> Any:
    async with plans.client(roles=["planner"], areas=[area], subject="district") as client:
        return await client.post(f"{VERSION}/derive", json=WANTED | body)


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ({}, True),
        ({"planId": "flood-410100"}, True),
        ({"planId": "flood"}, False),
        ({"jurisdiction": CITY}, True),
        ({"jurisdiction": "410000"}, False),
        ({"jurisdiction": "410000", "reach": "BELOW"}, True),
        ({"jurisdiction": "420000", "reach": "BELOW"}, False),
        ({"jurisdiction": SMALL, "reach": "ABOVE"}, True),
        ({"jurisdiction": "410000", "reach": "ABOVE"}, False),
        ({"kind": "SPECIAL"}, True),
        ({"kind": "OVERALL"}, False),
        ({"emergencyType": "11B03"}, True),
        ({"emergencyType": "11"}, True),
        ({"emergencyType": "11C01"}, False),
        ({"status": ["DRAFT", "PUBLISHED"]}, True),
        ({"status": "DRAFT"}, False),
        ({"text": "郑州"}, True),
        ({"text": "RAIN_3H"}, True),
        ({"text": "100%"}, False),
    ],
)
async def test_plans_are_found_by_what_is_asked(plans: Harness, asked: dict[str, Any], is_found):
    assert await found(plans, **asked) == (["flood-410100@2021.1"] if is_found else [])


async def test_a_district_derives_its_draft_from_the_citys_plan(plans: Harness):
    answer = await derive(plans)

    made = answer.json()
    assert (answer.status_code, made["id"], made["status"]) == (201, "flood-410102@1", "DRAFT")
    assert (made["superiors"], made["risks"]) == (["flood-410100"], [])
    assert made["organizationId"] == "org_410102_flood_command"
    assert await found(plans, jurisdiction=SMALL) == ["flood-410102@1"]


async def test_a_division_writes_for_itself_and_only_below_the_superior(plans: Harness):
    elsewhere = await derive(plans, area="410103")
    same = await derive(plans, area=CITY, jurisdiction=CITY)
    other = await derive(plans, area="420000", jurisdiction="420100")

    assert (elsewhere.status_code, elsewhere.json()["slug"]) == (403, "not-permitted")
    assert [(one.status_code, one.json()["slug"]) for one in (same, other)] == [
        (422, "not-below")
    ] * 2


async def test_deriving_twice_names_the_draft_that_there_is(plans: Harness):
    await derive(plans)

    again = await derive(plans)
    newer = await derive(plans, newPlanVersion="2")

    assert (again.status_code, again.json()["slug"]) == (409, "plan-exists")
    assert (newer.status_code, newer.json()["id"]) == (201, "flood-410102@2")


async def test_nothing_is_derived_from_a_draft(empty: Harness):
    await draft(empty, RISKY)

    refused = await derive(empty)

    assert (refused.status_code, refused.json()["slug"]) == (409, "plan-status-refuses")

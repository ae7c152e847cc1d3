"""Quality, conformity and the hierarchy over HTTP: by what the plan system knows, on a real database."""

from typing import Any

import pytest

from chassis.policy import Grant
from chassis.unit_of_work import Caller
from services.plans import commands
from tests.harness import Harness
from tests.services.plans import city
from tests.services.plans.city import CITY, FLOOD, PLANNER
from tests.services.plans.test_handlers_copies import hear_resource

PROVINCE = (
    FLOOD.replace("id: flood-410100", "id: flood-410000")
    .replace('jurisdiction: "410100"', 'jurisdiction: "410000"')
    .replace("rain_3h_mm >= 50", "rain_3h_mm >= 40")
)
PLAN = "/v1/plans/flood-410100"
WIDE = Caller(subject="planner", grants=(Grant(role="planner", area="000000"),))
HEAD = Caller(subject="head", grants=(Grant(role="commander", area="000000"),))


@pytest.fixture
async def both(plans: Harness) -> Harness:
    """The city's plan in force, under one of the province that starts at less rain."""
    await plans.run(commands.import_plan, PROVINCE, caller=WIDE)
    await city.publish(plans, plan_id="flood-410000", planner=WIDE, approver=HEAD)
    return plans


async def asked(plans: Harness, path: str, **params: Any) -> Any:
    async with plans.client() as client:
        answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def batch(plans: Harness, name: str, *keys: str) -> Any:
    async with plans.client() as client:
        answer = await client.post(f"/v1/batch/{name}", json={"keys": keys})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_report_has_its_findings_first_and_a_score_that_they_add_up_to(both: Harness):
    report = await asked(both, f"{PLAN}/versions/2021.1/quality")

    lost = {"ERROR": 1.0, "WARNING": 0.5, "NOTE": 0.0}
    scores = []
    for one in report["criteria"]:
        weights = [
            lost[finding["severity"]]
            for finding in report["findings"]
            if finding["criterion"] == one["criterion"]
        ]
        if one["checks"]:
            scores.append(max(0.0, 1 - sum(weights) / one["checks"]))
    assert report["score"] == round(100 * sum(scores) / len(scores), 1)
    (less,) = [one for one in report["findings"] if one["slug"] == "less-sensitive"]
    assert (less["severity"], less["place"]) == ("ERROR", ["conditions"])
    assert {one["metric"] for one in less["example"]} >= {"rain_3h_mm"}
    assert "flood-410000" in less["messageZh"]
    assert less["remedyEn"]


async def test_a_plan_is_told_beside_each_plan_above_it(both: Harness):
    (beside,) = await asked(both, f"{PLAN}/versions/2021.1/conformity")

    assert (beside["superiorId"], beside["superiorVersionId"]) == (
        "flood-410000",
        "flood-410000@2021.1",
    )
    assert (beside["declared"], beside["due"], beside["verdict"]) == (False, True, "DEVIATES")
    assert beside["likeness"]["share"] == 1.0
    assert {one["slug"] for one in beside["findings"]} >= {"less-sensitive", "superior-not-named"}


async def test_a_draft_is_judged_before_it_is_published_and_stands_in_the_trend(both: Harness):
    named = FLOOD.replace('version: "2021.1"', 'version: "2022.1"')
    named = named.replace("levels:", "superiors: [flood-410000]\nlevels:", 1)
    await both.run(commands.import_plan, named, caller=PLANNER)

    trend = await asked(both, f"{PLAN}/quality")

    assert [(one["planVersion"], one["status"]) for one in trend] == [
        ("2021.1", "PUBLISHED"),
        ("2022.1", "DRAFT"),
    ]
    assert trend[1]["score"] > trend[0]["score"]
    assert trend[1]["warnings"] == trend[0]["warnings"] - 1


async def test_the_worst_plans_of_a_division_come_first_page_by_page(both: Harness):
    whole = await asked(both, "/v1/plan-quality", jurisdiction="410000", count=True)
    first = await asked(both, "/v1/plan-quality", jurisdiction="410000", first=1)
    second = await asked(
        both, "/v1/plan-quality", jurisdiction="410000", first=1, after=first["endCursor"]
    )
    city_only = await asked(both, "/v1/plan-quality", jurisdiction=CITY)

    scores = [one["score"] for one in whole["nodes"]]
    assert scores == sorted(scores)
    assert whole["totalCount"] == 2
    assert [*first["nodes"], *second["nodes"]] == whole["nodes"]
    assert (first["hasNextPage"], second["hasNextPage"]) == (True, False)
    assert [one["planId"] for one in city_only["nodes"]] == ["flood-410100"]


async def test_a_cursor_of_another_list_is_refused(both: Harness):
    async with both.client() as client:
        params = {"jurisdiction": CITY, "after": "WyJhIiwgMV0"}
        answer = await client.get("/v1/plan-quality", params=params)

    assert (answer.status_code, answer.json()["slug"]) == (422, "cursor-invalid")


async def test_what_guarantee_holds_answers_what_the_plan_needs(plans: Harness):
    await hear_resource(plans, 1, 1.0, unit="set", of="drainage.pump")

    report = await asked(plans, f"{PLAN}/versions/2021.1/quality")

    found = {one["slug"]: one for one in report["findings"] if one["criterion"] == "RESOURCES"}
    assert "resources-unknown" not in found
    assert {"name": "held", "value": "1"} in found["resource-short"]["evidence"]


async def test_the_tree_of_a_division_shows_what_stands_above_and_below(both: Harness):
    tree = await asked(both, "/v1/plan-hierarchy", jurisdiction=CITY)

    assert [(one["plan"]["planId"], one["depth"], one["superiors"]) for one in tree] == [
        ("flood-410000", 0, []),
        ("flood-410100", 1, ["flood-410000"]),
    ]
    assert tree[0]["subordinates"] == ["flood-410100"]


async def test_the_rule_of_the_hierarchy_can_be_read_with_its_source(empty: Harness):
    rule = await asked(empty, "/v1/plan-hierarchy/rule", at="2020-01-01T00:00:00Z")

    kinds = {one["kind"]: one for one in rule["kinds"]}
    assert kinds["SPECIAL"]["conformsTo"] == [
        {"kind": "OVERALL", "at": "HERE"},
        {"kind": "SPECIAL", "at": "ABOVE"},
    ]
    assert "101号" in rule["source"]


async def test_batches_answer_for_many_versions_at_once(both: Harness):
    keys = ("flood-410100@2021.1", "flood-410000@2021.1", "nothing@1")

    quality = await batch(both, "planQuality", *keys)
    conformity = await batch(both, "planConformity", *keys)
    above = await batch(both, "planSuperiors", *keys)
    below = await batch(both, "planSubordinates", *keys)

    assert quality["nothing@1"] is None
    assert quality[keys[0]] == await asked(both, f"{PLAN}/versions/2021.1/quality")
    assert [len(conformity[key] or []) for key in keys] == [1, 0, 0]
    assert [one["id"] for one in above[keys[0]]] == [keys[1]]
    assert [one["id"] for one in below[keys[1]]] == [keys[0]]


@pytest.mark.parametrize("path", [f"{PLAN}/versions/9/quality", "/v1/plans/none/quality"])
async def test_a_plan_that_is_not_here_is_said_not_to_be(empty: Harness, path: str):
    async with empty.client() as client:
        answer = await client.get(path)

    assert (answer.status_code, answer.json()["slug"]) == (404, "plan-not-found")


async def test_a_division_without_plans_has_no_worst_one(empty: Harness):
    assert (await asked(empty, "/v1/plan-quality", jurisdiction=CITY))["nodes"] == []

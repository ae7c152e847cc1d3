"""The HTTP interface: plan files, a commander's decisions, explanations, batches, copies."""

import asyncio
from typing import Any

import pytest

from tests.harness import START, Harness
from tests.services.plans import city
from tests.services.plans.city import CITY, FLOOD, LARGE
from vocabulary import WarningColour

RED = WarningColour.RED
COMMANDER: dict[str, Any] = {
    "roles": ["viewer", "commander"],
    "org": city.COMMAND,
    "posts": ["commander"],
}
DEPUTY: dict[str, Any] = {
    "roles": ["viewer", "commander"],
    "org": city.COMMAND,
    "posts": ["deputy"],
}


async def proposed(plans: Harness) -> str:
    await city.hear_signal(plans, "issued", city.signal("sig_1", RED, CITY))
    return (await city.present(plans)).id


async def test_a_plan_file_is_imported_published_and_listed(empty: Harness):
    version = "/v1/plans/flood-410100/versions/2021.1"
    async with empty.client(roles=["planner", "viewer"], subject="writer") as client:
        made = await client.post("/v1/plans", content=FLOOD, headers={"Content-Type": "text/yaml"})
        await client.post(f"{version}/submit", json={"expectedVersion": 1})
    async with empty.client(roles=["commander"], subject="mayor") as client:
        await client.post(f"{version}/approve", json={"expectedVersion": 2})
    async with empty.client(roles=["planner", "viewer"], subject="writer") as client:
        published = await client.post(f"{version}/publish", json={"expectedVersion": 3})
        listed = await client.get("/v1/plans", params={"jurisdiction": CITY})
        exported = await client.get("/v1/plans/flood-410100/versions/2021.1")

    assert (made.status_code, made.json()["status"]) == (201, "DRAFT")
    assert published.json()["status"] == "PUBLISHED"
    assert [one["id"] for one in listed.json()["nodes"]] == ["flood-410100@2021.1"]
    assert exported.json()["text"] == FLOOD


async def test_a_faulty_plan_file_is_refused_with_every_line_and_column(empty: Harness):
    text = FLOOD.replace("rain_3h_mm >= 50", "rain > 100")

    async with empty.client(roles=["planner"]) as client:
        answer = await client.post("/v1/plans", content=text, headers={"Content-Type": "text/yaml"})

    problem = answer.json()
    assert (answer.status_code, problem["slug"]) == (422, "plan-file-invalid")
    assert problem["detail"].startswith("PLAN L42:C11 unit and window missing: `rain`")
    (fault,) = problem["faults"]
    assert (fault["slug"], fault["line"], fault["column"]) == ("indicator-unit-missing", 42, 11)


async def test_a_plan_edited_after_publication_is_refused(plans: Harness):
    text = FLOOD.replace("rain_3h_mm >= 50", "rain_3h_mm >= 40")

    async with plans.client(roles=["planner"]) as client:
        answer = await client.post("/v1/plans", content=text, headers={"Content-Type": "text/yaml"})

    assert (answer.status_code, answer.json()["slug"]) == (409, "plan-version-immutable")
    assert "draft" in answer.json()["remedy"]


async def test_a_body_that_is_not_utf8_is_refused(empty: Harness):
    async with empty.client(roles=["planner"]) as client:
        answer = await client.post(
            "/v1/plans", content=b"\xff\xfe", headers={"Content-Type": "text/yaml"}
        )

    assert (answer.status_code, answer.json()["slug"]) == (422, "not-utf8")


async def test_only_a_planner_imports_and_only_a_commander_signs(plans: Harness):
    id = await proposed(plans)

    async with plans.client(roles=["viewer"]) as client:
        imported = await client.post("/v1/plans", content=FLOOD)
        signed = await client.post(f"/v1/activations/{id}/sign", json={})

    assert (imported.status_code, signed.status_code) == (403, 403)


async def test_a_commander_signs_what_is_proposed(plans: Harness):
    id = await proposed(plans)

    async with plans.client(**COMMANDER) as client:
        read = (await client.get(f"/v1/activations/{id}")).json()
        answer = await client.post(
            f"/v1/activations/{id}/sign",
            json={"reason": "red over the city", "expectedVersion": read["version"]},
        )

    one = answer.json()
    assert (one["level"], one["proposedLevel"], one["state"]) == ("LEVEL_II", None, "IN_FORCE")
    assert one["decidedBy"] == f"{city.COMMAND}/commander"
    (raised,) = await plans.published("activation.raised")
    assert raised.body["fromLevel"] == "LEVEL_III"
    assert raised.body["activation"]["cause"]["kind"] == "PERSON"


async def test_the_second_of_two_decisions_is_told_of_the_first(plans: Harness):
    id = await proposed(plans)

    async with plans.client(**COMMANDER) as one, plans.client(**DEPUTY) as other:
        answers = await asyncio.gather(
            one.post(f"/v1/activations/{id}/sign", json={"reason": "red"}),
            other.post(f"/v1/activations/{id}/decline", json={"reason": "not yet"}),
        )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = next(answer for answer in answers if answer.status_code == 200).json()
    lost = next(answer for answer in answers if answer.status_code == 409).json()
    assert lost["slug"] == "proposal-already-decided"
    assert lost["decidedBy"] == won["decidedBy"]
    assert lost["decidedAt"] == won["decidedAt"]


async def test_a_decision_on_what_has_changed_since_it_was_read_is_refused(plans: Harness):
    id = await proposed(plans)
    async with plans.client(**COMMANDER) as client:
        read = (await client.get(f"/v1/activations/{id}")).json()
        await city.hear_signal(plans, "issued", city.signal("sig_2", RED, LARGE))
        answer = await client.post(
            f"/v1/activations/{id}/sign", json={"expectedVersion": read["version"]}
        )

    assert (answer.status_code, answer.json()["slug"]) == (409, "version-conflict")
    assert answer.json()["currentVersion"] == read["version"] + 1
    assert await city.standing(plans) == ("IN_FORCE", "LEVEL_III", "LEVEL_II")


async def test_a_declined_proposal_is_told_and_recorded(plans: Harness):
    id = await proposed(plans)

    async with plans.client(**COMMANDER) as client:
        await client.post(f"/v1/activations/{id}/decline", json={"reason": "gauges are low"})
        records = await client.get("/v1/evaluations", params={"activationId": id})

    (said,) = await plans.published("activation.declined")
    assert said.body["activation"]["reason"] == "gauges are low"
    newest = records.json()["nodes"][0]
    assert newest["outcomes"] == ["DECLINED"]
    assert newest["decidedBy"] == f"{city.COMMAND}/commander"


async def test_lowering_below_conditions_is_refused_with_values_and_hold_down(plans: Harness):
    id = await proposed(plans)

    async with plans.client(**COMMANDER) as client:
        await client.post(f"/v1/activations/{id}/sign", json={"reason": "red"})
        answer = await client.post(
            f"/v1/activations/{id}/lower", json={"level": "LEVEL_IV", "reason": "calm"}
        )

    problem = answer.json()
    assert (answer.status_code, problem["slug"]) == (409, "level-below-conditions")
    assert problem["holdDownLeftMinutes"] == 120
    assert {
        "level": "LEVEL_II",
        "text": "signal_red_population_share >= 0.3",
        "met": True,
        "values": {"signal_red_population_share": 1.0},
        "missing": [],
    } in problem["conditions"]
    assert await city.standing(plans) == ("IN_FORCE", "LEVEL_II", None)


async def test_a_named_override_lowers_and_ends(plans: Harness):
    id = await proposed(plans)
    override = {"reason": "the gauge is broken", "override": "org_410100_committee/mayor"}

    async with plans.client(**COMMANDER) as client:
        lowered = await client.post(
            f"/v1/activations/{id}/lower", json={"level": "LEVEL_IV"} | override
        )
        ended = await client.post(f"/v1/activations/{id}/end", json=override)

    assert (lowered.json()["level"], lowered.json()["state"]) == ("LEVEL_IV", "IN_FORCE")
    assert (ended.json()["level"], ended.json()["state"]) == (None, "ENDED")
    assert ended.json()["history"][-1]["override"] == "org_410100_committee/mayor"


async def test_a_commander_starts_and_raises_a_plan_by_hand(plans: Harness):
    async with plans.client(**COMMANDER) as client:
        started = await client.post(
            "/v1/activations",
            json={"planId": "flood-410100", "level": "LEVEL_IV", "reason": "dike at risk"},
        )
        again = await client.post(
            "/v1/activations",
            json={"planId": "flood-410100", "level": "LEVEL_I", "reason": "dike at risk"},
        )
        raised = await client.post(
            f"/v1/activations/{started.json()['id']}/raise",
            json={"level": "LEVEL_I", "reason": "dike broken"},
        )

    assert (started.status_code, started.json()["level"]) == (201, "LEVEL_IV")
    assert (again.status_code, again.json()["slug"]) == (409, "plan-already-active")
    assert raised.json()["level"] == "LEVEL_I"
    assert await city.told(plans) == [("started", "LEVEL_IV", None), ("raised", "LEVEL_I", None)]


async def test_a_plan_that_does_not_exist_cannot_be_started(plans: Harness):
    async with plans.client(**COMMANDER) as client:
        answer = await client.post(
            "/v1/activations", json={"planId": "quake-410100", "level": "LEVEL_I", "reason": "x"}
        )

    assert (answer.status_code, answer.json()["slug"]) == (404, "plan-not-found")


async def test_activations_are_listed_by_jurisdiction_state_and_mode(plans: Harness):
    id = await proposed(plans)

    async with plans.client() as client:
        found = await client.get(
            "/v1/activations", params={"jurisdiction": CITY, "state": "IN_FORCE"}
        )
        drills = await client.get("/v1/activations", params={"mode": "EXERCISE"})

    assert [one["id"] for one in found.json()["nodes"]] == [id]
    assert drills.json()["nodes"] == []


async def test_explain_says_what_each_plan_would_say_and_changes_nothing(plans: Harness):
    facts = [
        {"metric": "rain_6h_mm", "value": 60.0, "unit": "mm"},
        {"metric": "deaths", "value": 3.0},
    ]

    async with plans.client() as client:
        answer = await client.post(
            "/v1/explain",
            json={"jurisdiction": CITY, "emergencyType": "11B03", "facts": facts},
        )

    (said,) = answer.json()
    assert (said["planId"], said["level"], said["possibleLevel"], said["starts"]) == (
        "flood-410100",
        "LEVEL_IV",
        "LEVEL_I",
        "automatic",
    )
    missing = {one["text"]: one["missing"] for one in said["conditions"] if one["met"] is None}
    assert missing["rain_3h_mm >= 150"] == ["rain_3h_mm"]
    assert await city.told(plans) == []


async def test_explain_refuses_what_is_not_registered(plans: Harness):
    body = {"jurisdiction": CITY, "emergencyType": "11B03", "facts": [{"metric": "rain"}]}

    async with plans.client() as client:
        answer = await client.post("/v1/explain", json=body)

    assert (answer.status_code, answer.json()["slug"]) == (422, "indicator-unknown")
    assert answer.json()["field"] == ["facts", "0", "metric"]


@pytest.mark.parametrize(
    ("name", "key"), [("activationsBySignal", "sig_1"), ("activationsByIncident", "inc_1")]
)
async def test_activations_are_found_by_what_led_to_them(plans: Harness, name: str, key: str):
    id = await proposed(plans)
    await city.hear_incident(plans, "declared", city.incident("inc_1"))

    async with plans.client() as client:
        answer = await client.post(f"/v1/batch/{name}", json={"keys": [key, "unheard"]})

    assert [one["id"] for one in answer.json()[key]] == [id]
    assert answer.json()["unheard"] == []


async def test_activations_and_versions_are_read_by_id(plans: Harness):
    id = await proposed(plans)

    async with plans.client() as client:
        found = await client.post("/v1/batch/activations", json={"keys": [id, "act_none"]})
        versions = await client.post(
            "/v1/batch/planVersions",
            json={"keys": ["flood-410100@2021.1"], "fields": ["titleEn"]},
        )

    assert found.json()[id]["level"] == "LEVEL_III"
    assert found.json()["act_none"] is None
    assert versions.json() == {
        "flood-410100@2021.1": {
            "id": "flood-410100@2021.1",
            "titleEn": "Zhengzhou flood control plan",
        }
    }


async def test_copies_say_how_old_they_are(plans: Harness):
    await city.hear_incident(plans, "declared", city.incident("inc_1", deaths=2.0))

    async with plans.client() as client:
        incidents = await client.post("/v1/batch/incidentCopies", json={"keys": ["inc_1"]})
        places = await client.post("/v1/batch/jurisdictionCopies", json={"keys": [CITY, "110000"]})

    one = incidents.json()["inc_1"]
    assert (one["number"], one["status"]) == ("410100-20260601-001", "DECLARED")
    assert one["asOf"] == START.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert one["figures"][0]["value"] == 2.0
    assert places.json()[CITY]["population"] == 10_000_000
    assert places.json()["110000"] is None


async def test_a_record_and_the_schema_can_be_read(plans: Harness):
    await proposed(plans)

    async with plans.client() as client:
        records = (await client.get("/v1/evaluations", params={"planId": "flood-410100"})).json()
        record = (await client.get(f"/v1/evaluations/{records['nodes'][0]['id']}")).json()
        schema = (await client.get("/v1/plans/schema")).json()

    assert record == records["nodes"][0]
    assert record["findings"]["given"] == "LEVEL_II"
    assert record["cause"] == {"kind": "SIGNAL", "id": "sig_1"}
    assert schema["title"] == "Emergency plan version"

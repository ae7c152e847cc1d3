"""What a commander is asked to sign, what led to it, and what may be started by hand at all."""

from datetime import timedelta
from typing import Any

import pytest

from services.plans import commands
from tests.harness import START, Harness
from tests.services.plans import city
from tests.services.plans.chain import LANDSLIDE_PLAN
from tests.services.plans.city import CITY, FLOOD, draft, minutes, publish
from vocabulary import WarningColour

COMMANDER: dict[str, Any] = {
    "roles": ["viewer", "commander"],
    "org": city.COMMAND,
    "posts": ["commander"],
}


async def proposed(plans: Harness) -> str:
    await city.hear_signal(plans, "issued", city.signal("sig_1", WarningColour.RED, CITY))
    return (await city.present(plans)).id


async def start(plans: Harness, **about: Any) -> Any:
    body = {"planId": "flood-410100", "level": "LEVEL_IV", "reason": "dike at risk"} | about
    async with plans.client(**COMMANDER) as client:
        return await client.post("/v1/activations", json=body)


async def test_a_proposal_says_why_until_when_and_whom_to_call(plans: Harness):
    id = await proposed(plans)

    async with plans.client() as client:
        proposal = (await client.get(f"/v1/activations/{id}")).json()["proposal"]

    assert proposal["level"] == "LEVEL_II"
    assert proposal["signBefore"] == (START + timedelta(minutes=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    (reason,) = proposal["reasons"]
    assert reason["text"] == "signal_red_population_share >= 0.3"
    assert [one["value"] for one in reason["values"]] == [1.0]
    assert [one["code"] for one in proposal["content"]["measures"]] == [
        "inspect_tunnels",
        "suspend_classes",
    ]
    assert [
        (one["function"], one["holder"], one["measures"], one["steps"])
        for one in proposal["whomToCall"]
    ] == [
        ("road.tunnels", "410100/road.tunnels", ["inspect_tunnels"], []),
        ("education.schools", "410100/education.schools", ["suspend_classes"], []),
        ("flood.command", "410100/flood.command", [], ["open-duty-room"]),
        ("drainage.operation", "410100/drainage.operation", [], ["pumps-out"]),
    ]


async def test_what_is_signed_or_declined_is_no_proposal_any_more(plans: Harness):
    id = await proposed(plans)

    async with plans.client(**COMMANDER) as client:
        signed = await client.post(f"/v1/activations/{id}/sign", json={"reason": "red"})

    assert signed.json()["level"] == "LEVEL_II"
    assert signed.json()["proposal"] is None


async def test_every_decision_about_a_response_is_found_with_its_cause_newest_first(
    plans: Harness,
):
    id = await proposed(plans)
    async with plans.client(**COMMANDER) as client:
        await client.post(f"/v1/activations/{id}/sign", json={"reason": "red over the city"})
        asked = {"keys": [id, "act_unknown"]}
        answer = (await client.post("/v1/batch/evaluationsByActivation", json=asked)).json()

    assert [(one["cause"]["kind"], one["outcomes"], one["decidedBy"]) for one in answer[id]] == [
        ("PERSON", ["RAISED"], f"{city.COMMAND}/commander"),
        ("SIGNAL", ["STARTED", "PROPOSED"], None),
    ]
    assert answer["act_unknown"] == []


async def test_the_version_in_force_may_be_named_and_no_other(plans: Harness):
    newer = FLOOD.replace('"2021.1"', '"2026.1"').replace("2021-06-01", "2026-05-01")
    await draft(plans, newer)
    await publish(plans, "2026.1")

    refused = await start(plans, planVersion="2021.1")
    started = await start(plans, planVersion="2026.1")

    problem = refused.json()
    assert (refused.status_code, problem["slug"]) == (409, "plan-version-not-effective")
    assert "flood-410100@2026.1 has taken the place of flood-410100@2021.1" in problem["detail"]
    assert problem["inForce"] == "flood-410100@2026.1"
    assert (started.status_code, started.json()["planVersion"]) == (201, "2026.1")


@pytest.mark.parametrize(
    ("period", "why"),
    [
        ("effective_from: 2030-01-01", "takes effect at 2029-12-31 16:00 UTC"),
        ("effective_from: 2021-06-01\neffective_to: 2025-06-01", "lapsed at 2025-05-31 16:00 UTC"),
    ],
)
async def test_a_version_that_is_not_in_force_yet_or_any_more_is_not_started(
    empty: Harness, period: str, why: str
):
    await city.settle(empty)
    await draft(empty, FLOOD.replace("effective_from: 2021-06-01", period))
    await publish(empty)

    refused = await start(empty)

    problem = refused.json()
    assert (refused.status_code, problem["slug"]) == (409, "plan-version-not-effective")
    assert why in problem["detail"]
    assert problem["remedy"] == "Publish a version that is in force now."


async def test_a_draft_is_not_started(empty: Harness):
    await city.settle(empty)
    await draft(empty)

    refused = await start(empty)

    assert (refused.status_code, refused.json()["slug"]) == (409, "plan-version-not-effective")
    assert "is DRAFT" in refused.json()["detail"]


async def test_a_response_on_a_signal_is_told_as_prevention_and_its_lead_with_the_incident(
    plans: Harness,
):
    await city.hear_signal(plans, "issued", city.signal("sig_1", WarningColour.ORANGE, CITY))
    plans.clock.set(minutes(95))
    declared = city.incident("inc_1", declared_at=minutes(95), occurred_at=minutes(80))

    await city.hear_incident(plans, "declared", declared)

    (started,) = await plans.published("activation.started")
    (answered,) = await plans.published("activation.maintained")
    assert started.body["activation"]["preventive"] is True
    assert "lead" not in started.body["activation"]
    lead = answered.body["activation"]["lead"]
    assert (lead["incidentId"], lead["toDeclarationMinutes"]) == ("inc_1", 95.0)
    assert lead["toOccurrenceMinutes"] == 80.0
    async with plans.client() as client:
        shown = (await client.get(f"/v1/activations/{answered.id}")).json()
    assert (shown["preventive"], shown["lead"]["toOccurrenceMinutes"]) == (True, 80.0)


async def test_the_lead_is_sealed_with_its_incident(plans: Harness):
    await city.hear_signal(plans, "issued", city.signal("sig_1", WarningColour.ORANGE, CITY))
    plans.clock.set(minutes(95))
    declared = city.incident("inc_1", declared_at=minutes(95))
    await city.hear_incident(plans, "declared", declared)
    id = (await city.present(plans)).id

    sealed = city.incident("inc_1", declared_at=minutes(95), sealed=True)
    await city.hear_incident(plans, "sealed", sealed)

    async with plans.client(subject="viewer", areas=[CITY]) as client:
        assert (await client.get(f"/v1/activations/{id}")).status_code == 404


async def test_explain_takes_a_response_in_force_as_a_supposed_fact(empty: Harness):
    await city.settle(empty)
    await draft(empty, LANDSLIDE_PLAN)
    await empty.run(
        commands.publish_plan,
        "landslide",
        plan_version="1",
        expected_version=None,
        caller=city.PLANNER,
    )
    asked = {
        "jurisdiction": "410102",
        "emergencyType": "11D01",
        "facts": [
            {"metric": "response_11C01", "value": 3, "unit": "1"},
            {"metric": "rain_3h_mm", "value": 0, "unit": "mm"},
        ],
    }

    async with empty.client() as client:
        (supposed,) = (await client.post("/v1/explain", json=asked)).json()

    assert (supposed["level"], supposed["possibleLevel"]) == ("LEVEL_III", "LEVEL_III")

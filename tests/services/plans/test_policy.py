"""Who may what: each command permitted to one and refused to another, and both on record."""

from typing import Any

import pytest
from sqlalchemy import select, text

from services.plans import store
from tests.harness import Harness
from tests.services.plans import city
from tests.services.plans.city import CITY, COMMAND, FLOOD, LARGE
from vocabulary import WarningColour

PROVINCE, OTHER_CITY = "410000", "410200"
COMMANDER: dict[str, Any] = {"roles": ["viewer", "commander"], "org": COMMAND, "areas": [CITY]}
PLANNER: dict[str, Any] = {"roles": ["viewer", "planner"], "areas": [PROVINCE]}
OVERRIDE = {"reason": "calm", "override": "org_410100_committee/mayor"}

# action, path after /v1, body
ON_PROPOSAL: list[tuple[str, str, dict[str, Any]]] = [
    ("sign_activation", "activations/{id}/sign", {"reason": "red"}),
    ("decline_activation", "activations/{id}/decline", {"reason": "gauges are low"}),
    ("raise_activation", "activations/{id}/raise", {"level": "LEVEL_I", "reason": "dike broken"}),
    ("lower_activation", "activations/{id}/lower", {"level": "LEVEL_IV"} | OVERRIDE),
    ("end_activation", "activations/{id}/end", OVERRIDE),
]
START: tuple[str, str, dict[str, Any]] = (
    "start_activation",
    "activations",
    {"planId": "flood-410100", "level": "LEVEL_IV", "reason": "dike at risk"},
)

# who else asks, and how the refusal is told
STRANGERS: list[tuple[dict[str, Any], int]] = [
    (COMMANDER | {"roles": ["viewer", "duty_officer"]}, 403),
    (COMMANDER | {"org": "org_410100_office"}, 403),
    (COMMANDER | {"org": None}, 403),
    (COMMANDER | {"org": "org_410000_flood_command", "areas": [PROVINCE]}, 403),
    (COMMANDER | {"areas": [LARGE]}, 403),  # seen, since its organization commands
    (COMMANDER | {"org": "org_410200_flood_command", "areas": [OTHER_CITY]}, 404),
    (COMMANDER | {"org": None, "areas": []}, 404),
]


async def proposed(plans: Harness) -> str:
    await city.hear_signal(plans, "issued", city.signal("sig_1", WarningColour.RED, CITY))
    return (await city.present(plans)).id


async def recorded(plans: Harness, action: str) -> list[tuple[str, str, str, str, str | None]]:
    """Each decision on the action: what was decided, on what, by whom, and as what."""
    async with plans.runtime.reading.connect() as db:
        rows = await db.execute(
            text(
                "SELECT decision, object_kind, object_id, subject, role FROM audit_record"
                " WHERE action = :action AND id = decision_id ORDER BY seq"
            ),
            {"action": action},
        )
        return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("action", "path", "body"), ON_PROPOSAL, ids=[one[0] for one in ON_PROPOSAL]
)
async def test_the_commander_of_the_organization_that_commands_decides_and_nobody_else(
    plans: Harness, action: str, path: str, body: dict[str, Any]
):
    id = await proposed(plans)
    address = f"/v1/{path.format(id=id)}"

    refused = []
    for who, _ in STRANGERS:
        async with plans.client(**who, subject="stranger") as client:
            refused.append(await client.post(address, json=body))
    async with plans.client(**COMMANDER, subject="chen") as client:
        answer = await client.post(address, json=body)

    assert [one.status_code for one in refused] == [status for _, status in STRANGERS]
    problem = refused[0].json()
    assert (problem["slug"], problem["action"]) == ("not-permitted", action)
    assert problem["grantableBy"] == "the head of the organization that commands"
    assert {one.json()["slug"] for one in refused} == {"not-permitted", "activation-not-found"}
    assert answer.status_code == 200, answer.text
    assert await recorded(plans, action) == [
        *[("REFUSED", "activation", id, "stranger", None) for _ in STRANGERS],
        ("PERMITTED", "activation", id, "chen", "commander"),
    ]


async def test_what_was_signed_is_recorded_with_why_and_with_all_that_it_changed(plans: Harness):
    id = await proposed(plans)

    async with plans.client(**COMMANDER, subject="chen") as client:
        signed = await client.post(f"/v1/activations/{id}/sign", json={"reason": "red"})
        declined = await client.post(f"/v1/activations/{id}/decline", json={"reason": "late"})

    assert signed.json()["reason"] == "red"
    assert signed.json()["history"][-1]["reason"] == "red"
    assert declined.json()["slug"] == "proposal-already-decided"
    async with plans.runtime.reading.connect() as db:
        rows = await db.execute(
            text(
                "SELECT object_kind, policies, before_hash IS NULL AS made FROM audit_record"
                " WHERE decision_id IN"
                " (SELECT id FROM audit_record WHERE action = 'sign_activation') ORDER BY seq"
            )
        )
        kinds = [(row.object_kind, tuple(row.policies), row.made) for row in rows]
    assert kinds[0] == ("activation", ("command-response",), False)
    assert ("evaluation", ("command-response",), True) in kinds


async def test_a_plan_is_started_by_the_commander_of_its_organization(plans: Harness):
    action, path, body = START
    refused = []
    for who, _ in STRANGERS:
        async with plans.client(**who) as client:
            refused.append(await client.post(f"/v1/{path}", json=body))
    async with plans.client(**COMMANDER, subject="chen") as client:
        answer = await client.post(f"/v1/{path}", json=body)

    assert {one.status_code for one in refused} == {403}
    assert {one.json()["slug"] for one in refused} == {"not-permitted"}
    assert answer.status_code == 201, answer.text
    assert (await recorded(plans, action))[-1] == (
        *("PERMITTED", "activation", "new", "chen", "commander"),
    )


VERSION = "/v1/plans/flood-410100/versions/2021.1"
APPROVER: dict[str, Any] = {"roles": ["viewer", "commander"], "areas": [PROVINCE]}


async def test_a_plan_is_kept_by_planners_of_its_division(empty: Harness):
    strangers = [
        COMMANDER | {"areas": [OTHER_CITY]},
        PLANNER | {"areas": [OTHER_CITY]},
        PLANNER | {"areas": [LARGE]},
    ]
    steps: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("/v1/plans", {"content": FLOOD}, PLANNER),
        (f"{VERSION}/submit", {"json": {}}, PLANNER),
        (f"{VERSION}/approve", {"json": {}}, APPROVER | {"subject": "mayor"}),
        (f"{VERSION}/publish", {"json": {}}, PLANNER),
    ]

    statuses = []
    for path, body, permitted in steps:
        for who in [*strangers, permitted]:
            async with empty.client(**who) as client:
                statuses.append((await client.post(path, **body)).status_code)

    assert statuses == [403, 403, 403, 201, *[403, 403, 403, 200] * 3]
    assert [one[0] for one in await recorded(empty, "publish_plan")] == ["REFUSED"] * 3 + [
        "PERMITTED"
    ]


async def test_whoever_drafted_or_submitted_a_plan_does_not_approve_it(empty: Harness):
    both: dict[str, Any] = {"roles": ["viewer", "planner", "commander"], "areas": [PROVINCE]}
    async with empty.client(**both, subject="writer") as client:
        await client.post("/v1/plans", content=FLOOD)
    async with empty.client(**both, subject="head") as client:
        await client.post(f"{VERSION}/submit", json={})
        submitter = await client.post(f"{VERSION}/approve", json={})
    async with empty.client(**both, subject="writer") as client:
        drafter = await client.post(f"{VERSION}/approve", json={})
    async with empty.client(**both, subject="mayor") as client:
        second = await client.post(f"{VERSION}/approve", json={})

    refused = [(one.status_code, one.json()["slug"]) for one in (submitter, drafter)]
    assert refused == [(409, "second-person-required")] * 2
    assert drafter.json()["reason"] == "Whoever drafted or submitted a plan does not approve it."
    assert (second.status_code, second.json()["status"]) == (200, "APPROVED")


async def test_a_plan_is_not_taken_away_from_the_division_that_it_is_for(plans: Harness):
    elsewhere = FLOOD.replace(f'"{CITY}"', f'"{OTHER_CITY}"')
    newer = elsewhere.replace('"2021.1"', '"2026.1"')

    async with plans.client(**PLANNER | {"areas": [OTHER_CITY]}) as client:
        same = await client.post("/v1/plans", content=elsewhere)
        drafted = await client.post("/v1/plans", content=newer)
        await client.post("/v1/plans/flood-410100/versions/2026.1/submit", json={})
    async with plans.client(**APPROVER | {"areas": [OTHER_CITY]}, subject="mayor") as client:
        await client.post("/v1/plans/flood-410100/versions/2026.1/approve", json={})
    async with plans.client(**PLANNER | {"areas": [OTHER_CITY]}) as client:
        published = await client.post("/v1/plans/flood-410100/versions/2026.1/publish", json={})

    assert (same.status_code, drafted.status_code) == (403, 201)
    assert (published.status_code, published.json()["slug"]) == (403, "not-permitted")


async def test_what_the_plans_rules_do_is_recorded_as_the_services_own(plans: Harness):
    id = await proposed(plans)

    assert await recorded(plans, "apply_plan") == [
        ("PERMITTED", "activation", id, "service:plans", None)
    ]


async def test_a_viewer_is_told_what_he_may_do_and_who_could_grant_it(plans: Harness):
    id = await proposed(plans)
    keys = [f"activation:{id}", "plan:flood-410100@2021.1", "activation:act_none"]
    asked = {"keys": keys}

    async with plans.client(**COMMANDER) as client:
        commander = (await client.post("/v1/batch/permissions", json=asked)).json()
    async with plans.client(areas=[LARGE]) as client:
        viewer = (await client.post("/v1/batch/permissions", json=asked)).json()
        unknown = await client.post("/v1/batch/permissions", json={"keys": ["signal:sig_1"]})

    assert {one["action"]: one["allowed"] for one in commander[keys[0]]} == {
        action: True for action in ("ask_override", *(action for action, _, _ in ON_PROPOSAL))
    }
    assert {one["action"] for one in commander[keys[1]] if one["allowed"]} == {
        "start_activation",
        "return_plan",
        "approve_plan",
        "retire_plan",
    }
    assert {one["action"] for one in commander[keys[1]] if not one["allowed"]} >= {
        "import_plan",
        "publish_plan",
    }
    assert (commander[keys[2]], viewer[keys[0]]) == (None, None)
    (start,) = [one for one in viewer[keys[1]] if one["action"] == "start_activation"]
    assert start["grantableBy"] == "the head of the organization that commands"
    assert "the role commander there" in start["reason"]
    assert unknown.status_code == 422


async def test_a_copy_of_an_incident_is_seen_where_it_happened(plans: Harness):
    await city.hear_incident(plans, "declared", city.incident("inc_1"))

    seen = []
    for areas in ([city.SMALL], [CITY], [LARGE], []):
        async with plans.client(areas=areas) as client:
            answer = await client.post("/v1/batch/incidentCopies", json={"keys": ["inc_1"]})
            seen.append(answer.json()["inc_1"] is not None)

    assert seen == [True, True, False, False]


async def test_nothing_is_seen_on_a_connection_that_says_for_whom_it_reads(plans: Harness):
    await proposed(plans)

    async with plans.runtime.engine.connect() as db:
        found = [
            (await db.execute(select(table.c.id))).all()
            for table in (store.activation, store.evaluation, store.incident)
        ]

    assert found == [[], [], []]

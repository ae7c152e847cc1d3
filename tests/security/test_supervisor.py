"""Separation of duty: whoever supervises a response does not command it (issue 3, item 2)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.org import commands, domain
from tests.databases import Postgres
from tests.harness import Harness
from tests.security.districts import COMMANDER, HERE, declared, settle
from tests.services.org import city, incidents
from tests.services.plans import city as plans_city
from tests.tokens import Issuer
from vocabulary import OrganizationKind, WarningColour

SUPERVISION = "org_410105_supervision"
PLANS_COMMANDER: dict[str, Any] = {
    "roles": ["viewer", "commander"],
    "org": plans_city.COMMAND,
    "areas": [plans_city.CITY],
}
# what a commander does to an incident: path, body
ON_AN_INCIDENT: list[tuple[str, str, dict[str, Any]]] = [
    ("form_command", "command", {}),
    ("change_status", "status", {"status": "RESPONDING", "reason": "go"}),
    ("seal_incident", "seal", {"reason": "leak"}),
    ("close_incident", "close", {}),
]
ON_AN_ACTIVATION: list[tuple[str, str, dict[str, Any]]] = [
    ("sign_activation", "sign", {"reason": "red"}),
    ("decline_activation", "decline", {"reason": "gauges are low"}),
    ("raise_activation", "raise", {"level": "LEVEL_I", "reason": "dike broken"}),
    ("lower_activation", "lower", {"level": "LEVEL_IV", "reason": "calm", "override": "mayor"}),
    ("end_activation", "end", {"reason": "calm", "override": "mayor"}),
]


@pytest.fixture(scope="module")
async def org(postgres: Postgres, issuer: Issuer) -> AsyncIterator[Harness]:
    async with Harness.open("org", postgres, issuer) as opened:
        await settle(opened)
        group = city.organization(SUPERVISION, OrganizationKind.SUPERVISION_ORGANIZATION, HERE)
        await opened.run(commands.put_organization, group, caller=city.OPERATOR)
        yield opened


def supervising(commander: dict[str, Any]) -> list[dict[str, Any]]:
    """The commander with the role as well, here or in all that lies around, and in such a body."""
    both = [*commander["roles"], "supervisor"]
    return [
        commander | {"subject": "observer", "roles": both},
        commander | {"subject": "observer", "roles": both, "areas": ["410000"]},
        commander | {"subject": "observer", "org": SUPERVISION},
    ]


def told_why(answer: Any, action: str) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["slug"]) == (403, "not-permitted"), answer.text
    assert problem["action"] == action
    assert problem["reason"] == "Whoever supervises does not command."
    assert "a commander who holds no role supervisor there" in problem["needs"]
    assert problem["grantableBy"]


@pytest.mark.parametrize(("action", "path", "body"), ON_AN_INCIDENT)
async def test_whoever_supervises_commands_no_incident(
    org: Harness, action: str, path: str, body: dict[str, Any]
):
    incident = await declared(org)
    url = f"/v1/incidents/{incident['id']}"
    said = {} if path == "command" else body | {"expectedVersion": incident["version"]}

    for who in supervising(COMMANDER):
        async with org.client(**who) as observer:
            told_why(await observer.post(f"{url}/{path}", json=said), action)
            may = await observer.post(
                "/v1/batch/permissions", json={"keys": [f"incident:{incident['id']}"]}
            )
        offered = {one["action"]: one for one in may.json()[f"incident:{incident['id']}"]}
        assert offered[action]["reason"] == "Whoever supervises does not command."
        assert not offered[action]["allowed"]
    async with org.client(**COMMANDER) as commander:
        done = await commander.post(f"{url}/{path}", json=said)
    assert done.status_code in (200, 409), (
        done.text
    )  # whatever is decided, it is about the incident
    assert done.json().get("slug") != "second-person-required"
    async with org.client(roles=["operator"]) as operator:
        kept = await operator.get(
            "/v1/operator/audit/records", params={"subject": "observer", "first": 1}
        )
    assert kept.json()["nodes"][0]["policies"] == ["supervisor-is-not-commander"]


async def test_whoever_supervises_elsewhere_commands_here(org: Harness):
    incident = await declared(org)
    elsewhere = {"subject": "night", "role": "supervisor", "area": "410102"}
    given = elsewhere | {"validTo": "2026-06-02T00:00:00Z", "reason": "night"}
    async with org.client(subject="chief", roles=["supervisor"], areas=["410100"]) as chief:
        assert (await chief.post("/v1/grants", json=given)).status_code == 201

    async with org.client(**COMMANDER | {"subject": "night"}) as commander:
        moved = await commander.post(
            f"/v1/incidents/{incident['id']}/status",
            json={"expectedVersion": incident["version"], "status": "RESPONDING", "reason": "go"},
        )

    assert moved.status_code == 200, moved.text


async def test_whoever_supervises_watches_and_writes_the_log(org: Harness):
    incident = await declared(org)
    observer = COMMANDER | {"subject": "observer", "roles": ["duty_officer", "supervisor"]}
    async with org.client(**observer) as client:
        seen = await client.get(f"/v1/incidents/{incident['id']}")
        noted = await client.post(
            "/v1/log-entries",
            json={
                "jurisdiction": HERE,
                "kind": "NOTE",
                "text": "watched",
                "incident": incident["id"],
                "at": incident["declaredAt"],
            },
        )

    assert (seen.status_code, noted.status_code) == (200, 201), noted.text


async def test_an_organization_that_commands_does_not_become_one_that_supervises(org: Harness):
    chen: dict[str, Any] = {
        "subject": "chen",
        "roles": ["commander", "viewer"],
        "areas": ["410100"],
    }
    async with org.client(**chen) as commander:
        incident = await incidents.declared(commander, emergencyType="11B03")
        ids = {"keys": [incident["id"]]}
        held = await commander.post("/v1/batch/commands-by-incident", json=ids)
    holder = held.json()[incident["id"]]["organizationId"]
    supervision = city.organization(holder, OrganizationKind.SUPERVISION_ORGANIZATION, "410100")

    with pytest.raises(domain.SupervisorCommands) as refused:
        await org.run(commands.put_organization, supervision, caller=city.OPERATOR)
    async with org.client(**chen) as commander:
        ended = await commander.post(
            f"/v1/incidents/{incident['id']}/status",
            json={
                "expectedVersion": incident["version"],
                "status": "FALSE_ALARM",
                "reason": "nothing",
            },
        )
    changed = await org.run(commands.put_organization, supervision, caller=city.OPERATOR)

    assert refused.value.extra == {"organizationId": holder, "incidents": [incident["id"]]}
    assert ended.status_code == 200, ended.text
    assert changed.kind is OrganizationKind.SUPERVISION_ORGANIZATION


@pytest.mark.parametrize(("action", "path", "body"), ON_AN_ACTIVATION)
async def test_whoever_supervises_decides_on_no_activation(
    harness: Any, action: str, path: str, body: dict[str, Any]
):
    plans: Harness = await harness("plans")
    await plans_city.settle(plans)
    await plans_city.draft(plans)
    await plans_city.publish(plans)
    await plans_city.hear_organization(
        plans, SUPERVISION, OrganizationKind.SUPERVISION_ORGANIZATION
    )
    signal = plans_city.signal("sig_1", WarningColour.RED, plans_city.CITY)
    await plans_city.hear_signal(plans, "issued", signal)
    url = f"/v1/activations/{(await plans_city.present(plans)).id}/{path}"

    for who in supervising(PLANS_COMMANDER):
        async with plans.client(**who) as observer:
            told_why(await observer.post(url, json=body), action)
    async with plans.client(**PLANS_COMMANDER, subject="chen") as commander:
        done = await commander.post(url, json=body)

    assert done.status_code == 200, done.text

"""Abuse cases 23 and 38 of reliability.md §3.6: repeated keys, and areas that would be subjects."""

from typing import Any

import pytest

from tests.harness import Harness
from tests.security.districts import CITY, COMMANDER, HERE, OFFICER, settle, told
from tests.services.org.incidents import body, fact

NEXT = {"Idempotency-Key": "key-2"}
ORGANIZATION = {"nameZh": "办", "nameEn": "Office", "kind": "COMMITTEE", "jurisdiction": "410100"}


@pytest.fixture
async def org(harness: Any) -> Harness:
    opened: Harness = await harness("org")
    return opened


async def test_23_a_key_with_another_body_is_refused_and_with_the_same_answers_the_same(
    org: Harness,
):
    key = {"Idempotency-Key": "key-1"}
    other = ORGANIZATION | {"nameEn": "Another"}
    async with org.client(roles=["operator"], areas=["000000"]) as client:
        first = await client.put("/v1/organizations/org_a", json=ORGANIZATION, headers=key)
        again = await client.put("/v1/organizations/org_a", json=ORGANIZATION, headers=key)
        refused = await client.put("/v1/organizations/org_a", json=other, headers=key)

    assert (first.status_code, again.content) == (200, first.content)
    assert (refused.status_code, refused.json()["slug"]) == (422, "idempotency-key-reused")
    assert len(await org.published("organization.state")) == 1


async def test_23_who_lost_the_right_to_see_it_is_not_given_the_stored_answer(org: Harness):
    await settle(org)
    given = {
        "subject": "deputy",
        "role": "duty_officer",
        "area": HERE,
        "validTo": "2026-06-02T00:00:00Z",
        "reason": "night shift",
    }
    key = {"Idempotency-Key": "key-1"}
    async with (
        org.client(subject="chief", roles=["duty_officer"], areas=[CITY]) as chief,
        org.client(subject="deputy", roles=["viewer"], areas=["420000"]) as deputy,
    ):
        grant = (await chief.post("/v1/grants", json=given)).json()
        first = await deputy.post("/v1/incidents", json=body(jurisdiction=HERE), headers=key)
        again = await deputy.post("/v1/incidents", json=body(jurisdiction=HERE), headers=key)
        over = {"reason": "over", "expectedVersion": grant["version"]}
        revoked = await chief.post(f"/v1/grants/{grant['id']}/revoke", json=over)
        refused = await deputy.post("/v1/incidents", json=body(jurisdiction=HERE), headers=key)
    async with org.client(roles=["operator"]) as operator:
        kept = await operator.get("/v1/operator/audit/records", params={"subject": "deputy"})

    assert (first.status_code, again.content) == (201, first.content)
    assert revoked.status_code == 200, revoked.text
    assert (refused.status_code, refused.json()["slug"]) == (403, "not-permitted")
    assert first.json()["id"] not in refused.text
    nodes = [one for one in kept.json()["nodes"] if one["action"] == "declare_incident"]
    decided = {one["decisionId"]: one["decision"] for one in nodes}
    # the repeat that was answered decided nothing
    assert sorted(decided.values()) == ["PERMITTED", "REFUSED"]
    assert len(await org.published("incident.declared")) == 1


async def test_23_what_was_sealed_since_is_not_told_again(org: Harness):
    await settle(org)
    key = {"Idempotency-Key": "key-1"}
    cleared = COMMANDER | {"subject": "li", "roles": ["commander", "sealed_reader", "viewer"]}
    async with org.client(**OFFICER) as officer, org.client(**cleared) as commander:
        first = await officer.post("/v1/incidents", json=body(jurisdiction=HERE), headers=key)
        url = f"/v1/incidents/{first.json()['id']}"
        change = {"expectedVersion": 1, "facts": [fact("deaths", 1)]}
        recorded = await officer.post(f"{url}/facts", json=change, headers=NEXT)
        version = recorded.json()["version"]
        await commander.post(f"{url}/seal", json={"expectedVersion": version, "reason": "leak"})
        again = await officer.post(f"{url}/facts", json=change, headers=NEXT)
        other = await officer.post(f"{url}/facts", json=change | {"expectedVersion": 9})

    assert (recorded.status_code, again.status_code, other.status_code) == (200, 404, 404)
    assert told(again, "x") == told(other, "x")


async def test_23_who_may_not_do_it_again_but_still_sees_it_is_answered(org: Harness):
    await settle(org)
    key = {"Idempotency-Key": "key-1"}
    async with org.client(**OFFICER) as officer:
        first = await officer.post("/v1/incidents", json=body(jurisdiction=HERE), headers=key)
    async with org.client(**OFFICER | {"roles": ["viewer"]}) as viewer:
        again = await viewer.post("/v1/incidents", json=body(jurisdiction=HERE), headers=key)

    assert (first.status_code, again.content) == (201, first.content)


async def test_23_a_disabled_account_is_given_no_stored_answer(org: Harness):
    await settle(org)
    key = {"Idempotency-Key": "key-1"}
    async with (
        org.client(**OFFICER) as officer,
        org.client(subject="chief", roles=["operator"]) as chief,
    ):
        await officer.post("/v1/incidents", json=body(jurisdiction=HERE), headers=key)
        await chief.post("/v1/accounts/wang/disable", json={"reason": "stolen phone"})
        refused = await officer.post("/v1/incidents", json=body(jurisdiction=HERE), headers=key)

    assert (refused.status_code, refused.json()["slug"]) == (401, "account-disabled")


@pytest.mark.parametrize(
    "area", ["*.>", ">", "41 01", "410100.>", "41*100", "４１０１００", "410100\n"]
)
async def test_38_an_area_that_would_be_a_wildcard_is_refused(org: Harness, area: str):
    async with org.client(roles=["operator"], areas=["000000"]) as client:
        body = ORGANIZATION | {"jurisdiction": area}
        refused = await client.put("/v1/organizations/org_a", json=body)

    assert refused.status_code == 422
    assert await org.published() == []

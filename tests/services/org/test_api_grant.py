"""Delegations and accounts over HTTP: abuse cases 18 and 19, and what the other services hear."""

from datetime import timedelta
from typing import Any

import pytest

from tests.harness import START, Harness

NIGHT = {
    "subject": "deputy",
    "role": "operator",
    "organizationId": "org_a",
    "area": "410105",
    "validTo": (START + timedelta(hours=8)).isoformat(),
    "reason": "night shift",
}
CHIEF: dict[str, Any] = {
    "roles": ["operator"],
    "org": "org_a",
    "areas": ["410100"],
    "subject": "chief",
}


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"subject": "chief"}, "grant-to-oneself"),
        ({"role": "commander"}, "grant-wider-than-own"),
        ({"area": "410000"}, "grant-wider-than-own"),
        ({"organizationId": "org_b"}, "grant-wider-than-own"),
    ],
)
async def test_18_nobody_gives_themselves_anything_or_more_than_they_hold(
    empty: Harness, change: dict[str, str], slug: str
):
    async with empty.client(**CHIEF) as client:
        refused = await client.post("/v1/grants", json=NIGHT | change)

    assert (refused.status_code, refused.json()["slug"]) == (403, slug)
    assert await empty.published() == []


async def test_19_a_delegation_that_ended_or_was_taken_back_gives_nothing(empty: Harness):
    account = "/v1/accounts/mallory/disable"
    async with (
        empty.client(**CHIEF) as chief,
        empty.client(subject="deputy", roles=["viewer"], areas=["410105"]) as deputy,
    ):
        given = (await chief.post("/v1/grants", json=NIGHT)).json()
        revoke = f"/v1/grants/{given['id']}/revoke"
        because = {"reason": "back", "expectedVersion": given["version"]}
        revoked = await chief.post(revoke, json=because)
        refused = await deputy.post(account, json={"reason": "x"})

    assert (given["isLive"], given["grantedBy"], given["chain"]) == (True, "chief", [])
    assert (revoked.status_code, revoked.json()["isLive"]) == (200, False)
    assert refused.status_code == 403
    said = await empty.published("grant.state")
    assert [one.body["grant"].get("revokedAt") is None for one in said] == [True, False]


async def test_an_account_is_disabled_by_an_operator_and_every_service_is_told(empty: Harness):
    async with empty.client(**CHIEF) as client:
        disabled = await client.post("/v1/accounts/mallory/disable", json={"reason": "stolen"})
        own = await client.post("/v1/accounts/chief/disable", json={"reason": "tired"})

    assert disabled.json()["disabledSince"] is not None
    assert (own.status_code, own.json()["slug"]) == (403, "own-account")
    (said,) = await empty.published("account.state")
    assert said.body["account"]["subject"] == "mallory"
    async with empty.client(subject="mallory", roles=["viewer"], areas=["410100"]) as client:
        refused = await client.get("/v1/organizations")
    assert (refused.status_code, refused.json()["slug"]) == (401, "account-disabled")

"""Abuse cases 23 and 38 of reliability.md §3.6: repeated keys, and areas that would be subjects."""

from typing import Any

import pytest

from tests.harness import Harness

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


@pytest.mark.parametrize(
    "area", ["*.>", ">", "41 01", "410100.>", "41*100", "４１０１００", "410100\n"]
)
async def test_38_an_area_that_would_be_a_wildcard_is_refused(org: Harness, area: str):
    async with org.client(roles=["operator"], areas=["000000"]) as client:
        body = ORGANIZATION | {"jurisdiction": area}
        refused = await client.put("/v1/organizations/org_a", json=body)

    assert refused.status_code == 422
    assert await org.published() == []

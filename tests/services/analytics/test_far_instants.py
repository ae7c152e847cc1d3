"""Instants that no column of the warehouse can hold are asked about all the same."""

import pytest


@pytest.mark.parametrize(
    "since",
    ["0001-01-01T00:00:00+14:00", "0437-01-17T06:50:14Z", "9999-12-31T23:59:59-14:00"],
)
async def test_links_are_asked_for_since_an_instant_far_away(analytics, since):
    async with analytics.client(roles=["operator"]) as client:
        answer = await client.get("/v1/links", params={"since": since})

    assert (answer.status_code, answer.json()["nodes"]) == (200, [])

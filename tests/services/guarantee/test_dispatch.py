"""From an activation to resources on the road: solved, booked once, reported, let go."""

import pytest

from tests.services.guarantee.messages import (
    ACTIVATION,
    PUMPS_OWNER,
    ended,
    hear,
    lowered,
    need,
    pump,
    raised,
    started,
)


@pytest.fixture
async def keeper(guarantee):
    async with guarantee.client(roles=["keeper"], org=PUMPS_OWNER.id) as client:
        yield client


@pytest.fixture
async def commander(guarantee):
    async with guarantee.client(roles=["commander"], areas=["410100"], subject="boss") as client:
        yield client


async def put(keeper, id, **stated):
    answer = await keeper.put(f"/v1/resources/{id}", json=pump(**stated))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def solved(guarantee):
    return await guarantee.advance(guarantee.clock.now())


async def listed(client, path):
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()["nodes"]


async def told(guarantee, *aggregates):
    return [
        (one.aggregate, one.event, one.id)
        for one in await guarantee.published()
        if one.aggregate in aggregates
    ]


async def test_an_activation_sends_the_nearest_of_what_is_there(guarantee, keeper):
    await put(keeper, "res_near", longitude=114.4)
    await put(keeper, "res_far", longitude=113.1)
    await put(keeper, "res_middle", longitude=114.0)

    await hear(guarantee, started(need(quantity=2.0)))
    await solved(guarantee)

    dispatches = await listed(keeper, "/v1/dispatches")
    assert {one["resourceId"] for one in dispatches} == {"res_near", "res_middle"}
    assert {one["travelQuality"] for one in dispatches} == {"estimate"}
    (requirement,) = await listed(keeper, "/v1/requirements")
    assert (requirement["status"], requirement["metQuantity"]) == ("MET", 2.0)
    said = await told(guarantee, "requirement", "dispatch")
    assert [(aggregate, event) for aggregate, event, _ in said] == [
        ("requirement", "raised"),
        ("dispatch", "ordered"),
        ("dispatch", "ordered"),
        ("requirement", "met"),
    ]
    (record,) = await listed(keeper, "/v1/allocations")
    assert (record["method"], record["unmet"], record["lost"]) == ("FLOW", {}, 0)


async def test_what_is_missing_is_priced_with_reason_alternative_and_next_tier(guarantee, keeper):
    await put(keeper, "res_ours")
    await put(keeper, "res_society", owner="org_volunteers", jurisdiction="410100", tier="SOCIAL_FORCES_AND_MARKET")

    await hear(guarantee, started(need(quantity=3.0, severity=3)))
    await solved(guarantee)

    (requirement,) = await listed(keeper, "/v1/requirements")
    assert requirement["status"] == "PARTLY_MET"
    assert (requirement["metQuantity"], requirement["unmetQuantity"]) == (1.0, 2.0)
    assert requirement["unmetPrice"] == 2 * 1440 * 3
    assert requirement["reason"] == "ALL_COMMITTED"
    assert requirement["nextTier"] == "NEIGHBOURING_JURISDICTIONS"
    assert requirement["nearestAlternative"] == "res_society"
    assert (await guarantee.published("requirement.unmet"))[0].body["requirement"]["unmetPrice"] == 8640

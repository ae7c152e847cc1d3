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
async def operator(guarantee):
    async with guarantee.client(roles=["operator"], subject="op") as client:
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


async def test_what_is_missing_is_priced_with_reason_alternative_and_next_tier(
    guarantee, keeper, operator
):
    await put(keeper, "res_ours")
    await put(
        operator,
        "res_society",
        owner="org_volunteers",
        jurisdiction="410100",
        tier="SOCIAL_FORCES_AND_MARKET",
    )

    await hear(guarantee, started(need(quantity=3.0, severity=3)))
    await solved(guarantee)

    (requirement,) = await listed(keeper, "/v1/requirements")
    assert requirement["status"] == "PARTLY_MET"
    assert (requirement["metQuantity"], requirement["unmetQuantity"]) == (1.0, 2.0)
    assert requirement["unmetPrice"] == 2 * 1440 * 3
    assert requirement["reason"] == "ALL_COMMITTED"
    assert requirement["nextTier"] == "NEIGHBOURING_JURISDICTIONS"
    assert requirement["nearestAlternative"] == "res_society"
    assert (await guarantee.published("requirement.unmet"))[0].body["requirement"][
        "unmetPrice"
    ] == 8640


async def test_a_quantity_that_nobody_can_compute_is_reported_unknown_and_never_zero(
    guarantee, keeper
):
    await put(keeper, "res_1")

    await hear(guarantee, started(need(quantity=None)))
    await solved(guarantee)

    (requirement,) = await listed(keeper, "/v1/requirements")
    assert (requirement["status"], requirement["quantity"]) == ("UNKNOWN", None)
    assert requirement["reason"] == "QUANTITY_UNKNOWN"
    assert await listed(keeper, "/v1/dispatches") == []
    (unmet,) = await guarantee.published("requirement.unmet")
    assert "quantity" not in unmet.body["requirement"]


async def test_an_activation_heard_twice_requires_and_orders_once(guarantee, keeper):
    await put(keeper, "res_1")

    first = await hear(guarantee, started(need(quantity=1.0)), version=1, event_id="evt_1")
    again = await hear(guarantee, started(need(quantity=1.0)), version=1, event_id="evt_1")
    await solved(guarantee)

    assert first is not again
    assert len(await listed(keeper, "/v1/requirements")) == 1
    assert len(await listed(keeper, "/v1/dispatches")) == 1


async def test_a_raised_level_asks_for_more_and_a_lowered_one_lets_go(guarantee, keeper):
    for number in range(4):
        await put(keeper, f"res_{number}", longitude=114.4 - number / 10)
    await hear(guarantee, started(need(quantity=1.0)))
    await solved(guarantee)

    await hear(
        guarantee, raised(need(quantity=3.0), need("boats", capability="boat.rescue", unit="boat"))
    )
    await solved(guarantee)
    at_the_height = await listed(keeper, "/v1/dispatches")
    await hear(guarantee, lowered(need(quantity=1.0)))
    await solved(guarantee)

    assert len(at_the_height) == 3
    statuses = {one["resourceId"]: one["status"] for one in await listed(keeper, "/v1/dispatches")}
    assert statuses == {"res_0": "ORDERED", "res_1": "CANCELLED", "res_2": "CANCELLED"}
    requirements = {one["key"]: one for one in await listed(keeper, "/v1/requirements")}
    assert requirements["pumps"]["metQuantity"] == 1.0
    assert requirements["boats"]["status"] == "CANCELLED"
    assert requirements["boats"]["unmetPrice"] is None


async def test_the_end_of_an_activation_lets_everything_go_and_frees_it(
    guarantee, keeper, commander
):
    await put(keeper, "res_1")
    await put(keeper, "res_2", longitude=114.4)
    await hear(guarantee, started(need(quantity=2.0)))
    await solved(guarantee)
    moving = next(
        one for one in await listed(keeper, "/v1/dispatches") if one["resourceId"] == "res_1"
    )
    await keeper.post(f"/v1/dispatches/{moving['id']}/en-route", json={"expectedVersion": 1})

    await hear(guarantee, ended())
    await solved(guarantee)

    statuses = {one["resourceId"]: one["status"] for one in await listed(keeper, "/v1/dispatches")}
    assert statuses == {"res_1": "RELEASED", "res_2": "CANCELLED"}
    assert [one["available"] for one in await listed(keeper, "/v1/resources")] == [1.0, 1.0]
    (requirement,) = await listed(keeper, "/v1/requirements")
    assert requirement["status"] == "CANCELLED"


async def test_an_end_heard_before_its_beginning_requires_nothing(guarantee, keeper):
    await put(keeper, "res_1")

    await hear(guarantee, ended(), version=2, event_id="evt_end")
    await hear(guarantee, started(need(quantity=1.0)), version=1, event_id="evt_start")
    await solved(guarantee)

    assert [one["status"] for one in await listed(keeper, "/v1/requirements")] in (
        [],
        ["CANCELLED"],
    )
    assert all(one["status"] == "CANCELLED" for one in await listed(keeper, "/v1/dispatches"))


async def test_a_dispatch_lives_from_order_to_return(guarantee, keeper, commander):
    await put(keeper, "res_1")
    await hear(guarantee, started(need(quantity=1.0)))
    await solved(guarantee)
    (ordered,) = await listed(keeper, "/v1/dispatches")
    path = f"/v1/dispatches/{ordered['id']}"

    for step, version in (("acknowledge", 1), ("en-route", 2), ("on-scene", 3)):
        answer = await keeper.post(f"{path}/{step}", json={"expectedVersion": version})
        assert answer.status_code == 200, answer.text
    await commander.post(f"{path}/release", json={"expectedVersion": 4, "reason": "water is down"})
    back = await keeper.post(f"{path}/return", json={"expectedVersion": 5})

    assert [one["status"] for one in back.json()["history"]] == [
        "ORDERED",
        "ACKNOWLEDGED",
        "EN_ROUTE",
        "ON_SCENE",
        "RELEASED",
        "RETURNED",
    ]
    events = [event for _, event, _ in await told(guarantee, "dispatch")]
    assert events == ["ordered", "acknowledged", "en_route", "on_scene", "released", "returned"]


async def test_a_report_out_of_turn_or_on_an_old_version_is_refused(guarantee, keeper):
    await put(keeper, "res_1")
    await hear(guarantee, started(need(quantity=1.0)))
    await solved(guarantee)
    (ordered,) = await listed(keeper, "/v1/dispatches")
    path = f"/v1/dispatches/{ordered['id']}"

    early = await keeper.post(f"{path}/return", json={"expectedVersion": 1})
    stale = await keeper.post(f"{path}/acknowledge", json={"expectedVersion": 7})

    assert (early.status_code, early.json()["slug"]) == (409, "dispatch-status-refused")
    assert early.json()["currentStatus"] == "ORDERED"
    assert (stale.status_code, stale.json()["slug"]) == (409, "version-conflict")
    assert stale.json()["currentVersion"] == 1


async def test_only_the_owner_or_a_commander_reports(guarantee, keeper):
    await put(keeper, "res_1")
    await hear(guarantee, started(need(quantity=1.0)))
    await solved(guarantee)
    (ordered,) = await listed(keeper, "/v1/dispatches")

    async with guarantee.client(roles=["keeper"], org="org_somebody_else") as other:
        answer = await other.post(
            f"/v1/dispatches/{ordered['id']}/acknowledge", json={"expectedVersion": 1}
        )

    assert (answer.status_code, answer.json()["slug"]) == (403, "not-permitted")


async def test_one_that_is_unable_is_replaced_and_not_asked_again(guarantee, keeper):
    await put(keeper, "res_near", longitude=114.4)
    await put(keeper, "res_far", longitude=113.1)
    await hear(guarantee, started(need(quantity=1.0)))
    await solved(guarantee)
    (ordered,) = await listed(keeper, "/v1/dispatches")

    answer = await keeper.post(
        f"/v1/dispatches/{ordered['id']}/unable", json={"expectedVersion": 1, "reason": "engine"}
    )
    await solved(guarantee)

    assert answer.json()["status"] == "UNABLE"
    statuses = {one["resourceId"]: one["status"] for one in await listed(keeper, "/v1/dispatches")}
    assert statuses == {"res_near": "UNABLE", "res_far": "ORDERED"}
    told = (await guarantee.published("resource.state"))[-1].body["resource"]
    assert (told["id"], told["readiness"]) == ("res_near", "OUT_OF_SERVICE")
    broken = (await keeper.get("/v1/resources/res_near")).json()
    assert (broken["readiness"], broken["readinessReason"]) == ("OUT_OF_SERVICE", "engine")
    (requirement,) = await listed(keeper, "/v1/requirements")
    assert requirement["status"] == "MET"


async def test_a_stock_is_divided_counted_and_used_up(guarantee, keeper, commander):
    await put(
        keeper, "res_bags", kind="MATERIAL", capabilities=["sandbags"], quantity=100, unit="bag"
    )
    bags = {"capability": "sandbags", "unit": "bag"}
    await hear(guarantee, started(need("north", 60.0, **bags), need("south", 30.0, **bags)))
    await solved(guarantee)
    available = [one["available"] for one in await listed(keeper, "/v1/resources")]
    sixty = next(one for one in await listed(keeper, "/v1/dispatches") if one["quantity"] == 60.0)
    path = f"/v1/dispatches/{sixty['id']}"

    await keeper.post(f"{path}/on-scene", json={"expectedVersion": 1})
    await commander.post(f"{path}/release", json={"expectedVersion": 2, "reason": "dike holds"})
    refused = await keeper.post(f"{path}/return", json={"expectedVersion": 3, "quantity": 61})
    back = await keeper.post(f"{path}/return", json={"expectedVersion": 3, "quantity": 20})

    assert available == [10.0]
    assert refused.json()["slug"] == "returned-quantity-impossible"
    assert back.json()["returnedQuantity"] == 20.0
    (stock,) = await listed(keeper, "/v1/resources")
    assert (stock["quantity"], stock["available"]) == (60.0, 30.0)
    told = (await guarantee.published("resource.state"))[-1].body["resource"]
    assert (told["id"], told["quantity"]) == ("res_bags", 60.0)


async def test_a_shortage_is_met_as_soon_as_something_becomes_ready(guarantee, keeper):
    await hear(guarantee, started(need(quantity=1.0)))
    await solved(guarantee)
    before = (await listed(keeper, "/v1/requirements"))[0]["reason"]

    await put(keeper, "res_late")
    await solved(guarantee)

    assert before == "NO_SUCH_CAPABILITY"
    (requirement,) = await listed(keeper, "/v1/requirements")
    assert (requirement["status"], requirement["since"]) == ("MET", None)


async def test_a_shortage_that_climbs_a_tier_reaches_the_neighbour(
    guarantee, keeper, operator, commander
):
    await put(operator, "res_kaifeng", owner="org_410200", jurisdiction="410200")
    await hear(guarantee, started(need(quantity=1.0)))
    await solved(guarantee)
    (short,) = await listed(keeper, "/v1/requirements")

    answer = await commander.post(
        f"/v1/requirements/{short['id']}/widen", json={"expectedVersion": short["version"]}
    )
    await solved(guarantee)

    assert (short["reason"], short["nearestAlternative"]) == ("BEYOND_REACH", "res_kaifeng")
    assert answer.json()["tier"] == "NEIGHBOURING_JURISDICTIONS"
    (met,) = await listed(keeper, "/v1/requirements")
    assert met["status"] == "MET"


async def test_an_exercise_books_in_a_ledger_of_its_own(guarantee, keeper):
    await put(keeper, "res_1")
    await hear(guarantee, started(need(quantity=1.0)))
    await hear(guarantee, started(need(quantity=1.0), id="act_drill", mode="EXERCISE"))
    await solved(guarantee)

    real = await listed(keeper, "/v1/dispatches")
    drill = await listed(keeper, "/v1/dispatches?mode=EXERCISE")
    answer = await keeper.post(
        f"/v1/dispatches/{drill[0]['id']}/unable", json={"expectedVersion": 1, "reason": "scripted"}
    )

    assert [one["resourceId"] for one in (*real, *drill)] == ["res_1", "res_1"]
    assert answer.status_code == 200
    assert (await keeper.get("/v1/resources/res_1")).json()["readiness"] == "READY"
    roots = {one.subject.partition(".")[0] for one in await guarantee.published("dispatch.ordered")}
    assert roots == {"uem", "uemx"}


async def test_batches_answer_for_incidents_and_activations(guarantee, keeper):
    await put(keeper, "res_1")
    await hear(guarantee, started(need(quantity=2.0), incident_id="inc_1"))
    await solved(guarantee)

    async def batch(name, key):
        answer = await keeper.post(f"/v1/batch/{name}", json={"keys": [key, "none"]})
        return answer.json()

    by_incident = await batch("dispatches-by-incident", "inc_1")
    by_activation = await batch("dispatches-by-activation", ACTIVATION)
    unmet = await batch("unmet-by-incident", "inc_1")

    assert by_incident["inc_1"] == by_activation[ACTIVATION] != []
    assert by_incident["none"] == []
    assert [one["unmetQuantity"] for one in unmet["inc_1"]] == [1.0]
    assert (await batch("unmet-by-activation", ACTIVATION))[ACTIVATION] == unmet["inc_1"]

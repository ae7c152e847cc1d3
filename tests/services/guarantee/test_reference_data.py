"""Provisions and resources as data: put, put again, refused, told."""

import pytest

from services.guarantee import store
from services.guarantee.domain import rule
from tests.services.guarantee.messages import EAST, at, jurisdiction_state, pump
from vocabulary import WarningColour

PROVISION = {
    "instrument": "中华人民共和国突发事件应对法 (Emergency Response Law, revised 2024)",
    "article": "art. 67",
    "measures": ["suspend_classes", "stop_metro"],
    "heldBy": ["SPECIAL_COMMAND"],
    "minimumLevel": "LEVEL_II",
    "validFrom": "2024-11-01T00:00:00+08:00",
    "source": "law",
}


@pytest.fixture
async def operator(guarantee):
    async with guarantee.client(roles=["operator"], org="org_410100_office") as client:
        yield client


async def test_a_provision_is_told_whole_on_the_state_stream_once(guarantee, operator):
    first = await operator.put("/v1/provisions/prov_67", json=PROVISION)
    again = await operator.put("/v1/provisions/prov_67", json=PROVISION)

    assert (first.status_code, again.json()) == (200, first.json())
    (told,) = await guarantee.published("provision.state")
    assert told.body["provision"]["heldBy"] == ["SPECIAL_COMMAND"]
    assert told.body["provision"]["minimumLevel"] == "LEVEL_II"
    assert (await operator.get("/v1/provisions")).json()["nodes"] == [first.json()]


async def test_a_provision_changes_only_on_the_version_that_was_seen(guarantee, operator):
    await operator.put("/v1/provisions/prov_67", json=PROVISION)
    ended = PROVISION | {"validTo": "2027-01-01T00:00:00+08:00"}

    blind = await operator.put("/v1/provisions/prov_67", json=ended)
    seen = await operator.put("/v1/provisions/prov_67", json=ended | {"expectedVersion": 1})
    backwards = await operator.put(
        "/v1/provisions/prov_68", json=PROVISION | {"validTo": "2020-01-01T00:00:00+08:00"}
    )

    assert blind.json()["slug"] == "version-conflict"
    assert seen.json()["version"] == 2
    assert backwards.json()["slug"] == "provision-period-contradicts"
    assert len(await guarantee.published("provision.state")) == 2


async def test_a_resource_is_one_thing_or_a_stock_and_belongs_where_its_owner_does(operator):
    one = await operator.put("/v1/resources/res_pump", json=pump())
    stock = await operator.put("/v1/resources/res_bags", json=pump(quantity=500, unit="bag"))

    assert (one.json()["isWhole"], one.json()["jurisdiction"]) == (True, "410100")
    assert (stock.json()["isWhole"], stock.json()["available"]) == (False, 500.0)


async def test_a_place_from_another_coordinate_system_is_converted_and_kept_as_given(operator):
    body = pump(place={"longitude": 113.65, "latitude": 34.75, "crs": "GCJ02"})

    stored = (await operator.put("/v1/resources/res_pump", json=body)).json()

    shift = abs(stored["place"]["longitude"] - 113.65) * 91_000  # metres a degree at 34.75 N
    assert 200 < shift < 800
    assert '"crs":"GCJ02"' in stored["placeGiven"]


@pytest.mark.parametrize(
    ("changed", "slug"),
    [
        ({"place": {"longitude": 34.5, "latitude": 113.5}}, "place-impossible"),
        ({"place": {"longitude": 34.5, "latitude": 34.5}}, "place-outside-jurisdiction"),
        ({"owner": "org_nobody_knows", "place": None}, "owner-unknown"),
        ({"tier": "MAGIC"}, "tier-unknown"),
        ({"quantity": -1}, "invalid-input"),
    ],
)
async def test_a_resource_that_cannot_be_is_refused(operator, changed, slug):
    answer = await operator.put("/v1/resources/res_x", json=pump(**changed))

    assert (answer.status_code, answer.json()["slug"]) == (422, slug)


async def test_a_resource_changes_only_on_the_version_that_was_seen(operator):
    first = await operator.put("/v1/resources/res_pump", json=pump())
    broken = pump(readiness="MAINTENANCE", readinessReason="inspection")

    blind = await operator.put("/v1/resources/res_pump", json=broken)
    same = await operator.put("/v1/resources/res_pump", json=pump())
    seen = await operator.put("/v1/resources/res_pump", json=broken | {"expectedVersion": 1})

    assert (blind.status_code, blind.json()["slug"]) == (409, "version-conflict")
    assert same.json() == first.json()
    assert (seen.json()["version"], seen.json()["readiness"]) == (2, "MAINTENANCE")


async def test_resources_are_listed_by_capability_owner_and_jurisdiction(operator):
    await operator.put("/v1/resources/res_pump", json=pump())
    await operator.put(
        "/v1/resources/res_east",
        json=pump(114.5, capabilities=["boat.rescue"], jurisdiction="410105"),
    )

    async def ids(query):
        return [one["id"] for one in (await operator.get(f"/v1/resources{query}")).json()["nodes"]]

    assert await ids("") == ["res_east", "res_pump"]
    assert await ids("?capability=pump.mobile") == ["res_pump"]
    assert await ids("?jurisdiction=410105") == ["res_east"]
    assert await ids("?jurisdiction=410000&owner=org_410100_urban_management") == [
        "res_east",
        "res_pump",
    ]


async def test_a_division_told_twice_and_then_anew_is_kept_as_last_told(bare):
    about = {
        "service": "org",
        "aggregate": "jurisdiction",
        "event": "state",
        "id": EAST.id,
        "area": EAST.id,
    }
    renamed = jurisdiction_state(EAST)
    await bare.deliver(jurisdiction_state(EAST), **about, version=1)
    await bare.deliver(jurisdiction_state(EAST), **about, version=1)
    await bare.deliver(renamed, **about, version=2)

    (kept,) = await bare.read(store.all_jurisdictions)
    assert (kept.id, kept.boundary_geojson) == (EAST.id, EAST.boundary_geojson)


def test_every_rule_in_the_data_names_its_version_its_source_and_what_it_decides():
    for versions in (
        store.colour_rules(),
        store.emergency_type_rules(),
        store.tier_rules(),
        store.dispatch_rules(),
    ):
        assert all(one.version and one.source for one in versions)
        assert rule.in_force(versions, at(0)) in versions
    (colours,) = store.colour_rules()
    assert set(colours.written) == set(WarningColour)
    assert all(len(triple) == 3 for triple in colours.written.values())
    assert len(store.dispatch_rules()[0].speed_km_h) == 24

"""The desk, the confirmation, and who people are: over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from tests.harness import START, Harness
from tests.services.org import city
from vocabulary import Mode, WarningColour


async def desk(service: Harness, **claims: Any) -> list[dict[str, Any]]:
    async with service.client(**claims) as client:
        nodes: list[dict[str, Any]] = (await client.get("/v1/desk")).json()["nodes"]
        return nodes


async def test_the_desk_shows_what_is_owed_soonest_first(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal(id="sig_y", colour=WarningColour.YELLOW)))
    await org.deliver(city.issued(org, city.signal()))
    await org.deliver(city.issued(org, city.signal(id="sig_x", mode=Mode.EXERCISE)))

    owed = await desk(org, org=city.FLOOD)

    assert [one["subject"]["id"] for one in owed] == ["sig_1", "sig_y"]
    assert await desk(org, org=city.METRO) == []


async def test_a_post_told_on_a_higher_rung_finds_it_on_its_desk(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal()))
    assert await desk(org, org=city.COMMITTEE, posts=["pst_vice_mayor"]) == []

    await org.advance(START + timedelta(minutes=15))

    (owed,) = await desk(org, org=city.COMMITTEE, posts=["pst_vice_mayor"])
    assert owed["reached"] == "TOLD_NOT_CONFIRMED"


async def test_mistake_15_nobody_answers_and_every_view_says_that_nobody_confirmed(
    org: Harness,
) -> None:
    await org.deliver(city.issued(org, city.signal()))

    await org.advance(START + timedelta(hours=1))

    async with org.client() as client:
        (owed,) = (await client.get("/v1/obligations", params={"state": "OVERDUE"})).json()["nodes"]
        batch = await client.post("/v1/batch/obligations-by-subject", json={"keys": ["sig_1"]})
    assert owed["reached"] == "TOLD_NOT_CONFIRMED"
    assert owed["inTime"] is False
    assert [one["confirmedAt"] for one in owed["notices"]] == [None] * 6
    assert batch.json() == {"sig_1": [owed]}


async def test_a_person_confirms_in_their_post(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal()))
    async with org.client(
        roles=["duty_officer", "viewer"], org=city.FLOOD, posts=["pst_duty"], person="wang"
    ) as client:
        (owed,) = (await client.get("/v1/desk")).json()["nodes"]
        path = f"/v1/obligations/{owed['id']}/confirm"
        confirmed = (await client.post(path, json={"post": "pst_duty"})).json()
        again = (await client.post(path, json={"post": "pst_duty"})).json()
        other = await client.post(path, json={"post": "pst_mayor"})

    assert (confirmed["reached"], confirmed["state"]) == ("CONFIRMED", "OWED")
    assert again == confirmed
    assert other.json()["slug"] == "post-not-held"
    (said,) = await org.published("obligation.confirmed")
    assert said.body["notice"]["post"] == "pst_duty"


async def test_persons_and_numbers_never_travel(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal()))
    async with org.client(
        roles=["duty_officer", "viewer"], org=city.FLOOD, posts=["pst_duty"], person="王某"
    ) as client:
        (owed,) = (await client.get("/v1/desk")).json()["nodes"]
        await client.post(f"/v1/obligations/{owed['id']}/confirm", json={"post": "pst_duty"})
        shown = (await client.get(f"/v1/obligations/{owed['id']}")).text
        post = (await client.get("/v1/posts/pst_duty")).text

    said = repr([one.body for one in await org.published()])
    for private in ("王某", "+86 371"):
        assert private not in said
        assert private not in shown
    assert "+86 371" not in post


async def test_a_commander_waives_with_a_reason(org: Harness) -> None:
    await org.deliver(city.issued(org, city.signal()))
    async with org.client(roles=["commander", "viewer"], org=city.FLOOD) as client:
        (owed,) = (await client.get("/v1/desk")).json()["nodes"]
        path = f"/v1/obligations/{owed['id']}/waive"
        stale = await client.post(path, json={"reason": "test", "expectedVersion": 99})
        waived = await client.post(
            path, json={"reason": "issued in error", "expectedVersion": owed["version"]}
        )

    assert stale.json()["slug"] == "version-conflict"
    assert (waived.json()["state"], waived.json()["waivedBecause"]) == ("WAIVED", "issued in error")


@pytest.mark.parametrize("kind", ["jurisdictions", "organizations", "posts"])
async def test_putting_the_same_twice_changes_and_says_nothing(org: Harness, kind: str) -> None:
    bodies: dict[str, tuple[str, dict[str, Any]]] = {
        "jurisdictions": ("410106", {"nameZh": "上街区", "nameEn": "Shangjie", "parent": "410100"}),
        "organizations": (
            "org_x",
            {"nameZh": "某", "nameEn": "x", "kind": "DEPARTMENT", "jurisdiction": "410100"},
        ),
        "posts": (
            "pst_x",
            {
                "organization": city.METRO,
                "titleZh": "值班",
                "titleEn": "duty",
                "rung": 1,
                "channels": ["phone"],
            },
        ),
    }
    key, body = bodies[kind]
    before = len(await org.published())

    async with org.client(roles=["operator", "viewer"]) as client:
        first = await client.put(f"/v1/{kind}/{key}", json=body)
        again = await client.put(f"/v1/{kind}/{key}", json=body)
        shown = await client.get(f"/v1/{kind}/{key}")

    assert first.status_code == 200, first.text
    assert first.json() == again.json() == shown.json()
    said = len(await org.published()) - before
    assert said == (0 if kind == "posts" else 1)


async def test_divisions_and_organizations_publish_their_whole_state(org: Harness) -> None:
    states = [one for one in await org.published() if one.event == "state"]

    assert [one.aggregate for one in states] == ["jurisdiction"] * 3 + ["organization"] * 6
    assert states[1].body["jurisdiction"]["boundaryGeojson"] == city.SQUARE
    assert states[6].body["organization"]["emergencyTypes"] == ["11A", "11B03"]


async def test_the_tree_is_read_in_batches_and_pages(org: Harness) -> None:
    async with org.client() as client:
        children = await client.post(
            "/v1/batch/jurisdictions-by-parent", json={"keys": ["410100", "410105"]}
        )
        page = await client.get("/v1/organizations", params={"within": "410100", "first": 2})
        city_view = await client.get("/v1/jurisdictions/410100")

    assert [one["code"] for one in children.json()["410100"]] == ["410105"]
    assert children.json()["410105"] == []
    assert [one["id"] for one in page.json()["nodes"]] == [city.COMMITTEE, city.EDUCATION]
    assert page.json()["hasNextPage"] is True
    assert city_view.json()["boundary"]["type"] == "Polygon"


async def test_a_parent_that_is_not_above_is_refused(org: Harness) -> None:
    body = {"nameZh": "洛阳", "nameEn": "Luoyang", "parent": "410100"}

    async with org.client(roles=["operator"]) as client:
        answer = await client.put("/v1/jurisdictions/410300", json=body)

    assert (answer.status_code, answer.json()["slug"]) == (422, "jurisdiction-code-invalid")

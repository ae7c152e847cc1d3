"""Early warnings: drafted, approved by a second person of the jurisdiction, updated, ended, written as CAP."""

import pytest
from lxml import etree

from services.guarantee.domain import cap
from tests.services.guarantee.messages import SENDER, at, cap_xml, hear, started
from tests.services.guarantee.test_domain_cap import SHARED

DRAFT = {
    "emergencyType": "11B03",
    "colour": "ORANGE",
    "headlineZh": "暴雨橙色预警",
    "headlineEn": "Rainstorm orange warning",
    "areas": ["410100"],
    "expiresAt": "2026-06-01T20:00:00Z",
}


@pytest.fixture
async def officer(guarantee):
    async with guarantee.client(roles=["duty_officer"], areas=["410100"], subject="officer") as one:
        yield one


@pytest.fixture
async def commander(guarantee):
    async with guarantee.client(roles=["commander"], areas=["410100"], subject="boss") as one:
        yield one


async def drafted(client, **changed):
    answer = await client.post("/v1/warnings", json=DRAFT | changed)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def act(client, warning, what, **body):
    return await client.post(
        f"/v1/warnings/{warning['id']}/{what}", json={"expectedVersion": warning["version"]} | body
    )


async def test_a_warning_is_announced_by_a_second_person_of_the_jurisdiction(
    guarantee, officer, commander
):
    draft = await drafted(officer)
    async with guarantee.client(roles=["commander"], areas=["420000"], subject="far") as elsewhere:
        foreign = await act(elsewhere, draft, "approve")
    issued = await act(commander, draft, "approve")

    assert (draft["status"], draft["organizationId"]) == (
        "AWAITING_APPROVAL",
        "org_410100_flood_command",
    )
    assert (foreign.status_code, foreign.json()["slug"]) == (404, "warning-not-found")
    assert (issued.json()["status"], issued.json()["approvedBy"]) == ("ACTIVE", "boss")
    events = [one.event for one in await guarantee.published()]
    assert events == ["drafted", "issued"]


async def test_who_drafted_does_not_approve(guarantee, commander):
    draft = await drafted(commander)

    answer = await act(commander, draft, "approve")

    assert (answer.status_code, answer.json()["slug"]) == (409, "second-person-required")
    assert [one.event for one in await guarantee.published()] == ["drafted"]


async def test_the_same_draft_is_not_approved_twice(officer, commander):
    draft = await drafted(officer)

    first = await act(commander, draft, "approve")
    stale = await act(commander, draft, "approve")
    again = await act(commander, first.json(), "approve")

    assert stale.json()["slug"] == "version-conflict"
    assert (again.status_code, again.json()["slug"]) == (409, "warning-not-awaiting-approval")


async def test_an_update_stands_beside_the_warning_until_it_is_approved(
    guarantee, officer, commander
):
    first = (await act(commander, await drafted(officer), "approve")).json()

    update = await act(officer, first, "update", colour="RED", headlineZh="暴雨红色预警")
    meanwhile = (await officer.get(f"/v1/warnings/{first['id']}")).json()["status"]
    issued = await act(commander, update.json(), "approve")

    assert (update.status_code, meanwhile) == (201, "ACTIVE")
    assert issued.json()["supersedes"] == [first["id"]]
    superseded = (await officer.get(f"/v1/warnings/{first['id']}")).json()
    assert (superseded["status"], superseded["supersededBy"]) == ("SUPERSEDED", issued.json()["id"])
    events = [(one.event, one.id) for one in await guarantee.published()]
    assert events[-2:] == [("superseded", first["id"]), ("issued", issued.json()["id"])]


async def test_a_warning_ends_by_cancel_and_a_draft_by_rejection(guarantee, officer, commander):
    first = (await act(commander, await drafted(officer), "approve")).json()

    cancelled = await act(commander, first, "cancel", reason="rain moved on")
    rejected = await act(commander, await drafted(officer), "reject", reason="no need")

    assert (cancelled.json()["status"], cancelled.json()["reason"]) == (
        "CANCELLED",
        "rain moved on",
    )
    assert rejected.json()["status"] == "REJECTED"
    assert [one.event for one in await guarantee.published()][-1] == "rejected"


async def test_time_ends_a_warning_and_lays_aside_a_draft_that_nobody_approved(
    guarantee, officer, commander
):
    issued = (await act(commander, await drafted(officer), "approve")).json()
    draft = await drafted(officer)

    await guarantee.advance(at(60 * 13))

    statuses = [
        (await officer.get(f"/v1/warnings/{one['id']}")).json()["status"] for one in (issued, draft)
    ]
    assert statuses == ["EXPIRED", "REJECTED"]
    assert sorted(one.event for one in await guarantee.published())[-4:] == [
        "drafted",
        "expired",
        "issued",
        "rejected",
    ]


async def test_a_warning_that_would_end_before_it_begins_is_refused(officer):
    answer = await officer.post("/v1/warnings", json=DRAFT | {"onset": "2026-06-01T21:00:00Z"})

    assert (answer.status_code, answer.json()["slug"]) == (422, "warning-times-contradict")


async def test_the_draft_that_a_signal_suggests_replaces_the_warning_of_the_signal_before(
    guarantee, commander
):
    async with guarantee.client(roles=["agency"], org=SENDER) as agency:

        async def post(*said, **more):
            headers = {"content-type": "application/cap+xml"}
            return await agency.post("/v1/cap", content=cap_xml(*said, **more), headers=headers)

        await post("ZZ-1", colour="orange")
        (draft,) = (await commander.get("/v1/warnings")).json()["nodes"]
        first = (await act(commander, draft, "approve")).json()
        await post("ZZ-2", kind="Update", references=["ZZ-1"])
    waiting = (await commander.get("/v1/warnings?status=AWAITING_APPROVAL")).json()["nodes"]

    assert first["status"] == "ACTIVE"
    assert [(one["colour"], one["supersedes"]) for one in waiting] == [("RED", [first["id"]])]


@pytest.mark.skipif(not SHARED.exists(), reason="the schema is not here")
async def test_what_goes_out_keeps_to_schema_and_rules(officer, commander):
    schema = etree.XMLSchema(etree.parse(SHARED / "cap" / "cap12.xsd"))
    first = (await act(commander, await drafted(officer), "approve")).json()
    update = (await act(officer, first, "update", **_said(first, colour="RED"))).json()
    second = (await act(commander, update, "approve")).json()
    cancelled = (await act(commander, second, "cancel", reason="over")).json()

    for warning, kind in ((first, "Alert"), (cancelled, "Cancel")):
        written = (await officer.get(f"/v1/warnings/{warning['id']}/cap")).content
        assert schema.validate(etree.fromstring(written)), str(schema.error_log)
        reading = cap.read(written)
        cap.require_understandable(reading.alert)
        assert (reading.notes, cap.remarks(reading.alert)) == ((), ())
        assert reading.alert.message_type == kind
    assert [one.identifier for one in reading.alert.references] == [second["id"]]


def _said(warning, **changed):
    names = ("colour", "headlineZh", "headlineEn", "expiresAt")
    return {name: warning[name] for name in names} | changed


async def test_warnings_are_found_by_id_by_jurisdiction_and_by_incident(
    guarantee, officer, commander
):
    issued = (await act(commander, await drafted(officer), "approve")).json()
    await hear(guarantee, started(incident_id="inc_1", cause=("WARNING", issued["id"])))

    async def batch(name, key):
        answer = await officer.post(f"/v1/batch/{name}", json={"keys": [key], "fields": ["status"]})
        return answer.json()[key]

    assert await batch("warnings", issued["id"]) == {"id": issued["id"], "status": "ACTIVE"}
    for name, key in (
        ("active-warnings-by-jurisdiction", "410105"),
        ("warnings-by-incident", "inc_1"),
    ):
        assert await batch(name, key) == [{"id": issued["id"], "status": "ACTIVE"}]


async def test_a_warning_about_a_point_is_written_without_ground(guarantee, commander):
    async with guarantee.client(roles=["agency"], org=SENDER) as agency:
        await agency.post(
            "/v1/cap",
            content=cap_xml(polygon=None, circle="34.5,113.5 0"),
            headers={"content-type": "application/cap+xml"},
        )
    (draft,) = (await commander.get("/v1/warnings")).json()["nodes"]

    written = await commander.get(f"/v1/warnings/{draft['id']}/cap")

    assert written.status_code == 200
    assert cap.read(written.content).alert.infos[0].areas[0].polygons == ()


async def test_an_update_that_outlives_its_warning_or_its_own_time_is_not_announced(
    guarantee, officer, commander
):
    first = (await act(commander, await drafted(officer), "approve")).json()
    update = (
        await act(officer, first, "update", **_said(first, expiresAt="2026-06-01T09:00:00Z"))
    ).json()
    cancelled = await act(commander, first, "cancel", reason="over")
    twice = await act(commander, cancelled.json(), "cancel", reason="over")
    guarantee.clock.set(at(120))

    late = await act(commander, update, "approve")

    assert (twice.status_code, twice.json()["slug"]) == (409, "warning-not-active")
    assert (late.status_code, late.json()["slug"]) == (409, "warning-stale")

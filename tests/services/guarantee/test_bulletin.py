"""What the public is told: drafted, published by a second person, corrected, withdrawn; read by anybody (GUAR-6)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from contracts.org import v1 as org
from services.guarantee.domain import bulletin as domain
from services.guarantee.queries.bulletin import ATOM
from tests.harness import START, Harness
from vocabulary import Mode

CITY = "410100"
BODY: dict[str, Any] = {
    "kind": "INITIAL",
    "jurisdiction": CITY,
    "titleZh": "地铁5号线进水情况通报",
    "textZh": "正在疏散乘客,请勿前往;咨询请拨打12345",
    "titleEn": "Water in metro line 5",
}


def who(subject: str, *roles: str, area: str = CITY) -> dict[str, Any]:
    return {"subject": subject, "roles": list(roles), "areas": [area]}


OFFICER = who("wang", "duty_officer", "viewer")
COMMANDER = who("zhao", "commander", "viewer")


async def draft(guarantee: Harness, **more: Any) -> dict[str, Any]:
    async with guarantee.client(**OFFICER) as client:
        answer = await client.post("/v1/bulletins", json=BODY | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def act(
    guarantee: Harness, caller: dict[str, Any], one: dict[str, Any], verb: str, **body: Any
) -> Any:
    async with guarantee.client(**caller) as client:
        return await client.post(
            f"/v1/bulletins/{one['id']}/{verb}", json={"expectedVersion": one["version"]} | body
        )


async def published(guarantee: Harness, **more: Any) -> dict[str, Any]:
    answer = await act(guarantee, COMMANDER, await draft(guarantee, **more), "publish")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def public(guarantee: Harness, path: str = "/v1/public/bulletins", **asked: Any) -> Any:
    async with guarantee.anonymous() as client:
        return await client.get(path, **asked)


def incident(guarantee: Harness, event: str, **more: Any) -> Any:
    defaults: dict[str, Any] = {
        "id": "inc_1",
        "number": "410100-20260601-001",
        "mode": Mode.REAL,
        "title": "pit",
        "emergency_type": "12A01",
        "status": "DECLARED",
        "jurisdiction": CITY,
        "declared_at": START,
    }
    said = org.Incident(**defaults | more)
    bodies: dict[str, Any] = {"declared": org.IncidentDeclared, "sealed": org.IncidentSealed}
    return guarantee.event(
        bodies[event](incident=said),
        service="org",
        aggregate="incident",
        event=event,
        id=said.id,
        area=CITY,
        mode=said.mode.value,
    )


async def test_a_draft_is_published_by_a_second_person_and_read_without_a_token(
    guarantee: Harness,
):
    drafted = await draft(guarantee)
    before = await public(guarantee)
    own = await act(guarantee, OFFICER | {"roles": ["commander"]}, drafted, "publish")
    officer = await act(guarantee, who("li", "duty_officer", "viewer"), drafted, "publish")
    told = await act(guarantee, COMMANDER, drafted, "publish")

    assert before.json() == []
    assert (own.status_code, own.json()["slug"]) == (409, "second-person-required")
    assert (officer.status_code, officer.json()["slug"]) == (403, "not-permitted")
    assert told.json()["status"] == "PUBLISHED"
    [seen] = (await public(guarantee)).json()
    assert (seen["titleZh"], seen["status"]) == (BODY["titleZh"], "PUBLISHED")
    assert not {"draftedBy", "approvedBy", "incidentId"} & set(seen)
    assert [one.event for one in await guarantee.published() if one.aggregate == "bulletin"] == [
        "drafted",
        "published",
    ]


async def test_what_is_wrong_is_corrected_by_another_and_both_are_read(guarantee: Harness):
    wrong = await published(guarantee)
    right = await act(guarantee, OFFICER, wrong, "correct", titleZh="更正", textZh="无人员被困")
    await act(guarantee, COMMANDER, right.json(), "publish")

    new, old = (await public(guarantee)).json()
    assert (new["corrects"], old["correctedBy"]) == (old["id"], new["id"])
    assert (old["status"], old["textZh"]) == ("CORRECTED", BODY["textZh"])
    again = await act(
        guarantee, OFFICER, {**wrong, "version": 3}, "correct", titleZh="x", textZh="y"
    )
    assert (again.status_code, again.json()["slug"]) == (409, "bulletin-not-published")


async def test_what_is_withdrawn_stays_with_its_reason(guarantee: Harness):
    one = await published(guarantee)
    await act(guarantee, COMMANDER, one, "withdraw", reason="wrong line")

    [seen] = (await public(guarantee)).json()
    assert (seen["status"], seen["reason"]) == ("WITHDRAWN", "wrong line")


async def test_drafts_rejected_ones_and_exercises_never_reach_the_public(guarantee: Harness):
    await draft(guarantee)
    rejected = await act(guarantee, COMMANDER, await draft(guarantee), "reject", reason="no")
    await published(guarantee, mode="EXERCISE")

    assert rejected.json()["status"] == "REJECTED"
    assert (await public(guarantee)).json() == []
    feed = await public(guarantee, "/v1/public/bulletins.atom")
    assert b"entry" not in feed.content


async def test_the_feed_is_atom_whose_texts_are_text_and_is_not_sent_twice(guarantee: Harness):
    evil = "<script>alert(1)</script> & ]]>"
    await published(guarantee, titleZh=evil, textZh=evil)

    feed = await public(guarantee, "/v1/public/bulletins.atom")
    tag = feed.headers["etag"]
    again = await public(guarantee, "/v1/public/bulletins.atom", headers={"If-None-Match": tag})
    await published(guarantee)
    changed = await public(guarantee, "/v1/public/bulletins.atom", headers={"If-None-Match": tag})

    assert feed.headers["content-type"].startswith("application/atom+xml")
    root = etree.fromstring(feed.content)
    assert [one.text for one in root.iter(f"{{{ATOM}}}content")] == [evil]
    assert b"<script" not in feed.content
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert "max-age" in feed.headers["cache-control"]


async def test_the_feed_is_of_a_division_and_as_long_as_asked(guarantee: Harness):
    for _ in range(3):
        await published(guarantee)

    here = await public(guarantee, params={"jurisdiction": "410000", "first": 2})
    elsewhere = await public(guarantee, params={"jurisdiction": "420000"})
    too_many = await public(guarantee, params={"first": 1000})

    assert (len(here.json()), elsewhere.json()) == (2, [])
    assert too_many.status_code == 422


@pytest.mark.parametrize("text", ["请联系13812345678", "身份证41010119900101123X"])
async def test_the_number_of_a_person_is_not_published(guarantee: Harness, text: str):
    async with guarantee.client(**OFFICER) as client:
        refused = await client.post("/v1/bulletins", json=BODY | {"textZh": text})

    assert (refused.status_code, refused.json()["slug"]) == (422, "personal-data-in-text")


@given(digits=st.text("0123456789", min_size=1, max_size=10))
def test_the_numbers_of_services_and_counts_may_be_published(digits: str):
    one = domain.Bulletin(
        id="bul_1",
        kind=domain.BulletinKind.GUIDANCE,
        title_zh="t",
        text_zh=f"转移{digits}人",
        jurisdiction=CITY,
        mode=Mode.REAL,
        drafted_at=START,
        drafted_by="wang",
    )

    assert domain.draft_bulletin(one, sealed=False) == one


async def test_of_an_incident_it_takes_division_and_mode_and_of_a_sealed_one_nothing_is_told(
    guarantee: Harness,
):
    await guarantee.deliver(incident(guarantee, "declared", mode=Mode.EXERCISE))
    drafted = await draft(guarantee, incidentId="inc_1", jurisdiction="410000")
    await guarantee.deliver(incident(guarantee, "sealed", mode=Mode.EXERCISE, sealed=True))
    async with guarantee.client(**OFFICER) as client:
        hidden = await client.post("/v1/bulletins", json=BODY | {"incidentId": "inc_1"})
        unknown = await client.post("/v1/bulletins", json=BODY | {"incidentId": "inc_0"})
        noted = await client.post("/v1/rumours", json=RUMOUR | {"incidentId": "inc_1"})
    async with guarantee.client(**who("chen", "duty_officer", "sealed_reader")) as client:
        refused = await client.post("/v1/bulletins", json=BODY | {"incidentId": "inc_1"})

    assert {one.json()["slug"] for one in (hidden, unknown, noted)} == {"incident-not-found"}
    assert hidden.json()["detail"].replace("inc_1", "inc_0") == unknown.json()["detail"]
    assert (drafted["jurisdiction"], drafted["mode"]) == (CITY, "EXERCISE")
    assert (refused.status_code, refused.json()["slug"]) == (409, "bulletin-of-sealed-incident")


async def test_whoever_acts_elsewhere_neither_drafts_nor_sees_a_draft(guarantee: Harness):
    drafted = await draft(guarantee)
    stranger = who("liu", "commander", "viewer", area="420000")
    async with guarantee.client(**stranger) as client:
        refused = await client.post("/v1/bulletins", json=BODY)
        hidden = await client.get(f"/v1/bulletins/{drafted['id']}")
    taken = await act(guarantee, stranger, drafted, "publish")

    assert (refused.status_code, refused.json()["slug"]) == (403, "not-permitted")
    assert {hidden.status_code, taken.status_code} == {404}


RUMOUR: dict[str, Any] = {
    "claim": "the dam has burst",
    "seenWhere": "a chat group",
    "seenAt": START.isoformat(),
    "jurisdiction": CITY,
}


async def rumour(guarantee: Harness, verb: str = "", **body: Any) -> Any:
    async with guarantee.client(**OFFICER) as client:
        return await client.post(f"/v1/rumours{verb}", json=body)


async def test_a_rumour_is_noted_found_wrong_and_answered_by_a_bulletin_and_the_time_is_measured(
    guarantee: Harness,
):
    noted = (await rumour(guarantee, **RUMOUR)).json()
    guarantee.clock.set(START.replace(minute=20))
    decided = await rumour(
        guarantee,
        f"/{noted['id']}/decide",
        status="REFUTED",
        finding="the level is normal",
        expectedVersion=noted["version"],
    )
    guarantee.clock.set(START.replace(minute=25))
    await published(guarantee, kind="RUMOUR", rumourId=noted["id"])
    await published(guarantee, kind="RUMOUR", rumourId=noted["id"])

    async with guarantee.client(**OFFICER) as client:
        [seen] = (await client.get("/v1/rumours")).json()["nodes"]
    assert decided.json()["status"] == "REFUTED"
    assert seen["minutesToAnswer"] == 25
    events = [one for one in await guarantee.published() if one.aggregate == "rumour"]
    assert [one.event for one in events] == ["noted", "decided", "answered"]
    assert "dam" not in str([one.body for one in events])  # what is claimed stays in the rumour


async def test_a_finding_is_one_and_stands(guarantee: Harness):
    noted = (await rumour(guarantee, **RUMOUR)).json()
    verb = f"/{noted['id']}/decide"
    none = await rumour(guarantee, verb, status="NOTED", finding="x", expectedVersion=1)
    await rumour(guarantee, verb, status="UNDETERMINED", finding="x", expectedVersion=1)
    await rumour(guarantee, verb, status="CONFIRMED", finding="seen", expectedVersion=2)
    again = await rumour(guarantee, verb, status="REFUTED", finding="x", expectedVersion=3)

    assert (none.status_code, none.json()["slug"]) == (422, "finding-missing")
    assert (again.status_code, again.json()["slug"]) == (409, "rumour-decided")


async def test_rumours_of_a_sealed_incident_are_there_for_the_cleared_alone(guarantee: Harness):
    await guarantee.deliver(incident(guarantee, "declared"))
    await rumour(guarantee, **RUMOUR | {"incidentId": "inc_1"})
    await guarantee.deliver(incident(guarantee, "sealed", sealed=True))

    async with guarantee.client(**OFFICER) as client:
        hidden = (await client.get("/v1/rumours")).json()["nodes"]
    cleared = who("chen", "duty_officer", "viewer", "sealed_reader")
    async with guarantee.client(**cleared) as client:
        shown = (await client.get("/v1/rumours")).json()["nodes"]
    assert (hidden, len(shown)) == ([], 1)

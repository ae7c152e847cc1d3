"""What is never told to the public: of sealed incidents, of exercises, of persons (GUAR-6)."""

from typing import Any

import pytest
from lxml import etree

from services.guarantee.queries.bulletin import ATOM
from tests.harness import Harness
from tests.services.guarantee.test_bulletin import (
    BODY,
    COMMANDER,
    OFFICER,
    RUMOUR,
    act,
    draft,
    incident,
    public,
    published,
    rumour,
    who,
)
from vocabulary import Mode

CLEARED = who("chen", "commander", "viewer", "sealed_reader")


async def told(guarantee: Harness, **more: Any) -> Any:
    async with guarantee.client(**OFFICER) as client:
        return await client.post("/v1/bulletins", json=BODY | more)


async def test_what_was_sealed_after_the_draft_is_not_published_and_its_draft_is_hidden(
    guarantee: Harness,
):
    await guarantee.deliver(incident(guarantee, "declared"))
    drafted = await draft(guarantee, incidentId="inc_1")
    await guarantee.deliver(incident(guarantee, "sealed", sealed=True))

    unaware = await act(guarantee, COMMANDER, drafted, "publish")
    cleared = await act(guarantee, CLEARED, drafted, "publish")
    async with guarantee.client(**OFFICER) as client:
        hidden = await client.get(f"/v1/bulletins/{drafted['id']}")

    assert (unaware.status_code, hidden.status_code) == (404, 404)
    assert (cleared.status_code, cleared.json()["slug"]) == (409, "bulletin-of-sealed-incident")
    assert (await public(guarantee)).json() == []


async def test_what_was_told_before_the_seal_is_withdrawn_and_not_corrected(guarantee: Harness):
    await guarantee.deliver(incident(guarantee, "declared"))
    one = await published(guarantee, incidentId="inc_1")
    await guarantee.deliver(incident(guarantee, "sealed", sealed=True))

    corrected = await act(guarantee, OFFICER, one, "correct", titleZh="更正", textZh="更正")
    withdrawn = await act(guarantee, COMMANDER, one, "withdraw", reason="sealed")

    assert corrected.json()["slug"] == "bulletin-of-sealed-incident"
    assert withdrawn.json()["status"] == "WITHDRAWN"


async def test_of_an_incident_not_heard_of_nothing_is_drafted_for_it_may_be_an_exercise(
    guarantee: Harness,
):
    early = await told(guarantee, incidentId="inc_1")
    await guarantee.deliver(incident(guarantee, "declared", mode=Mode.EXERCISE))
    late = await told(guarantee, incidentId="inc_1")

    assert (early.status_code, early.json()["slug"]) == (404, "incident-not-found")
    assert (late.status_code, late.json()["mode"]) == (201, "EXERCISE")


async def test_the_rumour_of_an_exercise_is_not_answered_in_public(guarantee: Harness):
    noted = (await rumour(guarantee, **RUMOUR | {"mode": "EXERCISE"})).json()

    refused = await told(guarantee, kind="RUMOUR", rumourId=noted["id"])
    within = await told(guarantee, kind="RUMOUR", rumourId=noted["id"], mode="EXERCISE")

    assert (refused.status_code, refused.json()["slug"]) == (422, "rumour-of-other-mode")
    assert within.status_code == 201


async def test_the_rumour_of_a_sealed_incident_is_not_answered_and_not_known_to_the_uncleared(
    guarantee: Harness,
):
    await guarantee.deliver(incident(guarantee, "declared"))
    noted = (await rumour(guarantee, **RUMOUR | {"incidentId": "inc_1"})).json()
    drafted = await draft(guarantee, kind="RUMOUR", rumourId=noted["id"])
    await guarantee.deliver(incident(guarantee, "sealed", sealed=True))

    uncleared = await told(guarantee, kind="RUMOUR", rumourId=noted["id"])
    late = await act(guarantee, CLEARED, drafted, "publish")

    assert uncleared.status_code == 404
    assert late.json()["slug"] == "bulletin-of-sealed-incident"


async def test_the_rumour_of_another_city_is_answered_there(guarantee: Harness):
    noted = (await rumour(guarantee, **RUMOUR)).json()
    elsewhere = who("liu", "duty_officer", "viewer", area="420000")
    async with guarantee.client(**elsewhere) as client:
        body = BODY | {"jurisdiction": "420000", "kind": "RUMOUR", "rumourId": noted["id"]}
        refused = await client.post("/v1/bulletins", json=body)

    assert refused.status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "+8613812345678",
        "008613812345678",
        "+86 138 1234 5678",
        "138-1234-5678",
        "138 1234 5678",
        "１３８１２３４５６７８",
        "410101 19900101 123X",
    ],
)
async def test_the_number_of_a_person_is_known_however_it_is_written(guarantee: Harness, text: str):
    refused = await told(guarantee, textZh=f"联系{text}")

    assert (refused.status_code, refused.json()["slug"]) == (422, "personal-data-in-text")


async def test_the_reason_that_the_public_reads_bears_no_number_of_a_person(guarantee: Harness):
    one = await published(guarantee)

    refused = await act(guarantee, COMMANDER, one, "withdraw", reason="ask 13812345678")

    assert (refused.status_code, refused.json()["slug"]) == (422, "personal-data-in-text")


async def test_what_xml_cannot_say_does_not_take_the_feed_away(guarantee: Harness):
    await published(guarantee, textZh="a\ufffeb\uffffc\x0bd")

    feed = await public(guarantee, "/v1/public/bulletins.atom")

    assert feed.status_code == 200
    assert [one.text for one in etree.fromstring(feed.content).iter(f"{{{ATOM}}}content")] == [
        "abcd"
    ]


async def test_one_bulletin_is_corrected_once(guarantee: Harness):
    wrong = await published(guarantee)
    rivals = [
        (await act(guarantee, OFFICER, wrong, "correct", titleZh=one, textZh=one)).json()
        for one in ("甲", "乙")
    ]
    await act(guarantee, COMMANDER, rivals[0], "publish")

    second = await act(guarantee, COMMANDER, rivals[1], "publish")

    assert (second.status_code, second.json()["slug"]) == (409, "bulletin-not-published")
    standing = [one for one in (await public(guarantee)).json() if one["status"] == "PUBLISHED"]
    assert [one["titleZh"] for one in standing] == ["甲"]


async def test_the_anonymous_see_no_lists_and_a_huge_text_is_refused(guarantee: Harness):
    lists = [await public(guarantee, path) for path in ("/v1/bulletins", "/v1/rumours")]
    huge = await told(guarantee, textZh="x" * 5001)

    assert [one.status_code for one in lists] == [401, 401]
    assert huge.status_code == 422

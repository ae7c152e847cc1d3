"""Consultations over HTTP: who is asked, what they say, and what approval makes of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.harness import START, Harness
from tests.services.plans import city
from tests.services.plans.city import CITY

VERSION = "/v1/plans/flood-410100/versions/2021.1"
WATER, METRO, PRESS = "org_410100_water", "org_410100_metro", "org_410100_press"
PLANNER: dict[str, Any] = {"roles": ["viewer", "planner"], "areas": [CITY], "subject": "planner"}
MAYOR: dict[str, Any] = {"roles": ["viewer", "commander"], "areas": [CITY], "subject": "mayor"}


def of(organization: str) -> dict[str, Any]:
    return {"roles": ["viewer", "duty_officer"], "org": organization, "subject": organization}


@asynccontextmanager
async def asking(plans: Harness) -> AsyncIterator[str]:
    """Two organizations are asked about the draft; yields the path of the consultation."""
    await city.draft(plans)
    until = (START + timedelta(days=14)).isoformat()
    body = {"consulted": [{"organization": one, "answerBefore": until} for one in (WATER, METRO)]}
    async with plans.client(**PLANNER) as client:
        assert (await client.post(f"{VERSION}/submit", json=body)).status_code == 200
    (opened,) = await plans.published("consultation.opened")
    assert [one["organizationId"] for one in opened.body["consultation"]["consulted"]] == [
        WATER,
        METRO,
    ]
    yield f"/v1/consultations/{opened.id}"


async def say(plans: Harness, who: dict[str, Any], path: str, **body: Any) -> httpx.Response:
    async with plans.client(**who) as client:
        return await client.post(path, json=body)


async def test_a_round_is_answered_commented_resolved_and_closed_by_approval(empty: Harness):
    async with asking(empty) as path:
        commented = await say(
            empty, of(WATER), f"{path}/comments", place="LEVEL_II/conditions", text="too late"
        )
        (comment,) = commented.json()["comments"]
        await say(empty, of(WATER), f"{path}/answer", opinion="COMMENTED")
        early = await say(empty, MAYOR, f"{VERSION}/approve")
        await say(empty, of(METRO), f"{path}/answer", opinion="AGREED", note="fine")
        resolve = f"{path}/comments/{comment['id']}/resolve"
        resolved = await say(empty, PLANNER, resolve, resolution="ANSWERED", answer="by hydrology")
        second = await say(empty, PLANNER, resolve, resolution="DECLINED", answer="no")
        approved = await say(empty, MAYOR, f"{VERSION}/approve")
        after = await say(empty, of(WATER), f"{path}/comments", place="plan", text="still late")

    problem = early.json()
    assert (early.status_code, problem["slug"]) == (409, "consultation-open")
    assert (problem["silent"], problem["unresolved"]) == ([METRO], [comment["id"]])
    assert resolved.json()["comments"][0]["resolvedBy"] == "planner"
    assert (second.status_code, second.json()["decidedBy"]) == (409, "planner")
    assert (approved.status_code, approved.json()["status"]) == (200, "APPROVED")
    assert (after.status_code, after.json()["slug"]) == (409, "consultation-over")
    answered = await empty.published("consultation.answered")
    assert [one.body["organizationId"] for one in answered] == [WATER, METRO]
    assert len(await empty.published("consultation.closed")) == 1


async def test_silence_is_passed_over_with_a_reason_that_stays_in_the_history(empty: Harness):
    async with asking(empty):
        approved = await say(empty, MAYOR, f"{VERSION}/approve", reason="the season begins")

    last = approved.json()["history"][-1]
    assert (last["action"], last["by"], last["reason"]) == ("APPROVE", "mayor", "the season begins")


async def test_sent_back_and_submitted_again_there_is_another_round(empty: Harness):
    async with asking(empty):
        await say(empty, MAYOR, f"{VERSION}/return", reason="thin")
    await say(empty, PLANNER, f"{VERSION}/submit")

    async with empty.client() as client:
        keys = {"keys": ["flood-410100@2021.1", "none@1"]}
        rounds = (await client.post("/v1/batch/consultationsByVersion", json=keys)).json()
        asked = (await client.get("/v1/consultations", params={"organization": WATER})).json()
        open_ = (await client.get("/v1/consultations", params={"isOpen": True})).json()

    assert [one["closedAt"] is None for one in rounds["flood-410100@2021.1"]] == [False, True]
    assert rounds["none@1"] == []
    assert [one["closedAt"] is None for one in asked["nodes"]] == [False]
    assert [one["consulted"] for one in open_["nodes"]] == [[]]


@pytest.mark.parametrize(
    ("who", "action", "body", "status", "slug"),
    [
        (of(PRESS), "answer", {"opinion": "AGREED"}, 403, "not-permitted"),
        (of(PRESS), "comments", {"place": "plan", "text": "?"}, 403, "not-permitted"),
        (MAYOR, "answer", {"opinion": "AGREED"}, 403, "not-permitted"),
        (of(WATER), "comments", {"place": "LEVEL_IX", "text": "?"}, 422, "place-unknown"),
        (of(WATER), "comments/cmt_9/resolve", {"resolution": "ANSWERED", "answer": "?"}, 403, ""),
        (PLANNER, "comments/cmt_9/resolve", {"resolution": "ANSWERED", "answer": "?"}, 404, ""),
        (of(WATER), "answer", {"opinion": "AGREED", "expectedVersion": 9}, 409, "version-conflict"),
    ],
)
async def test_who_was_not_asked_and_what_there_is_not_is_refused(
    empty: Harness, who: dict[str, Any], action: str, body: dict[str, Any], status: int, slug: str
):
    async with asking(empty) as path:
        refused = await say(empty, who, f"{path}/{action}", **body)

    assert refused.status_code == status, refused.text
    assert slug in ("", refused.json()["slug"])


async def test_nobody_is_asked_until_yesterday(empty: Harness):
    await city.draft(empty)
    past = (START - timedelta(days=1)).isoformat()
    asked = [{"organization": WATER, "answerBefore": past}]

    refused = await say(empty, PLANNER, f"{VERSION}/submit", consulted=asked)

    assert (refused.status_code, refused.json()["slug"]) == (422, "deadline-passed")
    assert await empty.published() == []

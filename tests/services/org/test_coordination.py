"""Departments ask one another over HTTP: owed, answered, climbed, directed, measured (ORG-7)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis import documents
from contracts.plans import v1 as plans
from services.org import commands, domain
from services.org.store import tables
from tests.harness import START, Harness
from tests.services.org import city, incidents, reading
from tests.services.org.test_exercise import DRILL, exercise, said

CITY = "410100"


def who(person: str, org: str, *roles: str) -> dict[str, Any]:
    return {"roles": list(roles), "org": org, "areas": [CITY], "person": person, "subject": person}


ASKING = who("zhou", city.EDUCATION, "duty_officer")
ASKED = who("sun", city.METRO, "duty_officer")
ABOVE = who("zhao", city.FLOOD, "commander")
STRANGER = who("liu", city.COMMITTEE, "viewer")
BODY: dict[str, Any] = {
    "fromOrganization": city.EDUCATION,
    "toOrganization": city.METRO,
    "title": "buses",
    "text": "four hundred pupils wait at the station",
    "urgency": "URGENT",
    "need": {"capability": "transport.bus", "quantity": 10, "unit": "unit"},
}


async def ask(org: Harness, **more: Any) -> dict[str, Any]:
    async with org.client(**ASKING) as client:
        answer = await client.post("/v1/coordination-requests", json=BODY | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def do(org: Harness, caller: dict[str, Any], verb: str, **body: Any) -> Any:
    [*_, one] = await org.read(
        documents.find, tables.coordination_request, domain.CoordinationRequest
    )
    async with org.client(**caller) as client:
        return await client.post(
            f"/v1/coordination-requests/{one.id}/{verb}",
            json={"expectedVersion": one.version} | body,
        )


async def owed(org: Harness) -> dict[str, tuple[str, str, datetime]]:
    return {
        str(one.kind): (str(one.state), one.owed_by, one.due_at)
        for one in await reading.obligations(org)
        if one.subject.kind == "COORDINATION_REQUEST"
    }


NO = {"ground": "NO_CAPACITY", "reason": "all are under way"}


async def test_a_request_owes_an_acknowledgement_and_an_answer_and_tells_who_is_on_duty(
    org: Harness,
):
    request = await ask(org)

    assert await owed(org) == {
        "ACKNOWLEDGE_REQUEST": ("OWED", city.METRO, START + timedelta(minutes=10)),
        "ANSWER_REQUEST": ("OWED", city.METRO, START + timedelta(minutes=30)),
    }
    (told,) = await reading.obligations(org, "ANSWER_REQUEST")
    assert reading.told(told) == ["pst_metro"]
    assert (request["status"], request["jurisdiction"]) == ("REQUESTED", CITY)
    [event] = await org.published("coordination_request.requested")
    assert event.body["coordinationRequest"]["quantity"] == 10
    assert "pupils" not in str(event.body)  # free words stay in the request


async def test_it_is_acknowledged_accepted_and_completed_each_with_its_time(org: Harness):
    await ask(org)
    org.clock.set(START + timedelta(minutes=4))
    await do(org, ASKED, "acknowledge")
    org.clock.set(START + timedelta(minutes=12))
    promised = (START + timedelta(minutes=50)).isoformat()
    accepted = await do(org, ASKED, "accept", promisedBy=promised, limited="six of ten")
    assert (await owed(org))["COMPLETE_REQUEST"] == (
        *("OWED", city.METRO),
        START + timedelta(minutes=50),
    )
    org.clock.set(START + timedelta(minutes=45))
    completed = await do(org, ASKED, "complete", result="six buses, all pupils away")

    assert accepted.json()["limited"] == "six of ten"
    assert completed.json()["status"] == "COMPLETED"
    assert {state for state, _, _ in (await owed(org)).values()} == {"ANSWERED"}
    async with org.client(**ASKING) as client:
        asked = {"jurisdiction": "410000", "since": (START - timedelta(days=1)).isoformat()}
        [pair] = (await client.get("/v1/coordination-figures", params=asked)).json()
        asked["since"] = (START + timedelta(days=1)).isoformat()
        later = (await client.get("/v1/coordination-figures", params=asked)).json()
    assert (pair["acknowledgeMedianMinutes"], pair["answerMedianMinutes"]) == (4, 12)
    assert (pair["completeMedianMinutes"], pair["onTimeShare"]) == (45, 1)
    assert later == []


async def test_what_is_declined_climbs_to_who_stands_above_both_and_is_directed(org: Harness):
    await ask(org)
    declined = await do(org, ASKED, "decline", **NO)
    kind, by, due = (await owed(org))["DIRECT_REQUEST"]
    own = await do(org, ASKING | {"roles": ["commander"]}, "direct", direction="DO_IT", reason="x")
    directed = await do(org, ABOVE, "direct", direction="DO_IT", reason="pupils come first")

    assert declined.json()["escalatedTo"] == city.FLOOD
    assert (kind, by, due) == ("OWED", city.FLOOD, START + timedelta(minutes=30))
    assert (own.status_code, own.json()["slug"]) == (409, "own-request")
    assert directed.json()["status"] == "ACCEPTED"
    states = {kind: state for kind, (state, _, _) in (await owed(org)).items()}
    assert states["DIRECT_REQUEST"] == "ANSWERED"
    assert states["COMPLETE_REQUEST"] == "OWED"


async def test_silence_is_raised_and_climbs_with_its_due_time(org: Harness):
    await ask(org)

    await org.advance(START + timedelta(minutes=31))

    assert (await owed(org))["ANSWER_REQUEST"][0] == "OVERDUE"
    assert (await owed(org))["DIRECT_REQUEST"][1] == city.FLOOD
    directed = await do(org, ABOVE, "direct", direction="LEAVE_IT", reason="walked home")
    assert directed.json()["status"] == "DECLINED"
    assert (await owed(org))["ANSWER_REQUEST"][0] == "WAIVED"


async def test_a_superior_is_asked_once_however_often_the_time_runs_out(org: Harness):
    request = await ask(org)

    for _ in range(2):
        await org.run(commands.escalate_unanswered, request["id"])

    assert len(await org.published("coordination_request.escalated")) == 1
    assert len(await reading.obligations(org, "DIRECT_REQUEST")) == 1


async def test_an_answer_in_time_climbs_nowhere(org: Harness):
    await ask(org)
    await do(org, ASKED, "accept")

    await org.advance(START + timedelta(minutes=31))

    assert await org.published("coordination_request.escalated") == []


async def test_what_is_taken_back_is_owed_no_more(org: Harness):
    await ask(org)
    await do(org, ASKED, "accept")
    withdrawn = await do(org, ASKING, "withdraw", reason="walked home")
    late = await do(org, ASKED, "complete", result="x")

    assert withdrawn.json()["status"] == "WITHDRAWN"
    assert (await owed(org))["COMPLETE_REQUEST"][0] == "WAIVED"
    assert (late.status_code, late.json()["slug"]) == (409, "coordination-status-wrong")


@pytest.mark.parametrize(
    ("verb", "caller", "body"),
    [
        ("acknowledge", ASKING, {}),
        ("accept", ASKING, {}),
        ("decline", ABOVE, NO),
        ("complete", ASKING, {"result": "x"}),
        ("withdraw", ASKED, {"reason": "x"}),
        ("direct", ASKED, {"direction": "DO_IT", "reason": "x"}),
        ("direct", ABOVE | {"roles": ["duty_officer"]}, {"direction": "DO_IT", "reason": "x"}),
    ],
)
async def test_each_step_is_its_own_partys(
    org: Harness, verb: str, caller: dict[str, Any], body: dict[str, Any]
):
    await ask(org)

    refused = await do(org, caller, verb, **body)

    assert (refused.status_code, refused.json()["slug"]) == (403, "not-permitted")
    assert refused.json()["needs"]


async def test_nobody_asks_in_the_name_of_another(org: Harness):
    async with org.client(**ASKED) as client:
        refused = await client.post("/v1/coordination-requests", json=BODY)
    async with org.client(**ASKING) as client:
        itself = await client.post(
            "/v1/coordination-requests", json=BODY | {"toOrganization": city.EDUCATION}
        )
        nobody = await client.post(
            "/v1/coordination-requests", json=BODY | {"toOrganization": "org_nobody"}
        )

    assert (refused.status_code, refused.json()["slug"]) == (403, "not-permitted")
    assert (itself.status_code, itself.json()["slug"]) == (422, "asked-itself")
    assert (nobody.status_code, nobody.json()["slug"]) == (404, "organization-not-found")


async def test_of_an_incident_it_takes_place_and_seal(org: Harness, officer: Any):
    incident = await incidents.declared(officer)
    request = await ask(org, incident=incident["id"])
    cleared = who("chen", city.OFFICE, "commander", "sealed_reader")
    async with org.client(**cleared) as client:
        await client.post(
            f"/v1/incidents/{incident['id']}/seal",
            json={"reason": "court", "expectedVersion": incident["version"]},
        )
        listed = {"incident": incident["id"]}
        seen = (await client.get("/v1/coordination-requests", params=listed)).json()
    async with org.client(**ASKED) as client:
        hidden = await client.get(f"/v1/coordination-requests/{request['id']}")

    assert [one["id"] for one in seen["nodes"]] == [request["id"]]
    assert hidden.status_code == 404


async def test_it_is_seen_by_its_parties_wherever_they_are_and_by_no_stranger(org: Harness):
    request = await ask(org)
    path = f"/v1/coordination-requests/{request['id']}"
    abroad: dict[str, Any] = {"areas": ["420000"]}

    async with org.client(**ASKED | abroad) as client:
        party = await client.get(path)
        found = await client.get("/v1/coordination-requests", params={"toOrganization": city.METRO})
    async with org.client(**STRANGER | abroad) as client:
        stranger = await client.get(path)

    assert party.status_code == 200
    assert [one["id"] for one in found.json()["nodes"]] == [request["id"]]
    assert stranger.status_code == 404


async def test_an_exercises_requests_end_with_it(org: Harness, officer: Any):
    players = (city.EDUCATION, city.METRO, city.OFFICE)
    running = exercise(participants=players)
    await org.deliver(said(org, "started", plans.ExerciseStarted(exercise=running)))
    incident = await incidents.declared(officer, mode="EXERCISE", exerciseId=DRILL)
    request = await ask(org, incident=incident["id"])
    assert (request["mode"], request["exerciseId"]) == ("EXERCISE", DRILL)

    over = exercise(state="COMPLETED", participants=players)
    await org.deliver(said(org, "completed", plans.ExerciseCompleted(exercise=over)))

    async with org.client(**ASKING) as client:
        ended = (await client.get(f"/v1/coordination-requests/{request['id']}")).json()
        real = (await client.get("/v1/coordination-requests")).json()["nodes"]
    assert (ended["status"], ended["withdrawnBecause"]) == ("WITHDRAWN", "the exercise is over")
    assert real == []

"""A refused measure passes by an authority's word: asked, granted by a second person, over by itself, told."""

from datetime import timedelta
from typing import Any

import pytest

from services.plans import commands
from tests.harness import Harness
from tests.services.plans import city, law
from tests.services.plans.city import CITY, COMMAND, minutes
from tests.services.plans.law import ASK, AUTHORITY, COMMANDER, COMMITTEE, MEASURE, PROVINCE
from vocabulary import Mode, OrganizationKind

Json = dict[str, Any]
REASON = {"reason": "lives are at risk"}


async def post(plans: Harness, who: Json, path: str, body: Json) -> tuple[int, Json]:
    async with plans.client(**who) as client:
        answer = await client.post(f"/v1/{path}", json=body)
    return answer.status_code, answer.json()


async def asked(plans: Harness, **changes: Any) -> Json:
    """An override is asked for by the commander of an activation whose measure is refused."""
    id = await law.refused(plans)
    status, override = await post(plans, COMMANDER, f"activations/{id}/overrides", ASK | changes)
    assert status == 201, override
    return override


async def granted(plans: Harness) -> Json:
    override = await asked(plans)
    status, override = await post(plans, AUTHORITY, f"overrides/{override['id']}/grant", REASON)
    assert status == 200, override
    return override


async def said(plans: Harness) -> list[str]:
    return [one.event for one in await plans.published() if one.aggregate == "override"]


async def test_who_holds_the_missing_authority_is_asked_then_who_stands_above(plans: Harness):
    override = await asked(plans)

    assert (override["state"], override["until"]) == ("ASKED", None)
    assert override["authorities"] == [COMMITTEE, PROVINCE]
    assert override["askedBy"] == f"{COMMAND}/tester"
    assert override["rule"] == "overrides-national@2007.1"
    assert override["measure"]["legal"]["verdict"] == "REFUSED"
    assert override["measure"]["legal"]["holders"] == [COMMITTEE, PROVINCE]
    (told,) = [one for one in await plans.published() if one.aggregate == "override"]
    assert (told.event, told.body["override"]["measure"]["code"]) == ("asked", MEASURE)
    assert "asker" not in override | told.body["override"]


async def test_a_second_person_of_an_authority_lets_the_measure_pass_for_a_time(plans: Harness):
    override = await granted(plans)

    assert (override["state"], override["authority"]) == ("GRANTED", COMMITTEE)
    assert override["decidedBy"] == f"{COMMITTEE}/pst_mayor"
    assert override["until"] == minutes(120).isoformat().replace("+00:00", "Z")
    assert await said(plans) == ["asked", "granted"]


async def test_the_measure_is_refused_again_when_the_time_is_over(plans: Harness):
    override = await granted(plans)

    early = await plans.advance(minutes(120) - timedelta(seconds=1))
    fired = await plans.advance(minutes(120))
    await plans.run(commands.expire_override, override["id"])

    key = f"override/{override['id']}"
    assert (key in early, key in fired) == (False, True)
    async with plans.client(**AUTHORITY) as client:
        kept = (await client.get(f"/v1/overrides/{override['id']}")).json()
    assert (kept["state"], kept["endedAt"]) == ("EXPIRED", override["until"])
    assert await said(plans) == ["asked", "granted", "expired"]


async def test_an_override_that_fell_due_while_the_service_was_away_ended_at_its_time(
    plans: Harness,
):
    override = await granted(plans)
    plans.clock.set(minutes(500))

    await plans.run(commands.expire_override, override["id"])

    async with plans.client(**AUTHORITY) as client:
        kept = (await client.get(f"/v1/overrides/{override['id']}")).json()
    assert kept["endedAt"] == override["until"]


async def test_whoever_asked_does_not_grant_it(plans: Harness):
    id = await law.refused(plans)
    both = AUTHORITY | {"org": COMMAND, "subject": "li"}
    _, override = await post(plans, both, f"activations/{id}/overrides", ASK)

    status, problem = await post(plans, AUTHORITY, f"overrides/{override['id']}/grant", REASON)

    assert (status, problem["slug"]) == (409, "second-person-required")
    assert await said(plans) == ["asked"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ({"roles": ["viewer", "duty_officer"]}, 403),
        ({"org": COMMAND}, 403),
        ({"org": "org_410100_office"}, 403),
        ({"org": PROVINCE, "areas": ["410000"]}, 200),
        ({"areas": ["410200"]}, 403),  # seen, since its organization is asked
        ({"org": "org_410200_committee", "areas": ["410200"]}, 404),
    ],
)
async def test_only_a_commander_of_an_authority_decides(plans: Harness, who: Json, status: int):
    override = await asked(plans)

    answers = [
        await post(plans, AUTHORITY | who, f"overrides/{override['id']}/{verb}", REASON)
        for verb in ("decline", "grant")
    ]

    assert answers[0][0] == status
    assert answers[1][0] == (409 if status == 200 else status)  # declined before


async def test_a_stranger_asks_for_no_override(plans: Harness):
    id = await law.refused(plans)

    status, problem = await post(
        plans, COMMANDER | {"org": COMMITTEE}, f"activations/{id}/overrides", ASK
    )

    assert (status, problem["slug"]) == (403, "not-permitted")
    assert "in the organization that commands" in problem["detail"]


@pytest.mark.parametrize(
    ("changes", "status", "slug", "field"),
    [
        ({"measure": "fly"}, 422, "measure-not-in-activation", ["measure"]),
        ({"minutes": 1441}, 422, "override-too-long", ["minutes"]),
        ({"minutes": 0}, 422, "invalid-input", ["minutes"]),
        ({"reason": "  "}, 422, "reason-required", ["reason"]),
    ],
)
async def test_what_cannot_be_asked_for_is_a_clear_problem(
    plans: Harness, changes: Json, status: int, slug: str, field: list[str]
):
    id = await law.refused(plans)

    answer, problem = await post(plans, COMMANDER, f"activations/{id}/overrides", ASK | changes)

    assert (answer, problem["slug"], problem["field"]) == (status, slug, field)
    assert await said(plans) == []


async def test_how_long_an_override_may_last_is_said_with_the_rule(plans: Harness):
    id = await law.refused(plans)

    _, problem = await post(
        plans, COMMANDER, f"activations/{id}/overrides", ASK | {"minutes": 1441}
    )

    assert (problem["longestMinutes"], problem["rule"]) == (1440, "overrides-national@2007.1")


async def test_what_the_law_allows_needs_no_override(plans: Harness):
    id = await law.respond(plans)

    status, problem = await post(plans, COMMANDER, f"activations/{id}/overrides", ASK)

    assert (status, problem["slug"]) == (409, "override-not-needed")
    assert problem["provisions"] == ["Flood Control Law on inspect_tunnels"]


async def test_what_is_unknown_takes_a_signature_and_no_override(empty: Harness):
    await city.draft(empty)
    await city.publish(empty)
    id = await law.respond(empty)

    status, problem = await post(empty, COMMANDER, f"activations/{id}/overrides", ASK)

    assert (status, problem["slug"], problem["verdict"]) == (409, "override-not-needed", "UNKNOWN")


async def test_a_measure_is_not_overridden_twice(plans: Harness):
    override = await granted(plans)

    status, problem = await post(
        plans, COMMANDER, f"activations/{override['activationId']}/overrides", ASK
    )

    assert (status, problem["slug"]) == (409, "override-stands")
    assert (problem["override"], problem["state"]) == (override["id"], "GRANTED")
    assert problem["until"] == override["until"]


async def test_the_second_who_decides_is_told_who_was_first(plans: Harness):
    override = await granted(plans)
    province = AUTHORITY | {"org": PROVINCE, "areas": ["410000"], "subject": "wu"}

    status, problem = await post(plans, province, f"overrides/{override['id']}/decline", REASON)

    assert (status, problem["slug"]) == (409, "override-already-decided")
    assert problem["decidedBy"] == f"{COMMITTEE}/pst_mayor"


async def test_no_more_is_granted_than_was_asked_for_and_less_is(plans: Harness):
    override = await asked(plans)
    path = f"overrides/{override['id']}/grant"

    status, problem = await post(plans, AUTHORITY, path, REASON | {"minutes": 121})
    _, shorter = await post(plans, AUTHORITY, path, REASON | {"minutes": 30})

    assert (status, problem["slug"]) == (422, "override-too-long")
    assert shorter["until"] == minutes(30).isoformat().replace("+00:00", "Z")


async def test_where_nobody_is_known_who_holds_the_authority_that_is_said(plans: Harness):
    await law.hear_provision(plans, OrganizationKind.ENTERPRISE)
    id = await law.respond(plans)

    status, problem = await post(plans, COMMANDER, f"activations/{id}/overrides", ASK)

    assert (status, problem["slug"]) == (409, "override-not-provided")


async def test_ending_the_response_ends_its_overrides(plans: Harness):
    override = await granted(plans)

    await post(
        plans,
        COMMANDER,
        f"activations/{override['activationId']}/end",
        {"reason": "calm", "override": "org_410100_committee/mayor"},
    )

    (ended,) = await plans.published("override.ended")
    told = ended.body["override"]
    assert (told["state"], told["until"]) == ("ENDED", override["until"])
    assert told["endedBecause"] == "nothing of the activation is in force any more"
    assert f"override/{override['id']}" not in await plans.advance(minutes(600))


@pytest.mark.parametrize("who", [COMMANDER, AUTHORITY])
async def test_either_side_ends_an_override_before_its_time(plans: Harness, who: Json):
    override = await granted(plans)
    path = f"overrides/{override['id']}/end"

    _, ended = await post(plans, who, path, {"reason": "the water fell"})
    status, problem = await post(plans, who, path, {"reason": "again"})

    assert ended["state"] == "ENDED"
    assert ended["endedBecause"].endswith(": the water fell")
    assert (status, problem["slug"]) == (409, "override-already-decided")


async def test_only_the_version_that_was_read_is_decided_on(plans: Harness):
    override = await asked(plans)

    status, problem = await post(
        plans, AUTHORITY, f"overrides/{override['id']}/grant", REASON | {"expectedVersion": 9}
    )

    assert (status, problem["slug"], problem["currentVersion"]) == (409, "version-conflict", 1)


async def test_overrides_are_listed_and_counted_by_activation_and_incident(plans: Harness):
    await city.hear_incident(plans, "declared", city.incident("inc_1"))
    override = await granted(plans)
    await city.hear_incident(plans, "facts_recorded", city.incident("inc_1", deaths=0.0))
    await plans.advance(minutes(121))
    activation = override["activationId"]
    again = await post(plans, COMMANDER, f"activations/{activation}/overrides", ASK)

    async with plans.client(**COMMANDER) as client:
        listed = (await client.get(f"/v1/overrides?activationId={activation}")).json()["nodes"]
        expired = (await client.get("/v1/overrides?state=EXPIRED")).json()["nodes"]
        drills = (await client.get("/v1/overrides?mode=EXERCISE")).json()["nodes"]
        found = {
            batch: (await client.post(f"/v1/batch/{batch}", json={"keys": [key]})).json()[key]
            for batch, key in (
                ("overridesByActivation", activation),
                ("overrideFiguresByActivation", activation),
                ("overrideFiguresByIncident", "inc_1"),
            )
        }
        none = (
            await client.post("/v1/batch/overrideFiguresByIncident", json={"keys": ["inc_2"]})
        ).json()["inc_2"]

    assert again[0] == 201
    assert [one["state"] for one in listed] == ["ASKED", "EXPIRED"]
    assert [one["id"] for one in expired] == [override["id"]]
    assert drills == []
    assert [one["state"] for one in found["overridesByActivation"]] == ["EXPIRED", "ASKED"]
    figures = {
        "asked": 2,
        "waiting": 1,
        "granted": 1,
        "declined": 0,
        "inForce": 0,
        "minutes": 120.0,
    }
    assert found["overrideFiguresByActivation"] == figures
    assert found["overrideFiguresByIncident"] == figures
    assert none["asked"] == 0


async def test_an_exercise_overrides_apart(plans: Harness):
    await law.settle(plans)
    id = await law.respond(plans, mode=Mode.EXERCISE)

    _, override = await post(plans, COMMANDER, f"activations/{id}/overrides", ASK)

    (told,) = await plans.published("override.asked")
    assert (override["mode"], told.subject.split(".")[0]) == ("EXERCISE", "uemx")


async def test_an_override_is_seen_by_who_asked_who_may_decide_and_where_it_is(plans: Harness):
    override = await asked(plans)

    seen = []
    for who in (
        {"areas": [CITY]},
        {"areas": [], "org": PROVINCE},
        {"areas": [], "org": COMMAND},
        {"areas": [], "org": "org_410200_committee"},
        {"areas": [city.SMALL]},
    ):
        async with plans.client(**who) as client:
            answer = await client.get(f"/v1/overrides/{override['id']}")
            listed = (await client.get("/v1/overrides")).json()["nodes"]
        assert (answer.status_code == 200) == bool(listed)
        seen.append(bool(listed))

    assert seen == [True, True, True, False, False]


async def test_an_override_is_sealed_with_the_incident_that_its_response_rests_on(
    plans: Harness,
):
    await city.hear_incident(plans, "declared", city.incident("inc_1"))
    override = await asked(plans)
    cleared = {"roles": ["viewer", "commander", "sealed_reader"]}
    path = f"overrides/{override['id']}/grant"

    await city.hear_incident(plans, "sealed", city.incident("inc_1", sealed=True))

    status, problem = await post(plans, AUTHORITY, path, REASON)
    assert (status, problem["slug"]) == (404, "override-not-found")
    async with plans.client(areas=[CITY]) as client:
        assert (await client.get(f"/v1/overrides/{override['id']}")).status_code == 404
    assert (await post(plans, AUTHORITY | cleared, path, REASON))[0] == 200


async def test_a_viewer_is_told_what_he_may_do_to_an_override(plans: Harness):
    override = await asked(plans)
    key = f"override:{override['id']}"

    may = {}
    for name, who in (("asker", COMMANDER), ("authority", AUTHORITY)):
        async with plans.client(**who) as client:
            answer = await client.post("/v1/batch/permissions", json={"keys": [key]})
        may[name] = {one["action"] for one in answer.json()[key] if one["allowed"]}

    assert may == {
        "asker": {"end_override"},
        "authority": {"grant_override", "decline_override", "end_override"},
    }

"""Incidents over HTTP: the mistakes of reference/users.md §7 are answered as written there."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.guarantee import v1 as guarantee
from tests.harness import START, Harness
from tests.services.org import city
from tests.services.org.incidents import FAR, NEAR, PLACE, body, declared, fact, record
from vocabulary import Mode


async def test_numbers_are_gapless_by_division_and_civil_day(org: Harness, officer: Any) -> None:
    first = await declared(officer)
    refused = await officer.post("/v1/incidents", json=body(place=NEAR))
    second = await declared(officer, place=FAR)
    exercise = await declared(officer, mode="EXERCISE")
    org.clock.set(START + timedelta(hours=9))  # 08:00 UTC + 9 h is past midnight in Beijing time
    next_day = await declared(officer)

    assert refused.status_code == 409
    assert [one["number"] for one in (first, second, exercise, next_day)] == [
        "410100-20260601-001",
        "410100-20260601-002",
        "EX-410100-20260601-001",
        "410100-20260602-001",
    ]


async def test_mistake_1_a_double_click_declares_one_incident(officer: Any) -> None:
    key = {"Idempotency-Key": "one-click"}

    first = await officer.post("/v1/incidents", json=body(), headers=key)
    again = await officer.post("/v1/incidents", json=body(), headers=key)

    assert first.json() == again.json()
    listed = (await officer.get("/v1/incidents", params={"count": True})).json()
    assert listed["totalCount"] == 1


async def test_mistake_2_the_same_event_near_by_is_a_possible_duplicate(
    org: Harness, officer: Any, second: Any
) -> None:
    first = await declared(officer)
    org.clock.set(START + timedelta(minutes=3))

    refused = await second.post("/v1/incidents", json=body(place=NEAR))

    problem = refused.json()
    assert (refused.status_code, problem["slug"]) == (409, "possible-duplicate")
    assert problem["candidates"] == [
        {"id": first["id"], "number": first["number"], "title": first["title"]}
    ]
    other = await declared(second, place=NEAR, notADuplicateOf=[first["id"]])
    assert other["number"] == "410100-20260601-002"


@pytest.mark.parametrize(
    "different", [{"place": FAR}, {"emergencyType": "12B01"}, {"mode": "EXERCISE"}]
)
async def test_another_place_type_or_mode_is_no_duplicate(
    officer: Any, different: dict[str, Any]
) -> None:
    await declared(officer)

    assert (await officer.post("/v1/incidents", json=body(**different))).status_code == 201


async def test_half_an_hour_later_is_no_duplicate(org: Harness, officer: Any) -> None:
    await declared(officer)
    org.clock.set(START + timedelta(minutes=31))

    assert (await officer.post("/v1/incidents", json=body())).status_code == 201


async def test_mistake_2_merged_incidents_can_be_taken_apart(officer: Any) -> None:
    first = await declared(officer)
    other = await declared(officer, place=NEAR, notADuplicateOf=[first["id"]])
    path = f"/v1/incidents/{other['id']}"

    merged = await officer.post(
        f"{path}/merge", json={"into": first["id"], "expectedVersion": other["version"]}
    )
    apart = await officer.post(
        f"{path}/unmerge", json={"expectedVersion": merged.json()["version"]}
    )

    assert (merged.json()["status"], merged.json()["mergedInto"]) == ("MERGED", first["id"])
    assert (apart.json()["status"], apart.json()["mergedInto"]) == ("DECLARED", None)


async def test_mistake_3_a_jump_of_two_grades_waits_for_a_second_person(
    org: Harness, officer: Any, second: Any
) -> None:
    incident = await declared(officer, facts=[fact("deaths", 3)])
    assert incident["grade"] == "GRADE_III"

    typed = (await record(officer, incident, fact("deaths", 500))).json()

    assert typed["grade"] == "GRADE_III"
    assert [one["code"] for one in typed["attention"]] == ["figure-needs-second-person"]
    assert [one["value"] for one in typed["figures"]] == [3]
    assert await org.published("incident.regraded") == []

    path = f"/v1/incidents/{incident['id']}/figures/{typed['attention'][0]['figureId']}/confirm"
    own = await officer.post(path, json={"expectedVersion": typed["version"]})
    assert (own.status_code, own.json()["slug"]) == (409, "second-person-required")
    other = (await second.post(path, json={"expectedVersion": typed["version"]})).json()
    assert (other["grade"], other["gradeRule"]) == ("GRADE_I", "work-accidents@2007.1")
    (regraded,) = await org.published("incident.regraded")
    assert regraded.body["fromGrade"] == "GRADE_III"
    assert [one["value"] for one in regraded.body["inputs"]] == [500]


async def test_mistake_3_the_corrected_figure_withdraws_the_mistyped_one(officer: Any) -> None:
    incident = await declared(officer)
    typed = (await record(officer, incident, fact("deaths", 500))).json()

    corrected = (await record(officer, typed, fact("deaths", 5))).json()

    assert (corrected["grade"], corrected["attention"]) == ("GRADE_III", [])


async def test_mistake_4_an_increment_after_the_total_is_refused(
    org: Harness, officer: Any
) -> None:
    incident = await declared(officer, facts=[fact("deaths", 7)])
    org.clock.set(START + timedelta(minutes=5))
    later = (START + timedelta(minutes=5)).isoformat()

    refused = await record(officer, incident, fact("deaths", 5, observedAt=later))

    problem = refused.json()
    assert (refused.status_code, problem["slug"]) == (409, "figure-decreased")
    assert problem["detail"] == "7 at 16:00 from the same source. Correction or increment?"
    reason = "two were counted twice"
    accepted = await record(
        officer, incident, fact("deaths", 5, observedAt=later, correctionReason=reason)
    )
    assert accepted.json()["figures"][0]["value"] == 5


async def test_mistake_5_blank_deaths_stay_unknown_and_never_become_zero(
    org: Harness, officer: Any
) -> None:
    blank = await declared(officer, facts=[fact("deaths", None)])
    zero = await declared(officer, place=FAR, facts=[fact("deaths", 0)])

    assert (blank["figures"][0]["value"], blank["grade"]) == (None, None)
    assert (zero["figures"][0]["value"], zero["grade"]) == (0, "GRADE_IV")
    said = await org.published("incident.declared")
    assert "value" not in said[0].body["incident"]["figures"][0]
    assert said[1].body["incident"]["figures"][0]["value"] == 0


async def test_mistake_7_what_was_observed_tomorrow_is_refused_and_yesterday_offered(
    org: Harness, officer: Any
) -> None:
    incident = await declared(officer)
    ahead = (START + timedelta(hours=23, minutes=30)).isoformat()

    refused = await record(officer, incident, fact("deaths", 1, observedAt=ahead))
    tolerated = await record(
        officer, incident, fact("deaths", 1, observedAt=(START + timedelta(minutes=2)).isoformat())
    )

    problem = refused.json()
    assert (refused.status_code, problem["slug"]) == (422, "observed-in-future")
    assert problem["remedy"] == "Did you mean 2026-06-01 15:30?"
    assert tolerated.status_code == 200


async def test_mistake_8_what_was_known_earlier_is_accepted_with_both_times(
    org: Harness, officer: Any
) -> None:
    incident = await declared(officer)
    org.clock.set(START + timedelta(minutes=75))
    now = org.clock.now().isoformat()
    incident = (await record(officer, incident, fact("missing", 4, observedAt=now))).json()

    late = fact("missing", 6, observedAt=(START + timedelta(minutes=1)).isoformat())
    after = (await record(officer, incident, late)).json()

    assert after["figures"][0]["value"] == 4
    (said, _) = await org.published("incident.facts_recorded")
    assert said.body["changed"] == ["missing"]


async def test_mistake_11_an_incident_with_something_open_or_out_is_not_closable(
    org: Harness, officer: Any
) -> None:
    incident = await declared(officer, emergencyType="11B03")
    await org.deliver(
        city.activated(org, "started", city.activation(incident_id=incident["id"], measures=()))
    )
    boat = guarantee.Dispatch(
        id="dsp_1",
        requirement_id="req_1",
        activation_id="act_1",
        incident_id=incident["id"],
        resource_id="res_boat",
        resource_name_en="boat",
        capability="boats",
        quantity=1,
        unit="1",
        status="ON_SCENE",
        ordered_at=START,
        mode=Mode.REAL,
        jurisdiction="410100",
    )
    await org.deliver(
        guarantee.DispatchOnScene(dispatch=boat),
        service="guarantee",
        aggregate="dispatch",
        event="on_scene",
        id="dsp_1",
        area="410100",
    )
    present = (await officer.get(f"/v1/incidents/{incident['id']}")).json()
    assert present["status"] == "RESPONDING"

    refused = await officer.post(
        f"/v1/incidents/{incident['id']}/close", json={"expectedVersion": present["version"]}
    )

    problem = refused.json()
    assert (refused.status_code, problem["slug"]) == (409, "incident-not-closable")
    assert [(one["kind"], one["what"]) for one in problem["blockers"]] == [
        ("TASK", "open shelters"),
        ("TASK", "fly"),
        ("DISPATCH", "boat ON_SCENE"),
    ]
    assert (await officer.get(f"/v1/incidents/{incident['id']}")).json() == present


async def test_an_incident_with_nothing_open_closes_and_takes_no_more_facts(
    org: Harness, officer: Any
) -> None:
    incident = await declared(officer)

    closed = await officer.post(
        f"/v1/incidents/{incident['id']}/close", json={"expectedVersion": incident["version"]}
    )
    refused = await record(officer, closed.json(), fact("deaths", 1))

    assert (closed.json()["status"], refused.json()["slug"]) == ("CLOSED", "incident-status-wrong")
    assert len(await org.published("incident.closed")) == 1


async def test_mistake_13_of_two_at_once_one_wins_and_the_other_is_told_who(
    officer: Any, second: Any
) -> None:
    incident = await declared(officer)
    change = {"status": "RESPONDING", "reason": "on it", "expectedVersion": incident["version"]}
    path = f"/v1/incidents/{incident['id']}/status"

    first = await officer.post(path, json=change)
    late = await second.post(path, json=change)

    problem = late.json()
    assert first.status_code == 200
    assert (late.status_code, problem["slug"]) == (409, "version-conflict")
    assert (problem["currentVersion"], problem["changedBy"]) == (2, "wang")
    assert problem["changedAt"].startswith("2026-06-01T08:00:00")


async def test_sources_stand_side_by_side_and_are_never_added_up(
    org: Harness, officer: Any
) -> None:
    incident = await declared(
        officer,
        facts=[fact("deaths", 2), fact("deaths", 4, source="emergency-management:bureau")],
    )

    shown = await officer.get(
        f"/v1/incidents/{incident['id']}/figures", params={"preferredOnly": False}
    )

    assert [(one["source"], one["preferred"], one["contradictedBy"]) for one in shown.json()] == [
        (
            "emergency-management:bureau",
            True,
            [{"value": 2, "source": "health:hospital"}],
        ),
        (
            "health:hospital",
            False,
            [{"value": 4, "source": "emergency-management:bureau"}],
        ),
    ]
    assert [one["value"] for one in incident["figures"]] == [4]


async def test_declaring_forms_exactly_one_command(org: Harness, officer: Any) -> None:
    incident = await declared(officer, emergencyType="11B03")

    (formed,) = await org.published("command.formed")
    assert formed.body["command"] == {
        "id": formed.id,
        "incidentId": incident["id"],
        "organizationId": city.FLOOD,
        "commanderPost": "pst_director",
        "heldBy": "410100",
        "spanOfControl": 2,
        "formedAt": "2026-06-01T08:00:00Z",
    }
    found = (await officer.get("/v1/violations")).json()
    assert [one["kind"] for one in found] == ["SPAN_OF_CONTROL"]


async def test_a_command_that_no_post_can_lead_is_owed(org: Harness, officer: Any) -> None:
    incident = await declared(officer)  # the office commands work accidents and has no post

    owed = (await officer.get("/v1/obligations", params={"kind": "FORM_COMMAND"})).json()["nodes"]
    assert [(one["owedBy"], one["incidentId"]) for one in owed] == [(city.OFFICE, incident["id"])]
    assert await org.published("command.formed") == []


async def test_a_place_outside_its_jurisdiction_looks_swapped(officer: Any) -> None:
    swapped = {"type": "Point", "coordinates": [34.75, 113.62]}
    outside = {"type": "Point", "coordinates": [34.75, 80.0]}

    impossible = await officer.post("/v1/incidents", json=body(place=swapped))
    elsewhere = await officer.post("/v1/incidents", json=body(place=outside))

    assert impossible.json()["slug"] == "place-invalid"
    assert "swapped" in impossible.json()["detail"]
    assert elsewhere.json()["slug"] == "place-outside-jurisdiction"


async def test_a_place_of_a_chinese_map_is_converted(officer: Any) -> None:
    incident = await declared(officer, placeCrs="GCJ02")

    longitude, latitude = incident["place"]["coordinates"]
    assert 113.60 < longitude < 113.62
    assert 34.74 < latitude < 34.76
    assert longitude != PLACE["coordinates"][0]


async def test_whoever_only_views_declares_nothing(org: Harness) -> None:
    async with org.client(roles=["viewer"]) as client:
        answer = await client.post("/v1/incidents", json=body())

    assert answer.status_code == 403


async def test_when_it_happened_is_told_beside_when_it_was_declared(
    org: Harness, officer: Any
) -> None:
    known = await declared(officer, occurredAt="2026-06-01T07:30:00Z")
    unknown = await declared(officer, place=FAR)

    assert (known["occurredAt"], unknown["occurredAt"]) == ("2026-06-01T07:30:00Z", None)
    first, second = await org.published("incident.declared")
    assert first.body["incident"]["occurredAt"] == "2026-06-01T07:30:00Z"
    assert "occurredAt" not in second.body["incident"]


async def test_nothing_has_happened_tomorrow(officer: Any) -> None:
    refused = await officer.post("/v1/incidents", json=body(occurredAt="2026-06-02T15:30:00+08:00"))

    assert (refused.status_code, refused.json()["slug"]) == (422, "observed-in-future")
    assert refused.json()["field"] == ["occurredAt"]

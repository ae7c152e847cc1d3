"""The duty log is signed, timed, struck and never edited; reports are taken in with hints."""

from datetime import timedelta
from typing import Any

import pytest

from tests.harness import START, Harness
from tests.services.org import city

PLACE = {"type": "Point", "coordinates": [113.62, 34.75]}


@pytest.fixture
async def officer(org: Harness):
    async with org.client(
        roles=["duty_officer", "viewer"], org=city.FLOOD, person="wang", posts=["pst_duty"]
    ) as client:
        yield client


def line(**more: Any) -> dict[str, Any]:
    return {
        "jurisdiction": "410100",
        "at": (START - timedelta(minutes=10)).isoformat(),
        "kind": "CALL",
        "text": "16:02 water at the tunnel, called traffic police, Wang answered",
        "post": "pst_duty",
    } | more


def told(**more: Any) -> dict[str, Any]:
    return {
        "source": "hotline-110",
        "emergencyType": "11A02",
        "place": PLACE,
        "jurisdiction": "410100",
        "text": "the underpass is full of water",
        "observedAt": START.isoformat(),
    } | more


async def test_a_line_is_signed_with_when_it_happened_and_when_it_was_written(
    org: Harness, officer: Any
) -> None:
    entry = (await officer.post("/v1/log-entries", json=line())).json()

    assert (entry["by"], entry["post"], entry["organizationId"]) == ("wang", "pst_duty", city.FLOOD)
    assert entry["at"] == "2026-06-01T07:50:00Z"
    assert entry["recordedAt"] == "2026-06-01T08:00:00Z"
    (said,) = await org.published("log_entry.added")
    assert "text" not in said.body["entry"]


async def test_a_line_is_struck_with_a_reason_and_stays_readable(officer: Any) -> None:
    entry = (await officer.post("/v1/log-entries", json=line())).json()
    path = f"/v1/log-entries/{entry['id']}/strike"
    strike = {"reason": "wrong tunnel", "expectedVersion": entry["version"]}

    struck = (await officer.post(path, json=strike)).json()
    again = await officer.post(path, json=strike | {"expectedVersion": struck["version"]})

    assert (struck["text"], struck["struckBecause"]) == (entry["text"], "wrong tunnel")
    assert again.json()["slug"] == "log-entry-struck"
    assert (await officer.get("/v1/log-entries")).json()["nodes"] == [struck]


async def test_no_route_edits_or_deletes_a_line(org: Harness) -> None:
    methods = {
        method
        for route, operations in org.app.openapi()["paths"].items()
        if route.startswith("/v1/log-entries")
        for method in operations
    }

    assert methods == {"get", "post"}


async def test_mistake_7_a_call_of_tonight_is_not_logged_as_of_tomorrow(officer: Any) -> None:
    later = line(at=(START + timedelta(hours=23, minutes=30)).isoformat())

    answer = await officer.post("/v1/log-entries", json=later)

    problem = answer.json()
    assert (answer.status_code, problem["slug"]) == (422, "observed-in-future")
    assert problem["suggestion"] == "2026-06-01T15:30:00+08:00"


async def test_people_do_not_write_system_lines_nor_for_posts_they_do_not_hold(
    officer: Any,
) -> None:
    system = await officer.post("/v1/log-entries", json=line(kind="SYSTEM"))
    other = await officer.post("/v1/log-entries", json=line(post="pst_mayor"))

    assert (system.json()["slug"], other.json()["slug"]) == ("log-kind-reserved", "post-not-held")


async def test_decisions_write_their_own_lines_in_the_log_of_their_incident(
    org: Harness, officer: Any
) -> None:
    incident = await officer.post(
        "/v1/incidents",
        json={
            "jurisdiction": "410100",
            "emergencyType": "11B03",
            "title": "flooded tunnel",
            "place": PLACE,
        },
    )
    id = incident.json()["id"]
    await officer.post("/v1/log-entries", json=line(incident=id))

    log = (await officer.post("/v1/batch/log-by-incident", json={"keys": [id]})).json()[id]

    assert [(one["kind"], one["textEn"]) for one in log] == [
        ("SYSTEM", "Command formed: org_410100_flood_command"),
        ("SYSTEM", "Declared: flooded tunnel"),
        ("CALL", None),
    ]


async def test_reports_near_by_are_hints_to_one_another(officer: Any) -> None:
    first = (await officer.post("/v1/reports", json=told())).json()
    same = (await officer.post("/v1/reports", json=told(source="hotline-119"))).json()
    other = (await officer.post("/v1/reports", json=told(emergencyType="12B01"))).json()

    assert first["possibleDuplicates"] == []
    assert same["possibleDuplicates"] == [first["id"]]
    assert other["possibleDuplicates"] == []


async def test_the_same_number_of_a_source_is_one_report(officer: Any) -> None:
    first = await officer.post("/v1/reports", json=told(sourceKey="A-17"))
    again = await officer.post("/v1/reports", json=told(sourceKey="A-17"))

    assert first.json() == again.json()


async def test_a_report_is_verified_or_rejected_once(org: Harness, officer: Any) -> None:
    true = (await officer.post("/v1/reports", json=told())).json()
    false = (await officer.post("/v1/reports", json=told(source="hotline-119"))).json()

    verified = await officer.post(
        f"/v1/reports/{true['id']}/verify", json={"expectedVersion": true["version"]}
    )
    rejected = await officer.post(
        f"/v1/reports/{false['id']}/reject",
        json={
            "expectedVersion": false["version"],
            "reason": "same call",
            "duplicateOf": true["id"],
        },
    )
    twice = await officer.post(
        f"/v1/reports/{false['id']}/verify", json={"expectedVersion": rejected.json()["version"]}
    )

    assert (verified.json()["status"], rejected.json()["status"]) == ("VERIFIED", "DUPLICATE")
    assert twice.json()["slug"] == "report-status-wrong"
    assert "text" not in (await org.published("report.received"))[0].body["report"]


async def test_an_incident_declared_from_a_report_verifies_it(officer: Any) -> None:
    report = (await officer.post("/v1/reports", json=told())).json()
    incident = await officer.post(
        "/v1/incidents",
        json={
            "jurisdiction": "410100",
            "emergencyType": "11A02",
            "title": "flooded underpass",
            "place": PLACE,
            "fromReports": [report["id"]],
        },
    )

    after = (await officer.get(f"/v1/reports/{report['id']}")).json()
    assert (after["status"], after["incidentId"]) == ("VERIFIED", incident.json()["id"])


async def test_mistake_12_an_exercise_report_cannot_open_a_real_incident(officer: Any) -> None:
    report = (await officer.post("/v1/reports", json=told(mode="EXERCISE"))).json()
    declare = {
        "jurisdiction": "410100",
        "emergencyType": "11A02",
        "title": "underpass flooded",
        "place": PLACE,
        "mode": "REAL",
        "fromReports": [report["id"]],
    }

    refused = await officer.post("/v1/incidents", json=declare)

    assert (refused.status_code, refused.json()["slug"]) == (409, "mode-is-fixed")
    assert (await officer.get("/v1/incidents")).json()["nodes"] == []

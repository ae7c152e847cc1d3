"""Reports upward over HTTP: owed, drafted, phoned, signed, sent, receipted; the next one in time (ORG-4)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis import documents
from chassis.policy import of_token
from chassis.unit_of_work import Caller
from contracts.plans import v1 as plans
from services.org import commands, domain
from services.org.store import tables
from tests.harness import START, Harness
from tests.services.org import city, incidents, reading
from tests.services.org.test_exercise import DRILL, exercise, said
from vocabulary import OrganizationKind

CITY = "410100"
PROVINCE = "org_410000_office"
COMMANDER: dict[str, Any] = {
    "roles": ["commander"],
    "org": city.OFFICE,
    "person": "chen",
    "subject": "chen",
    "posts": ["pst_office"],
}
SUPERIOR: dict[str, Any] = {
    "roles": ["duty_officer"],
    "org": PROVINCE,
    "areas": ["410000"],
    "person": "gao",
    "subject": "gao",
}

NATIONAL = Caller(subject="operator", grants=of_token(("operator",), ("000000",), city.OFFICE))


@pytest.fixture
async def org(org: Harness) -> Harness:
    """The city, whose province has an office on duty."""
    office = city.organization(PROVINCE, OrganizationKind.COMMITTEE_OFFICE, "410000")
    await org.run(commands.put_organization, office, caller=city.OPERATOR)
    for post in (city.post("pst_office", city.OFFICE, 0), city.post("pst_above", PROVINCE, 0)):
        await org.run(commands.put_post, post, caller=city.OPERATOR)
    return org


async def grave(officer: Any, **more: Any) -> dict[str, Any]:
    """A work accident of grade III that is one of grade II at once, by a second count."""
    incident = await incidents.declared(officer, facts=[incidents.fact("deaths", 4)], **more)
    answer = await incidents.record(officer, incident, incidents.fact("deaths", 12))
    found: dict[str, Any] = answer.json()
    assert found["grade"] == "GRADE_II", found
    return found


async def reports(org: Harness) -> list[domain.SituationReport]:
    return await org.read(documents.find, tables.situation_report, domain.SituationReport)


async def latest(org: Harness) -> domain.SituationReport:
    return (await reports(org))[-1]


async def act(client: Any, org: Harness, verb: str, **body: Any) -> Any:
    one = await latest(org)
    path = f"/v1/situation-reports/{one.id}/{verb}"
    return await client.post(path, json={"expectedVersion": one.version} | body)


async def done(client: Any, org: Harness, verb: str, **body: Any) -> dict[str, Any]:
    answer = await act(client, org, verb, **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def send(org: Harness, officer: Any) -> dict[str, Any]:
    """The latest report is phoned, signed by a commander and sent."""
    await done(officer, org, "phone", to="province, duty post")
    async with org.client(**COMMANDER) as commander:
        await done(commander, org, "sign", post="pst_office")
    return await done(officer, org, "send")


async def owed(org: Harness, kind: str = "REPORT_UPWARD") -> list[tuple[str, datetime]]:
    return [
        (one.state, one.due_at)
        for one in await reading.obligations(org, kind)
        if one.state != "WAIVED"
    ]


async def test_a_grave_incident_owes_a_call_in_30_minutes_and_a_report_in_two_hours(
    org: Harness, officer: Any
):
    incident = await grave(officer)

    report = await latest(org)
    assert (report.stage, report.status, report.is_urgent) == ("INITIAL", "DRAFT", True)
    assert (report.organization_id, report.recipient_id) == (city.OFFICE, PROVINCE)
    assert report.number == f"{incident['number']}-R00"
    assert await owed(org, "PHONE_REPORT") == [("OWED", START + timedelta(minutes=30))]
    assert await owed(org) == [("OWED", START + timedelta(minutes=120))]
    (told,) = await reading.obligations(org, "REPORT_UPWARD")
    assert reading.told(told) == ["pst_office"]
    assert told.owed_to == PROVINCE


async def test_it_is_phoned_signed_by_another_sent_and_receipted_each_timed(
    org: Harness, officer: Any
):
    await grave(officer)
    org.clock.set(START + timedelta(minutes=10))
    await done(officer, org, "revise", note="the pit is still moving; cranes are asked for")
    sent = await send(org, officer)
    org.clock.set(START + timedelta(minutes=25))
    async with org.client(**SUPERIOR) as superior:
        received = await done(superior, org, "receipt", reference="豫值〔2026〕7")
        again = await done(superior, org, "receipt", reference="other")

    assert sent["status"] == "SENT"
    assert "cranes are asked for" in sent["textEn"]
    assert sent["signedBy"] == f"{city.OFFICE}/pst_office"
    assert (received["status"], received["reference"]) == ("RECEIPTED", "豫值〔2026〕7")
    assert received["sentAt"] < received["receivedAt"]
    assert again == received
    for kind in ("PHONE_REPORT", "REPORT_UPWARD", "ACKNOWLEDGE_REPORT"):
        assert [state for state, _ in await owed(org, kind)] == ["ANSWERED"], kind
    said = [one.event for one in await org.published() if one.aggregate == "situation_report"]
    assert said == ["drafted", "drafted", "drafted", "phoned", "signed", "sent", "receipted"]


async def test_nobody_signs_what_they_drafted_and_an_officer_does_not_sign(
    org: Harness, officer: Any
):
    await grave(officer)
    refused = await act(officer, org, "sign")
    async with org.client(**COMMANDER) as commander:
        await done(commander, org, "revise", note="mine")
        own = await act(commander, org, "sign")

    assert (refused.status_code, refused.json()["slug"]) == (403, "not-permitted")
    assert (own.status_code, own.json()["slug"]) == (409, "second-person-required")
    assert (await latest(org)).status is domain.SituationReportStatus.DRAFT


async def test_an_urgent_report_is_not_sent_before_the_call(org: Harness, officer: Any):
    await grave(officer)
    async with org.client(**COMMANDER) as commander:
        await done(commander, org, "sign")

    refused = await act(officer, org, "send")

    assert (refused.status_code, refused.json()["slug"]) == (409, "phone-first")
    assert "record the call" in refused.json()["remedy"]


async def test_the_draft_follows_the_facts_and_a_signature_on_old_facts_is_a_conflict(
    org: Harness, officer: Any
):
    incident = await grave(officer)
    seen = await latest(org)
    await incidents.record(officer, incident, incidents.fact("deaths", 14))

    async with org.client(**COMMANDER) as commander:
        stale = await commander.post(
            f"/v1/situation-reports/{seen.id}/sign", json={"expectedVersion": seen.version}
        )

    assert (stale.status_code, stale.json()["slug"]) == (409, "version-conflict")
    assert [one.value for one in (await latest(org)).content.figures] == [14]


async def test_what_is_not_reported_is_raised_with_its_true_due_time(org: Harness, officer: Any):
    await grave(officer)

    await org.advance(START + timedelta(hours=3))

    assert await owed(org) == [("OVERDUE", START + timedelta(minutes=120))]
    overdue = {one.body["obligation"]["kind"] for one in await org.published("obligation.overdue")}
    assert overdue == {"PHONE_REPORT", "REPORT_UPWARD"}


async def test_a_graver_incident_is_due_sooner_and_phoned(org: Harness, officer: Any):
    incident = await incidents.declared(officer, facts=[incidents.fact("deaths", 4)])
    report = await latest(org)
    assert (report.content.grade, report.is_urgent) == ("GRADE_III", False)
    org.clock.set(START + timedelta(minutes=20))

    await incidents.record(officer, incident, incidents.fact("deaths", 11))

    report = await latest(org)
    assert (report.content.grade, report.is_urgent) == ("GRADE_II", True)
    calls = await owed(org, "PHONE_REPORT")
    assert calls == [("OWED", START + timedelta(minutes=50))]
    assert report.due_at == START + timedelta(minutes=120)  # never later than it was


async def test_the_next_report_is_drafted_half_an_hour_before_it_is_due_and_says_what_changed(
    org: Harness, officer: Any
):
    incident = await grave(officer)
    await send(org, officer)
    await incidents.record(officer, incident, incidents.fact("deaths", 15))

    await org.advance(START + timedelta(minutes=209))
    assert len(await reports(org)) == 1
    await org.advance(START + timedelta(minutes=211))

    report = await latest(org)
    assert (report.stage, report.ordinal) == ("FOLLOW_UP", 1)
    assert report.due_at == START + timedelta(minutes=240)  # grade II: every four hours
    assert [(one.value, one.was) for one in report.content.figures] == [(15, 12)]
    assert report.is_urgent is False


async def test_a_follow_up_that_falls_due_twice_is_drafted_once(org: Harness, officer: Any):
    await grave(officer)
    sent = await send(org, officer)

    for _ in range(2):
        await org.run(commands.follow_up, sent["id"])

    assert [one.ordinal for one in await reports(org)] == [0, 1]


async def test_the_draft_tells_what_was_ordered(org: Harness, officer: Any):
    incident = await incidents.declared(officer, emergencyType="11B03")
    started = city.activation(incident_id=incident["id"])
    await org.deliver(city.activated(org, "started", started))

    measures = [one.text_en for one in (await latest(org)).content.measures]

    assert measures[0] == f"incident command formed ({city.FLOOD})"
    assert "stop the metro (order 410100-2026-001)" in measures


async def test_a_graver_grade_after_the_report_is_reported_again_at_once(
    org: Harness, officer: Any
):
    incident = await incidents.declared(officer, facts=[incidents.fact("deaths", 4)])
    await send(org, officer)
    org.clock.set(START + timedelta(minutes=30))

    await incidents.record(officer, incident, incidents.fact("deaths", 12))
    await org.advance(START + timedelta(hours=20))

    first, second = await reports(org)
    assert (second.stage, second.due_at) == ("FOLLOW_UP", START + timedelta(minutes=150))
    assert first.status is domain.SituationReportStatus.SENT


async def test_a_graver_grade_between_signature_and_sending_is_reported_at_once(
    org: Harness, officer: Any
):
    incident = await incidents.declared(officer, facts=[incidents.fact("deaths", 4)])
    async with org.client(**COMMANDER) as commander:
        await done(commander, org, "sign")
    await incidents.record(officer, incident, incidents.fact("deaths", 12))
    org.clock.set(START + timedelta(minutes=10))

    await done(officer, org, "send")

    told, news = await reports(org)
    assert (told.status, told.content.grade) == ("SENT", "GRADE_III")  # what was signed stays
    assert (news.stage, news.content.grade) == ("FOLLOW_UP", "GRADE_II")
    assert news.due_at == START + timedelta(minutes=130)


async def test_the_end_of_an_incident_owes_the_final_report_and_nothing_after_it(
    org: Harness, officer: Any
):
    incident = await grave(officer)
    await send(org, officer)
    found = (await officer.get(f"/v1/incidents/{incident['id']}")).json()
    closed = await officer.post(
        f"/v1/incidents/{incident['id']}/close", json={"expectedVersion": found["version"]}
    )
    assert closed.status_code == 200

    final = await latest(org)
    assert (final.stage, final.due_at) == ("FINAL", START + timedelta(days=1))
    await send(org, officer)
    await org.advance(START + timedelta(days=3))
    assert len(await reports(org)) == 2


async def test_what_was_never_reported_stays_owed_when_the_incident_is_closed(
    org: Harness, officer: Any
):
    incident = await grave(officer)
    await officer.post(
        f"/v1/incidents/{incident['id']}/close", json={"expectedVersion": incident["version"]}
    )
    assert [one.stage for one in await reports(org)] == ["INITIAL"]
    assert [state for state, _ in await owed(org)] == ["OWED"]

    await send(org, officer)

    assert [one.stage for one in await reports(org)] == ["INITIAL", "FINAL"]


async def test_a_false_alarm_that_was_reported_is_taken_back_and_one_that_was_not_is_dropped(
    org: Harness, officer: Any
):
    async def false_alarm(incident: dict[str, Any]) -> None:
        found = (await officer.get(f"/v1/incidents/{incident['id']}")).json()
        answer = await officer.post(
            f"/v1/incidents/{incident['id']}/status",
            json={"expectedVersion": found["version"], "status": "FALSE_ALARM", "reason": "x"},
        )
        assert answer.status_code == 200, answer.text

    await false_alarm(await grave(officer))
    [dropped] = await reports(org)
    assert (dropped.status, await owed(org), await owed(org, "PHONE_REPORT")) == (
        "WITHDRAWN",
        [],
        [],
    )

    reported = await grave(officer, place=incidents.FAR)
    await send(org, officer)
    await false_alarm(reported)
    final = await latest(org)
    assert (final.stage, final.content.incident_status) == ("FINAL", "FALSE_ALARM")


async def test_one_that_became_part_of_another_is_reported_with_that_and_alone_again_after(
    org: Harness, officer: Any
):
    part = await grave(officer)
    whole = await grave(officer, place=incidents.FAR)
    path = f"/v1/incidents/{part['id']}"
    merged = await officer.post(
        f"{path}/merge", json={"into": whole["id"], "expectedVersion": part["version"]}
    )
    states = {one.incident_id: one.status for one in await reports(org)}
    assert states == {part["id"]: "WITHDRAWN", whole["id"]: "DRAFT"}

    await officer.post(f"{path}/unmerge", json={"expectedVersion": merged.json()["version"]})

    standing = [one for one in await reports(org) if one.status == "DRAFT"]
    assert {one.incident_id for one in standing} == {part["id"], whole["id"]}


async def test_a_level_is_skipped_with_a_reason_on_record(org: Harness, officer: Any):
    nation = city.organization("org_nation", OrganizationKind.COMMITTEE_OFFICE, "000000")
    await org.run(commands.put_organization, nation, caller=NATIONAL)
    await grave(officer)
    await done(officer, org, "phone", to="nation")
    async with org.client(**COMMANDER) as commander:
        await done(commander, org, "sign")
    refused = await act(officer, org, "send", recipient="org_nation")

    sent = await done(
        officer, org, "send", recipient="org_nation", reason="lines to the province are down"
    )

    assert refused.json()["slug"] == "skip-reason-missing"
    assert (sent["recipientId"], sent["skippedId"]) == ("org_nation", PROVINCE)
    async with org.client(**SUPERIOR) as superior:
        copied = await superior.get(f"/v1/situation-reports/{sent['id']}")
        own = await act(superior, org, "receipt")
    assert copied.status_code == 200
    assert own.status_code == 403  # a copy is not receipted


async def test_without_a_superior_it_is_drafted_and_sending_asks_for_a_recipient(
    empty: Harness,
):
    await city.settle(empty)
    async with empty.client(
        roles=["duty_officer"], org=city.OFFICE, person="wang", subject="wang"
    ) as officer:
        await incidents.declared(officer, facts=[incidents.fact("deaths", 4)])
        async with empty.client(**COMMANDER) as commander:
            await done(commander, empty, "sign")
        refused = await act(officer, empty, "send")

    assert (refused.status_code, refused.json()["slug"]) == (422, "recipient-missing")


async def test_an_exercise_owes_reports_marked_as_such_and_ends_with_them(
    org: Harness, officer: Any
):
    await org.deliver(
        said(org, "started", plans.ExerciseStarted(exercise=exercise(participants=(city.OFFICE,))))
    )
    await grave(officer, mode="EXERCISE", exerciseId=DRILL)
    report = await latest(org)
    assert (report.mode, report.exercise_id) == ("EXERCISE", DRILL)
    assert (await officer.get("/v1/situation-reports")).json()["nodes"] == []

    await org.deliver(
        said(
            org,
            "completed",
            plans.ExerciseCompleted(
                exercise=exercise(state="COMPLETED", participants=(city.OFFICE,))
            ),
        )
    )

    assert (await latest(org)).status is domain.SituationReportStatus.WITHDRAWN
    assert await owed(org) == []


async def test_reports_of_a_sealed_incident_are_there_for_the_cleared_alone(
    org: Harness, officer: Any
):
    incident = await grave(officer)
    cleared = COMMANDER | {"roles": ["commander", "sealed_reader"]}
    async with org.client(**cleared) as client:
        sealing = {"reason": "court", "expectedVersion": incident["version"]}
        await client.post(f"/v1/incidents/{incident['id']}/seal", json=sealing)
        shown = await client.get("/v1/situation-reports")

    hidden = await officer.get("/v1/situation-reports")
    refused = await act(officer, org, "revise", note="x")

    assert len(shown.json()["nodes"]) == 1
    assert hidden.json()["nodes"] == []
    assert refused.status_code == 404


async def test_the_superior_sees_nothing_before_it_is_sent(org: Harness, officer: Any):
    await grave(officer)
    abroad = SUPERIOR | {"areas": ["420000"]}  # holds no role where it happened
    async with org.client(**abroad) as superior:
        before = (await superior.get("/v1/situation-reports")).json()["nodes"]
    await send(org, officer)

    async with org.client(**abroad) as superior:
        after = (await superior.get("/v1/situation-reports")).json()["nodes"]
        received = await done(superior, org, "receipt")

    assert before == []
    assert [one["status"] for one in after] == ["SENT"]
    assert received["status"] == "RECEIPTED"

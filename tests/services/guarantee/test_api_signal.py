"""Signals over HTTP: taken in as CAP or by form, chained, given back byte for byte."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.policy import Grant
from chassis.unit_of_work import Caller
from services.guarantee import commands
from tests.services.guarantee.messages import SENDER, at, cap_xml, hear, started

OBSERVATORY = Caller(
    subject="met-1",
    organization=SENDER,
    grants=(Grant(role="agency", area="410100", organization=SENDER),),
)
FORM = {"identifier": "ZZ-F", "emergencyType": "11B03", "colour": "RED", "areas": ["410100"]}


async def post(agency, document, media="application/cap+xml"):
    return await agency.post("/v1/cap", content=document, headers={"content-type": media})


async def test_a_cap_alert_puts_a_signal_in_force_and_suggests_an_early_warning(guarantee, agency):
    answer = await post(agency, cap_xml())

    assert answer.status_code == 200, answer.text
    receipt = answer.json()
    signal = receipt["signal"]
    assert (receipt["active"], receipt["repeated"], receipt["notes"]) == (True, False, [])
    assert (signal["status"], signal["colour"], signal["emergencyType"]) == (
        "ACTIVE",
        "RED",
        "11B03",
    )
    assert (signal["jurisdiction"], signal["areas"]) == ("410100", ["410100", "410102", "410105"])
    assert signal["headlineZh"] == "暴雨红色预警信号"
    issued, drafted = await guarantee.published()
    assert (issued.aggregate, issued.event, issued.id) == ("signal", "issued", receipt["id"])
    assert issued.body["signal"]["areas"] == ["410100", "410102", "410105"]
    assert (drafted.aggregate, drafted.event) == ("warning", "drafted")
    assert drafted.body["warning"]["organizationId"] == "org_410100_flood_command"
    assert drafted.body["warning"]["status"] == "AWAITING_APPROVAL"


async def test_the_original_is_given_back_byte_for_byte(agency):
    document = cap_xml()
    receipt = (await post(agency, document)).json()

    answer = await agency.get(f"/v1/signals/{receipt['id']}/cap")

    assert answer.content == document
    assert answer.headers["content-type"] == "application/cap+xml"


async def test_the_same_message_again_is_the_same_signal_and_changes_nothing(guarantee, agency):
    first = (await post(agency, cap_xml())).json()
    respaced = cap_xml().replace(b"<info>", b"\n   <info>").replace(b"alert", b"alert")

    again = await post(agency, respaced)

    assert again.status_code == 200
    assert (again.json()["id"], again.json()["repeated"]) == (first["id"], True)
    assert len(await guarantee.published("signal.issued")) == 1


async def test_an_update_supersedes_and_a_cancel_withdraws_and_drafts_follow(guarantee, agency):
    first = (await post(agency, cap_xml("ZZ-1", colour="orange"))).json()
    second = (await post(agency, cap_xml("ZZ-2", kind="Update", references=["ZZ-1"]))).json()
    third = (await post(agency, cap_xml("ZZ-3", kind="Cancel", references=["ZZ-2"]))).json()

    assert second["ended"] == [{"id": first["id"], "status": "SUPERSEDED"}]
    assert second["signal"]["supersedes"] == [first["id"]]
    assert (third["signal"], third["active"]) == (None, False)
    assert third["ended"] == [{"id": second["id"], "status": "CANCELLED"}]
    said = [(one.aggregate, one.event, one.id) for one in await guarantee.published()]
    assert [one for one in said if one[0] == "signal"] == [
        ("signal", "issued", first["id"]),
        ("signal", "superseded", first["id"]),
        ("signal", "issued", second["id"]),
        ("signal", "cancelled", second["id"]),
    ]
    assert [event for aggregate, event, _ in said if aggregate == "warning"] == [
        "drafted",
        "rejected",
        "drafted",
        "rejected",
    ]


async def test_a_cancel_before_its_alert_is_kept_and_matched_when_the_alert_comes(
    guarantee, agency
):
    cancel = (await post(agency, cap_xml("ZZ-2", kind="Cancel", references=["ZZ-1"]))).json()
    alert = (await post(agency, cap_xml("ZZ-1"))).json()

    assert [one["code"] for one in cancel["notes"]] == ["cap-reference-unknown"]
    assert (alert["signal"]["status"], alert["active"]) == ("CANCELLED", False)
    assert "cap-already-cancelled" in [one["code"] for one in alert["notes"]]
    assert await guarantee.published() == []


async def test_an_identifier_used_for_another_message_is_refused_and_the_first_stands(
    guarantee, agency
):
    first = (await post(agency, cap_xml("ZZ-1", colour="red"))).json()

    answer = await post(agency, cap_xml("ZZ-1", colour="blue"))

    assert (answer.status_code, answer.json()["slug"]) == (422, "cap-identifier-reused")
    kept = (await agency.get(f"/v1/signals/{first['id']}")).json()
    assert (kept["colour"], kept["status"], kept["version"]) == ("RED", "ACTIVE", 1)


@pytest.mark.parametrize("kind", ["Update", "Cancel"])
async def test_an_update_without_references_is_refused(guarantee, agency, kind):
    answer = await post(agency, cap_xml(kind=kind))

    assert (answer.status_code, answer.json()["slug"]) == (422, "cap-references-missing")
    assert await guarantee.published() == []


async def test_what_has_expired_before_it_came_is_kept_and_not_in_force(guarantee, agency):
    receipt = (await post(agency, cap_xml(expires="2026-06-01T15:00:00+08:00"))).json()

    assert (receipt["active"], receipt["signal"]["status"]) == (False, "EXPIRED")
    assert "cap-stale" in [one["code"] for one in receipt["notes"]]
    assert await guarantee.published() == []


@pytest.mark.parametrize("status", ["Test", "System", "Draft"])
async def test_what_is_not_actual_is_kept_and_never_in_force(guarantee, agency, status):
    receipt = (await post(agency, cap_xml(status=status))).json()

    assert (receipt["active"], receipt["signal"]["status"]) == (False, "INACTIVE")
    assert await guarantee.published() == []


async def test_an_exercise_is_told_among_exercises_and_replaces_nothing_real(guarantee, agency):
    await post(agency, cap_xml("ZZ-1"))

    drill = (
        await post(agency, cap_xml("ZZ-2", status="Exercise", kind="Update", references=["ZZ-1"]))
    ).json()

    assert drill["signal"]["mode"] == "EXERCISE"
    assert "cap-reference-other-mode" in [one["code"] for one in drill["notes"]]
    subjects = [one.subject.partition(".")[0] for one in await guarantee.published("signal.issued")]
    assert subjects == ["uem", "uemx"]
    assert len((await agency.get("/v1/signals")).json()["nodes"]) == 1


async def test_times_with_z_or_a_blank_are_read_and_noted(agency):
    document = cap_xml(sent="2026-06-01 16:00:00", expires="2026-06-01T14:00:00Z")

    receipt = (await post(agency, document)).json()

    codes = {one["code"] for one in receipt["notes"]}
    assert {"time-z", "time-blank", "time-offset-assumed"} <= codes
    assert receipt["signal"]["sentAt"] == "2026-06-01T08:00:00Z"
    assert receipt["signal"]["expiresAt"] == "2026-06-01T14:00:00Z"


async def test_a_signal_ends_when_its_time_has_come(guarantee, agency):
    receipt = (await post(agency, cap_xml(expires="2026-06-01T18:00:00+08:00"))).json()

    await guarantee.advance(at(60 * 3))

    assert (await agency.get(f"/v1/signals/{receipt['id']}")).json()["status"] == "EXPIRED"
    assert len(await guarantee.published("signal.expired")) == 1


async def test_a_signal_typed_into_a_form_is_one_like_any_other_and_comes_out_as_cap(agency):
    form = {
        "identifier": "ZZ-RAIN-1",
        "emergencyType": "11B03",
        "colour": "RED",
        "headlineZh": "暴雨红色预警信号",
        "headlineEn": "Rainstorm red signal",
        "areas": ["410105"],
        "expiresAt": "2026-06-01T22:00:00+08:00",
    }

    first = await agency.post("/v1/signals", json=form)
    again = await agency.post("/v1/signals", json=form)
    update = await agency.post(
        "/v1/signals", json=form | {"identifier": "ZZ-RAIN-2", "replaces": ["ZZ-RAIN-1"]}
    )
    out = await agency.get(f"/v1/signals/{update.json()['id']}/cap")
    back = await post(agency, out.content)

    signal = first.json()["signal"]
    assert (signal["sender"], signal["jurisdiction"], signal["areas"]) == (
        SENDER,
        "410105",
        ["410105"],
    )
    assert (again.json()["id"], again.json()["repeated"]) == (signal["id"], True)
    assert update.json()["ended"] == [{"id": signal["id"], "status": "SUPERSEDED"}]
    assert back.status_code == 200, back.text
    assert back.json()["signal"]["colour"] == "RED"
    assert back.json()["signal"]["jurisdiction"] == "410105"


async def test_only_its_agency_cancels_a_signal_and_only_on_the_version_it_has_seen(
    guarantee, agency
):
    id = (await post(agency, cap_xml())).json()["id"]
    body = {"expectedVersion": 1, "reason": "rain is over"}

    async with guarantee.client(roles=["agency"], org="somebody-else") as other:
        foreign = await other.post(f"/v1/signals/{id}/cancel", json=body)
    stale = await agency.post(f"/v1/signals/{id}/cancel", json=body | {"expectedVersion": 9})
    done = await agency.post(f"/v1/signals/{id}/cancel", json=body)
    twice = await agency.post(f"/v1/signals/{id}/cancel", json=body | {"expectedVersion": 2})

    assert foreign.json()["slug"] == "not-permitted"
    assert stale.json()["slug"] == "version-conflict"
    assert done.json()["status"] == "CANCELLED"
    assert (twice.status_code, twice.json()["slug"]) == (409, "signal-not-active")


async def test_an_area_is_placed_in_the_lowest_division_that_contains_it(agency):
    district = "34.2,113.2 34.2,113.8 34.8,113.8 34.8,113.2 34.2,113.2"
    both = "34.2,113.8 34.2,114.2 34.8,114.2 34.8,113.8 34.2,113.8"
    beyond = "33.0,112.0 33.0,116.0 36.0,116.0 36.0,112.0 33.0,112.0"

    placed = [
        (await post(agency, cap_xml(f"ZZ-{number}", polygon=polygon))).json()["signal"]
        for number, polygon in enumerate((district, both, beyond))
    ]

    assert [one["jurisdiction"] for one in placed] == ["410102", "410100", "410000"]
    assert [one["areas"] for one in placed] == [[], [], ["410100", "410102", "410105"]]


async def test_an_area_elsewhere_is_refused_and_one_before_any_division_is_known_may_come_again(
    bare, agency
):
    elsewhere = await post(agency, cap_xml(polygon="1.0,1.0 1.0,2.0 2.0,2.0 1.0,1.0"))

    assert (elsewhere.status_code, elsewhere.json()["slug"]) == (422, "area-outside-jurisdictions")


async def test_before_any_division_is_known_the_sender_is_asked_to_come_again(bare):
    async with bare.client(roles=["agency"], org=SENDER) as agency:
        answer = await post(agency, cap_xml())

    assert (answer.status_code, answer.json()["slug"]) == (503, "jurisdictions-not-loaded")


async def test_what_is_no_cap_is_refused_with_a_reason(agency):
    answers = {
        "media-type-refused": await post(agency, cap_xml(), media="application/json"),
        "cap-unreadable": await post(agency, b"<alert"),
        "cap-version-unsupported": await post(agency, cap_xml(version="1.0")),
        "cap-invalid": await post(agency, cap_xml(severity="Terrible")),
        "too-large": await post(agency, b"<a>" + b" " * 600_000 + b"</a>"),
    }

    assert {slug: answer.json()["slug"] for slug, answer in answers.items()} == {
        slug: slug for slug in answers
    }
    assert answers["too-large"].status_code == 413
    assert "severity (line" in answers["cap-invalid"].json()["problems"][0]["where"]


async def test_only_an_agency_issues_signals(guarantee):
    async with guarantee.client(roles=["duty_officer"], org=SENDER) as officer:
        answer = await post(officer, cap_xml())

    assert answer.status_code == 403


async def test_signals_are_found_by_page_by_id_by_jurisdiction_and_by_incident(guarantee, agency):
    ids = [(await post(agency, cap_xml(f"ZZ-{number}"))).json()["id"] for number in range(3)]
    told = started(incident_id="inc_1", cause=("SIGNAL", ids[0]))
    await hear(guarantee, told)

    async def batch(name, *keys):
        return (await agency.post(f"/v1/batch/{name}", json={"keys": keys})).json()

    first = (await agency.get("/v1/signals?first=2&count=true")).json()
    rest = (await agency.get(f"/v1/signals?first=2&after={first['endCursor']}")).json()
    by_id = await batch("signals", ids[0], "sig_none")
    by_place = await batch("active-signals-by-jurisdiction", "410105", "410100", "420000")
    by_incident = await batch("signals-by-incident", "inc_1")

    listed = [one["id"] for one in (*first["nodes"], *rest["nodes"])]
    assert (sorted(listed), first["totalCount"], rest["hasNextPage"]) == (sorted(ids), 3, False)
    assert (by_id[ids[0]]["id"], by_id["sig_none"]) == (ids[0], None)
    assert [len(by_place[code]) for code in ("410105", "410100", "420000")] == [3, 3, 0]
    assert [one["id"] for one in by_incident["inc_1"]] == [ids[0]]


async def test_an_alert_and_its_cancel_taken_in_at_the_same_moment_end_cancelled(guarantee):
    for number in range(5):
        alert = cap_xml(f"ZZ-{number}")
        cancel = cap_xml(f"CC-{number}", kind="Cancel", references=[f"ZZ-{number}"])

        await asyncio.gather(
            guarantee.run(commands.receive_cap, alert, caller=OBSERVATORY),
            guarantee.run(commands.receive_cap, cancel, caller=OBSERVATORY),
        )

    async with guarantee.client() as viewer:
        nodes = (await viewer.get("/v1/signals")).json()["nodes"]
    assert [one["status"] for one in nodes] == ["CANCELLED"] * 5


async def test_an_area_that_would_take_minutes_to_work_out_is_refused_at_once(agency):
    star = [(34 + number * 37 % 101 / 101, 113 + number * 59 % 103 / 103) for number in range(900)]
    polygon = " ".join(f"{lat:.4f},{lon:.4f}" for lat, lon in (*star, star[0]))

    answer = await post(agency, cap_xml(polygon=polygon))

    assert (answer.status_code, answer.json()["slug"]) == (422, "area-unreadable")


mangled = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=12)), max_size=5
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cuts=mangled)
async def test_whatever_is_posted_is_answered_and_never_with_a_fault_of_ours(agency, cuts):
    document = cap_xml()
    for start, length, instead in cuts:
        start %= len(document) + 1
        document = document[:start] + instead + document[start + length :]

    answer = await post(agency, document)

    assert answer.status_code in {200, 422}
    assert answer.status_code == 200 or answer.json()["slug"] != "invalid-input"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/signals/%00", None),
        ("GET", "/v1/signals/%00/cap", None),
        ("GET", "/v1/signals?jurisdiction=%E4%B8%AD", None),
        ("GET", "/v1/signals?after=%00", None),
        ("GET", "/v1/resources?capability=%00", None),
        ("POST", "/v1/signals", {"identifier": "A", "colour": "RED"}),
        ("POST", "/v1/signals", FORM | {"expiresAt": "9999-12-31T23:59:59-14:00"}),
        ("POST", "/v1/signals", FORM | {"sentAt": "0001-01-01T00:00:00+14:00"}),
        ("POST", "/v1/signals", FORM | {"areas": ["９９９９９９"]}),
        ("POST", "/v1/signals", FORM | {"areas": [], "areaGeojson": "[" * 10_000}),
        ("POST", "/v1/signals", FORM | {"areas": []}),
        ("POST", "/v1/batch/signals", {"keys": ["\u0000"]}),
    ],
)
async def test_nonsense_is_refused_and_never_a_fault_of_ours(agency, method, path, body):
    answer = await agency.request(method, path, json=body)

    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"

"""Who told is kept while the case is open and for the time of the rule after it, unless a hold keeps it."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.org import commands, domain, store
from tests.harness import START, Harness
from tests.services.org import city

PLACE = {"type": "Point", "coordinates": [113.62, 34.75]}
AFTER_CASE, UNDECIDED = timedelta(days=90), timedelta(days=180)
TIMER = "reporter/{}"


@pytest.fixture
async def officer(org: Harness) -> AsyncIterator[httpx.AsyncClient]:
    async with org.client(
        roles=["duty_officer", "commander", "viewer"], org=city.FLOOD, person="wang"
    ) as client:
        yield client


async def take(officer: httpx.AsyncClient) -> str:
    told = {
        "source": "hotline-110",
        "jurisdiction": "410100",
        "text": "water",
        "observedAt": START.isoformat(),
        "reporter": {"name": "王小明", "phone": "13800138000"},
    }
    return str((await officer.post("/v1/reports", json=told)).json()["id"])


async def declare(officer: httpx.AsyncClient, *reports: str, longitude: float = 113.62) -> str:
    incident = {
        "jurisdiction": "410100",
        "emergencyType": "11A02",
        "title": "flooded underpass",
        "place": {"type": "Point", "coordinates": [longitude, 34.75]},
        "fromReports": reports,
    }
    answer = await officer.post("/v1/incidents", json=incident)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def act(officer: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    version = (await officer.get(path.rpartition("/")[0])).json()["version"]
    answer = await officer.post(path, json={"expectedVersion": version} | body)
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()
    return done


async def reporter(org: Harness, report: str) -> domain.Reporter:
    found = await org.read(store.find_reporter, report)
    assert found is not None
    return found


async def test_a_report_that_nobody_decides_is_forgotten_in_time(
    org: Harness, officer: Any
) -> None:
    report = await take(officer)

    before = await org.advance(START + UNDECIDED - timedelta(seconds=1))
    after = await org.advance(START + UNDECIDED)

    assert (before, after) == ([], [TIMER.format(report)])
    gone = await reporter(org, report)
    assert (gone.sealed, gone.erased_at) == (None, START + UNDECIDED)


async def test_an_open_case_keeps_who_told_and_its_end_starts_the_time(
    org: Harness, officer: Any
) -> None:
    report = await take(officer)
    incident = await declare(officer, report)
    assert TIMER.format(report) not in await org.advance(START + timedelta(days=400))

    await act(officer, f"/v1/incidents/{incident}/close")

    ended = org.clock.now()
    assert (await reporter(org, report)).expires_at == ended + AFTER_CASE
    assert (await org.advance(ended + AFTER_CASE))[-1] == TIMER.format(report)
    assert (await reporter(org, report)).sealed is None


async def test_a_false_alarm_ends_the_case_too(org: Harness, officer: Any) -> None:
    report = await take(officer)
    incident = await declare(officer, report)

    await act(officer, f"/v1/incidents/{incident}/status", status="FALSE_ALARM", reason="a puddle")

    assert (await reporter(org, report)).expires_at == START + AFTER_CASE


async def test_a_rejected_report_has_no_case(org: Harness, officer: Any) -> None:
    report = await take(officer)
    org.clock.set(START + timedelta(days=1))

    await act(officer, f"/v1/reports/{report}/reject", reason="a prank")

    assert (await reporter(org, report)).expires_at == START + timedelta(days=1) + AFTER_CASE


async def test_a_report_verified_of_a_closed_incident_is_kept_from_then(
    org: Harness, officer: Any
) -> None:
    incident = await declare(officer)
    await act(officer, f"/v1/incidents/{incident}/close")
    report = await take(officer)
    org.clock.set(START + timedelta(days=2))

    await act(officer, f"/v1/reports/{report}/verify", incident=incident)

    assert (await reporter(org, report)).expires_at == START + timedelta(days=2) + AFTER_CASE


async def test_a_merged_incident_ends_with_the_one_it_became_part_of(
    org: Harness, officer: Any
) -> None:
    report = await take(officer)
    small = await declare(officer, report)
    middle = await declare(officer, longitude=113.70)
    large = await declare(officer, longitude=113.80)
    await act(officer, f"/v1/incidents/{small}/merge", into=middle)
    await act(officer, f"/v1/incidents/{middle}/merge", into=large)
    assert (await reporter(org, report)).expires_at is None

    await act(officer, f"/v1/incidents/{large}/close")

    assert (await reporter(org, report)).expires_at == START + AFTER_CASE


async def test_a_case_that_was_taken_apart_again_is_kept(org: Harness, officer: Any) -> None:
    report = await take(officer)
    small = await declare(officer, report)
    large = await declare(officer, longitude=113.80)
    await act(officer, f"/v1/incidents/{small}/merge", into=large)
    await act(officer, f"/v1/incidents/{large}/close")
    await act(officer, f"/v1/incidents/{small}/unmerge")

    fired = await org.advance(START + AFTER_CASE)

    assert fired[-1] == TIMER.format(report)
    kept = await reporter(org, report)
    assert (kept.erased_at, kept.expires_at) == (None, None)


async def test_a_hold_outlasts_the_time_and_its_release_ends_it(org: Harness, officer: Any) -> None:
    report = await take(officer)
    path = f"/v1/reports/{report}/reporter"
    held = await act(officer, f"{path}/hold", reason="court 2026-17")
    twice = await officer.post(
        f"{path}/hold", json={"reason": "again", "expectedVersion": held["version"]}
    )
    erase = await officer.post(
        f"{path}/erase", json={"reason": "asked", "expectedVersion": held["version"]}
    )
    assert [one.json()["slug"] for one in (twice, erase)] == ["reporter-on-hold"] * 2
    await org.advance(START + UNDECIDED)
    assert (await officer.get(path)).json()["phone"] == "138****8000"

    released = await act(officer, f"{path}/release")

    assert (released["phone"], released["holdReason"]) == (None, None)
    assert (await reporter(org, report)).erased_at == START + UNDECIDED


async def test_a_hold_that_ends_early_leaves_the_timer_to_its_time(
    org: Harness, officer: Any
) -> None:
    report = await take(officer)
    path = f"/v1/reports/{report}/reporter"
    await act(officer, f"{path}/hold", reason="court 2026-17")

    await act(officer, f"{path}/release")

    again = await officer.post(f"{path}/release", json={"expectedVersion": 4})
    assert again.json()["slug"] == "reporter-not-on-hold"
    assert await org.advance(START + UNDECIDED) == [TIMER.format(report)]
    assert (await reporter(org, report)).sealed is None


async def test_a_timer_that_fires_twice_erases_once(org: Harness, officer: Any) -> None:
    report = await take(officer)
    await org.advance(START + UNDECIDED)
    gone = await reporter(org, report)

    await org.run(commands.expire_reporter, report)

    assert await reporter(org, report) == gone


async def test_the_rule_in_force_says_how_long() -> None:
    (rule,) = store.retention_rules()

    assert (rule.after_case, rule.undecided) == (AFTER_CASE, UNDECIDED)
    assert "GB/T 35273-2020" in rule.source


def test_the_newest_rule_in_force_applies() -> None:
    (old,) = store.retention_rules()
    new = dataclasses.replace(old, version="2", effective_from=datetime(2027, 1, 1, tzinfo=UTC))

    assert domain.retention_rule([new, old], START) is old
    assert domain.retention_rule([old, new], datetime(2027, 1, 1, tzinfo=UTC)) is new
    assert domain.retention_rule([old, new], datetime(1999, 1, 1, tzinfo=UTC)) is old


RAW = {
    "id": "r",
    "version": "1",
    "effective_from": datetime(2020, 10, 1, tzinfo=UTC).date(),
    "source": "s",
    "after_case_days": 1,
    "undecided_days": 1,
    "reveals_per_hour": 1,
}


@pytest.mark.parametrize("wrong", [{"after_case_days": 0}, {"source": None, "reveals_per_hour": 0}])
def test_a_rule_that_keeps_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(domain.RuleDataInvalid):
        domain.parse_retention_rule(RAW | wrong)


def test_a_rule_without_a_number_is_refused() -> None:
    with pytest.raises(domain.RuleDataInvalid, match="undecided_days"):
        domain.parse_retention_rule({k: v for k, v in RAW.items() if k != "undecided_days"})


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_masked_mobile_number_lacks_four_digits(phone: str) -> None:
    shown = domain.mask_phone(phone)

    assert shown == phone[:3] + "****" + phone[7:]


@given(st.from_regex(r"[2-9][0-9]{2,14}", fullmatch=True))
def test_of_any_other_number_only_the_end_is_shown(text: str) -> None:
    shown = domain.mask_phone(domain.normal_phone(text))

    assert shown == "*" * (len(text) - 2) + text[-2:]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("(0371) 6618-0000", "037166180000"),
        ("+49 30 1234567", "+49301234567"),
    ],
)
def test_numbers_are_the_same_however_they_are_typed(text: str, number: str) -> None:
    assert domain.normal_phone(text) == number


@pytest.mark.parametrize(
    "source", ["Mr Li 138 0013 8000", "call 13800138000", "１３８００１３８０００"]
)
async def test_a_source_is_a_service_and_no_persons_number(officer: Any, source: str) -> None:
    told = {
        "source": source,
        "jurisdiction": "410100",
        "text": "water",
        "observedAt": START.isoformat(),
    }

    answer = await officer.post("/v1/reports", json=told)

    assert (answer.status_code, answer.json()["slug"]) == (422, "person-in-source")
    assert "8000" not in answer.json()["detail"]

"""What is owed to the public of a grave incident, and what answers it (GUAR-6, LINK-2)."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.guarantee import v1 as guarantee
from services.org import domain, store
from tests.harness import START, Harness
from tests.services.org import city, incidents, reading
from tests.services.org.test_situation_report import grave
from vocabulary import Grade, Mode

CITY = "410100"


def bulletin(org: Harness, incident: str, **more: Any) -> Any:
    defaults: dict[str, Any] = {
        "id": "bul_1",
        "kind": "INITIAL",
        "status": "PUBLISHED",
        "title_zh": "通报",
        "jurisdiction": CITY,
        "mode": Mode.REAL,
        "organization_id": city.OFFICE,
        "incident_id": incident,
        "drafted_at": org.clock.now(),
        "published_at": org.clock.now(),
    }
    said = guarantee.Bulletin(**defaults | more)
    return org.event(
        guarantee.BulletinPublished(bulletin=said),
        service="guarantee",
        aggregate="bulletin",
        event="published",
        id=said.id,
        area=CITY,
    )


async def owed(org: Harness) -> dict[str, str]:
    found = await reading.obligations(org, "DISCLOSE", "HOLD_PRESS_CONFERENCE")
    return {str(one.kind): str(one.state) for one in found}


async def test_a_grave_incident_owes_the_public_a_bulletin_in_five_hours_and_a_conference_in_a_day(
    org: Harness, officer: Any
):
    await grave(officer)

    found = await reading.obligations(org, "DISCLOSE", "HOLD_PRESS_CONFERENCE")
    assert {(str(one.kind), one.owed_by, one.due_at) for one in found} == {
        ("DISCLOSE", city.OFFICE, START + timedelta(hours=5)),
        ("HOLD_PRESS_CONFERENCE", city.OFFICE, START + timedelta(hours=24)),
    }


async def test_a_lesser_incident_owes_the_public_nothing_by_itself(org: Harness, officer: Any):
    await incidents.declared(officer, facts=[incidents.fact("deaths", 4)])

    assert await owed(org) == {}


async def test_a_bulletin_answers_the_first_and_a_conference_both_however_often_heard(
    org: Harness, officer: Any
):
    incident = await grave(officer)
    first = bulletin(org, incident["id"])
    await org.deliver(first)
    await org.deliver(first)
    assert await owed(org) == {"DISCLOSE": "ANSWERED", "HOLD_PRESS_CONFERENCE": "OWED"}

    await org.deliver(bulletin(org, incident["id"], id="bul_2", kind="PRESS_CONFERENCE"))

    assert set((await owed(org)).values()) == {"ANSWERED"}
    logged = [one.body["entry"]["id"] for one in await org.published("log_entry.added")]
    assert len(logged) == len(set(logged))


async def test_silence_is_raised_with_its_true_due_time(org: Harness, officer: Any):
    await grave(officer)

    await org.advance(START + timedelta(hours=25))

    assert set((await owed(org)).values()) == {"OVERDUE"}


async def test_what_the_public_was_told_before_the_grade_rose_is_not_owed_again(
    org: Harness, officer: Any
):
    incident = await incidents.declared(officer, facts=[incidents.fact("deaths", 4)])
    await org.deliver(bulletin(org, incident["id"]))

    await incidents.record(officer, incident, incidents.fact("deaths", 12))

    assert await owed(org) == {"HOLD_PRESS_CONFERENCE": "OWED"}


async def test_a_bulletin_heard_before_its_incident_answers_it_all_the_same(
    org: Harness, officer: Any
):
    await org.deliver(bulletin(org, "inc_later"))

    assert await org.read(store.bulletins_of, "inc_later")
    assert await owed(org) == {}


async def test_of_a_false_alarm_nothing_is_owed_and_after_a_merge_taken_back_it_is_again(
    org: Harness, officer: Any
):
    incident = await grave(officer)
    whole = await incidents.declared(officer, place=incidents.FAR)
    path = f"/v1/incidents/{incident['id']}"
    merged = await officer.post(
        f"{path}/merge", json={"into": whole["id"], "expectedVersion": incident["version"]}
    )
    assert set((await owed(org)).values()) == {"WAIVED"}

    await officer.post(f"{path}/unmerge", json={"expectedVersion": merged.json()["version"]})

    states = [str(one.state) for one in await reading.obligations(org, "DISCLOSE")]
    assert states == ["WAIVED", "OWED"]


@pytest.mark.parametrize(
    ("grade", "minutes"),
    [(Grade.GRADE_I, 300), (Grade.GRADE_II, 300), (Grade.GRADE_III, None), (None, None)],
)
def test_times_are_data_by_grade(grade: Grade | None, minutes: int | None):
    times = domain.disclosure_times(store.disclosure_rules(), grade, jurisdiction=CITY, at=START)

    assert (times.bulletin_minutes if times else None) == minutes


def test_before_the_rule_nothing_was_owed_and_a_wrong_file_is_refused():
    rules = store.disclosure_rules()
    long_ago = START.replace(year=2010)
    assert domain.disclosure_times(rules, Grade.GRADE_I, jurisdiction=CITY, at=long_ago) is None
    with pytest.raises(domain.RuleDataInvalid):
        domain.parse_disclosure_rule({"id": "r", "times": []})

"""What falls due in the life of plans: told once at its true time, listed, met by evidence."""

from datetime import timedelta
from typing import Any

import pytest

from services.plans import commands, domain, store
from services.plans.commands.upkeep import note_exercise
from tests.harness import START, Harness
from tests.services.plans import drill as exercises
from tests.services.plans.city import CITY, FLOOD, PLANNER, draft, minutes, publish

DUE = START.replace(year=2029)
DAY = timedelta(days=1)
LEAD = 90 * DAY
ID = "flood-410100@2021.1"
VERSION = "/v1/plans/flood-410100/versions/2021.1"


async def said(plans: Harness, event: str) -> list[tuple[str, str]]:
    """Kind and time of each event of a cycle so far, by kind."""
    found = await plans.published(f"cycle.{event}")
    return sorted((one.body["cycle"]["kind"], one.headers["ce-time"]) for one in found)


async def due(plans: Harness, **params: Any) -> list[tuple[str, str]]:
    async with plans.client() as client:
        answer = await client.get("/v1/due-plans", params=params)
    assert answer.status_code == 200, answer.text
    return [(one["kind"], one["state"]) for one in answer.json()["nodes"]]


async def drill(plans: Harness, at: Any) -> domain.Plan:
    held = domain.Drill(at, "org_410100_flood_command", "protocol 7", plans.clock.now(), "chen")
    recorded: domain.Plan = await plans.run(
        commands.record_drill, ID, held, expected_version=None, caller=PLANNER
    )
    return recorded


async def test_a_drill_and_a_review_are_told_due_and_overdue_once_each(plans: Harness):
    await plans.advance(DUE - LEAD - DAY)
    assert (await said(plans, "due"), await due(plans)) == ([], [])

    await plans.advance(DUE - LEAD + DAY)
    assert [kind for kind, _ in await said(plans, "due")] == ["DRILL", "REVIEW"]
    assert await due(plans) == [("DRILL", "DUE"), ("REVIEW", "DUE")]

    await plans.advance(DUE + 60 * DAY)
    assert [kind for kind, _ in await said(plans, "due")] == ["DRILL", "REVIEW"]
    assert [kind for kind, _ in await said(plans, "overdue")] == ["DRILL", "REVIEW"]
    assert await due(plans, kind="DRILL") == [("DRILL", "OVERDUE")]


async def test_after_downtime_what_was_missed_is_told_once_with_its_true_time(plans: Harness):
    plans.clock.set(DUE + 500 * DAY)  # nothing ran in between

    await plans.advance(DUE + 500 * DAY)
    await plans.run(commands.look_at_plan, "flood-410100")

    times = {at for _, at in await said(plans, "due")}
    assert {at[:16] for at in times} == {f"{DUE - LEAD:%Y-%m-%dT%H:%M}"}
    assert [(kind, at[:16]) for kind, at in await said(plans, "overdue")] == [
        (kind, f"{DUE:%Y-%m-%dT%H:%M}") for kind in ("DRILL", "REVIEW")
    ]


async def test_a_list_is_right_even_while_no_timer_has_fired(plans: Harness):
    plans.clock.set(DUE + DAY)

    assert await due(plans, state="OVERDUE") == [("DRILL", "OVERDUE"), ("REVIEW", "OVERDUE")]
    assert await due(plans, state="UPCOMING") == []


async def test_a_division_sees_what_is_due_below_it_and_not_elsewhere(plans: Harness):
    await plans.advance(DUE)

    seen = {
        area: await due(plans, jurisdiction=area, kind="DRILL")
        for area in ("410000", CITY, "410105", "420000")
    }

    assert seen == {"410000": [("DRILL", "OVERDUE")], CITY: [("DRILL", "OVERDUE")]} | {
        "410105": [],
        "420000": [],
    }


async def test_a_drill_held_elsewhere_meets_the_cycle_and_the_next_is_counted_from_it(
    plans: Harness,
):
    await plans.advance(DUE)
    async with plans.client(roles=["planner"], subject="writer") as client:
        body = {"heldAt": (DUE - DAY).isoformat(), "organization": "org_a", "note": "protocol 7"}
        first = await client.post(f"{VERSION}/drills", json=body)
        again = await client.post(f"{VERSION}/drills", json=body)

    assert (first.status_code, again.json()) == (200, first.json())
    assert [one["note"] for one in first.json()["drills"]] == ["protocol 7"]
    (met,) = await plans.published("cycle.met")
    assert met.body["nextDueAt"].startswith("2032-05-31")
    assert len(await plans.published("plan_version.drilled")) == 1
    assert await due(plans) == [("REVIEW", "OVERDUE")]


async def test_an_exercise_played_to_its_end_drills_its_plan_once(plans: Harness):
    exercise = await exercises.begun(plans)
    plans.clock.set(minutes(240))

    await exercises.completed(plans, exercise.id)

    plan = await plans.read(store.read_plan, ID)
    assert [(one.at, one.organization_id, one.exercise_id) for one in plan.drills] == [
        (minutes(240), exercises.OFFICE, exercise.id)
    ]
    (told,) = await plans.published("plan_version.drilled")
    assert told.body["exerciseId"] == exercise.id
    assert told.subject.startswith("uem.")  # the plan is drilled in earnest
    (met,) = await plans.published("cycle.met")
    assert met.body["cycle"]["kind"] == "DRILL"
    done = await plans.read(store.find_exercise, exercise.id)
    assert done is not None
    await plans.run(note_exercise, done)
    assert (await plans.read(store.read_plan, ID)).drills == plan.drills


async def test_an_exercise_that_was_broken_off_drills_nothing(plans: Harness):
    exercise = await exercises.begun(plans)

    await plans.run(
        commands.cancel_exercise,
        exercise.id,
        by="director",
        reason="a real flood",
        expected_version=None,
        caller=exercises.DIRECTOR,
    )

    assert (await plans.read(store.read_plan, ID)).drills == ()


async def test_a_review_meets_the_other_cycle(plans: Harness):
    await plans.advance(DUE)
    body = {"heldAt": DUE.isoformat(), "organization": "org_a", "note": "7", "isFit": True}
    async with plans.client(roles=["planner"], subject="writer") as client:
        answer = await client.post(f"{VERSION}/reviews", json=body)

    assert answer.json()["reviews"][0]["isFit"] is True
    assert await due(plans) == [("DRILL", "OVERDUE")]


async def test_a_new_version_leaves_the_drill_owed_and_is_itself_the_review(plans: Harness):
    await plans.advance(DUE)
    await draft(plans, FLOOD.replace('"2021.1"', '"2029.1"').replace("2021-06-01", "2029-05-01"))
    await publish(plans, "2029.1")

    assert await due(plans) == [("DRILL", "OVERDUE")]
    (met,) = await plans.published("cycle.met")
    assert met.body["cycle"]["kind"] == "REVIEW"


async def test_a_retired_plan_owes_nothing(plans: Harness):
    body = {"reason": "merged"}
    async with plans.client(roles=["commander"], subject="mayor") as client:
        assert (await client.post(f"{VERSION}/retire", json=body)).status_code == 200

    await plans.advance(DUE + DAY)

    assert (await due(plans), await said(plans, "due")) == ([], [])


async def test_cycles_come_by_plan_for_the_gateway(plans: Harness):
    async with plans.client() as client:
        answer = await client.post(
            "/v1/batch/cyclesByPlan", json={"keys": ["flood-410100", "none"]}
        )

    found = answer.json()
    assert [(one["kind"], one["state"]) for one in found["flood-410100"]] == [
        ("DRILL", "UPCOMING"),
        ("REVIEW", "UPCOMING"),
    ]
    assert found["none"] == []


@pytest.mark.parametrize(
    ("held", "found"),
    [((), [("drill-overdue", "–")]), ((1,), [("drill-overdue", "2026-06-02")]), ((1, 900), [])],
)
async def test_the_quality_report_says_whether_the_plan_is_drilled(
    plans: Harness, held: tuple[int, ...], found: list[tuple[str, str]]
):
    await plans.advance(DUE + 2 * DAY)
    for days in held:
        await drill(plans, START + days * DAY)

    async with plans.client() as client:
        report = (await client.get(f"{VERSION}/quality")).json()

    drilled = [one for one in report["findings"] if one["criterion"] == "DRILLED"]
    assert [one["slug"] for one in drilled] == [slug for slug, _ in found]
    for one, (_, last) in zip(drilled, found, strict=True):
        assert {"name": "last", "value": last} in one["evidence"]

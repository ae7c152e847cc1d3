"""The steps of a version's life on a real database: told, kept, taken by one of two officers."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from chassis.errors import DomainError, NotFound, VersionConflict
from chassis.policy import Grant
from chassis.unit_of_work import Caller
from services.plans import commands, domain, store
from services.plans.domain.life_cycle import PlanInUse, PlanStatusRefuses
from services.plans.domain.plan import PlanNotEffective
from tests.harness import START, Harness
from tests.services.plans import city
from tests.services.plans.city import (
    APPROVER,
    CITY,
    COMMAND,
    FLOOD,
    PLANNER,
    approve,
    draft,
    publish,
)
from vocabulary import Mode, ResponseLevel, WarningColour

ID = "flood-410100@2021.1"
DAY = timedelta(days=1)
CHANGED = ("changedBy", "changedAt")  # what a version conflict tells
COMMANDER = Caller(
    subject="chen", grants=(Grant(role="commander", area=CITY, organization=COMMAND),)
)
CHEN = domain.Signature(by=f"{COMMAND}/commander", reason="the river rises")


async def take(plans: Harness, step: str, caller: Caller = PLANNER, **about: Any) -> domain.Plan:
    given = {"expected_version": None} | about
    taken: domain.Plan = await plans.run(getattr(commands, step), ID, caller=caller, **given)
    return taken


async def told(plans: Harness) -> list[tuple[str, str, str]]:
    said = await plans.published("plan_version.status_changed")
    bodies = [one.body for one in said]
    return [
        (one["plan"]["id"], one["transition"]["action"], one["plan"]["status"]) for one in bodies
    ]


async def kept(plans: Harness, id: str = ID) -> domain.Plan:
    found: domain.Plan = await plans.read(store.read_plan, id)
    return found


async def start(plans: Harness, **about: Any) -> domain.Activation:
    given: dict[str, Any] = {
        "level": ResponseLevel.LEVEL_III,
        "mode": Mode.REAL,
        "incident_id": None,
        "by": CHEN,
        "caller": COMMANDER,
    }
    started: domain.Activation = await plans.run(
        commands.start_activation, "flood-410100", **given | about
    )
    return started


async def test_a_version_goes_its_way_and_each_step_is_told_and_kept(plans: Harness):
    filing = domain.Filing("org_410000_government", "备案-17", START)
    ground = domain.RevisionGround.RISK_CHANGED

    await take(plans, "file_plan", filing=filing)
    await take(plans, "begin_revision", ground=ground, note="a new dam")
    await take(plans, "end_revision", reason="the dam changes nothing")
    await take(plans, "retire_plan", APPROVER, reason="merged into another")

    steps = [
        ("SUBMIT", "IN_REVIEW"),
        ("APPROVE", "APPROVED"),
        ("PUBLISH", "PUBLISHED"),
        ("FILE", "FILED"),
        ("BEGIN_REVISION", "UNDER_REVISION"),
        ("END_REVISION", "FILED"),
        ("RETIRE", "RETIRED"),
    ]
    assert await told(plans) == [(ID, action, status) for action, status in steps]
    plan = await kept(plans)
    assert [(one.action, one.to_status) for one in plan.history] == steps
    assert [one.reason for one in plan.history[-3:]] == [
        "RISK_CHANGED: a new dam",
        "the dam changes nothing",
        "merged into another",
    ]
    assert plan.filing == filing


async def test_a_draft_is_not_published_before_it_is_approved(empty: Harness):
    await draft(empty)

    with pytest.raises(PlanStatusRefuses):
        await empty.run(
            commands.publish_plan,
            "flood-410100",
            plan_version="2021.1",
            expected_version=None,
            caller=PLANNER,
        )


async def test_publishing_expects_the_version_that_was_read(empty: Harness):
    await draft(empty)

    with pytest.raises(VersionConflict):
        await publish(empty, expected=7)
    assert (await kept(empty)).status is domain.PlanStatus.APPROVED


async def test_a_plan_that_nobody_imported_takes_no_step(empty: Harness):
    for step, about in (("submit_plan", {"asked": ()}), ("approve_plan", {"reason": None})):
        with pytest.raises(NotFound):
            await take(empty, step, **about)


async def test_of_two_officers_deciding_at_once_one_wins_and_the_other_is_told_who(empty: Harness):
    await draft(empty)
    await take(empty, "submit_plan", asked=())
    second = Caller(subject="deputy", grants=APPROVER.grants)

    outcomes = await asyncio.gather(
        take(empty, "approve_plan", APPROVER, reason=None, expected_version=2),
        take(empty, "return_plan", second, reason="thin", expected_version=2),
        return_exceptions=True,
    )

    (won,) = [one for one in outcomes if isinstance(one, domain.Plan)]
    (lost,) = [one for one in outcomes if isinstance(one, DomainError)]
    last = (await kept(empty)).history[-1]
    assert won.history[-1] == last
    assert len((await kept(empty)).history) == 2
    who, when = ("decidedBy", "decidedAt") if isinstance(lost, PlanStatusRefuses) else CHANGED
    assert (lost.extra[who], lost.extra[when]) == (last.by, last.at)


async def test_the_second_to_approve_is_told_who_was_first_and_when(empty: Harness):
    await draft(empty)
    await approve(empty)
    second = Caller(subject="deputy", grants=APPROVER.grants)

    with pytest.raises(PlanStatusRefuses) as refused:
        await take(empty, "approve_plan", second, reason=None)

    assert refused.value.extra["decidedBy"] == "mayor"
    assert refused.value.extra["decidedAt"] == START


async def test_a_version_under_which_a_response_stands_is_not_retired(plans: Harness):
    started = await start(plans)

    with pytest.raises(PlanInUse) as refused:
        await take(plans, "retire_plan", APPROVER, reason="merged")

    assert refused.value.extra["activations"] == [started.id]


async def test_a_retired_version_is_started_by_nobody_and_by_no_signal(plans: Harness):
    await take(plans, "retire_plan", APPROVER, reason="merged into another")

    with pytest.raises(PlanNotEffective, match="was retired at 2026-06-01 08:00 UTC by mayor"):
        await start(plans)
    await city.hear_signal(plans, "issued", city.signal("sig_1", WarningColour.RED, CITY))

    assert [one for one in await plans.published() if one.aggregate == "activation"] == []
    assert (await plans.published("plan.state"))[-1].body["plan"].get("thresholds", []) == []


async def second_version(plans: Harness, *, in_days: int) -> None:
    begins = (START + in_days * DAY).isoformat()
    newer = FLOOD.replace('"2021.1"', '"2026.1"')
    await draft(plans, newer.replace("effective_from: 2021-06-01", f"effective_from: {begins}"))
    await publish(plans, "2026.1")


async def test_a_later_version_supersedes_the_earlier_when_it_takes_effect(plans: Harness):
    await second_version(plans, in_days=5)
    assert (await kept(plans)).status is domain.PlanStatus.PUBLISHED

    await plans.advance(START + 6 * DAY)

    over = await kept(plans)
    assert (over.status, over.superseded_by) == (domain.PlanStatus.RETIRED, "flood-410100@2026.1")
    assert over.retired_at == START + 5 * DAY
    assert (await told(plans))[-1] == (ID, "SUPERSEDE", "RETIRED")
    await plans.run(commands.look_at_plan, "flood-410100")
    assert [one[1] for one in await told(plans)].count("SUPERSEDE") == 1


async def test_a_response_goes_on_under_the_version_that_it_was_started_under(plans: Harness):
    await city.measure_nothing_unusual(plans)
    await city.hear_signal(plans, "issued", city.signal("sig_1", WarningColour.ORANGE, CITY))
    started = await city.present(plans)
    await second_version(plans, in_days=0)
    assert (await kept(plans)).status is domain.PlanStatus.RETIRED

    later = city.signal("sig_2", WarningColour.RED, CITY)
    await city.hear_signal(plans, "issued", later)

    present = await city.present(plans)
    assert (present.id, present.plan_version) == (started.id, "2021.1")
    last = await plans.read(store.last_evaluation, "flood-410100", Mode.REAL)
    assert last is not None
    assert (last.plan_version, last.cause.id) == ("2021.1", "sig_2")


async def test_a_version_published_before_there_was_a_life_cycle_stays_valid(plans: Harness):
    old = (
        "UPDATE plan SET doc = doc - '{history,drafted_by,filing,drills,reviews,triggers,"
        "ruling_since,retired_at,superseded_by}'::text[]"
    )
    async with plans.runtime.engine.begin() as db:
        await db.execute(text(old))

    filing = domain.Filing("org_410000_government", "17", START)
    plan = await take(plans, "file_plan", filing=filing)

    assert [one.action for one in plan.history] == [domain.PlanAction.FILE]
    assert (await start(plans)).plan_version == "2021.1"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("file", {"organization": "org_a", "number": "17", "filedAt": START.isoformat()}),
        ("triggers", {"ground": "RISK_CHANGED", "note": "a new dam"}),
        ("begin-revision", {"ground": "RISK_CHANGED", "note": "a new dam"}),
        ("drills", {"heldAt": START.isoformat(), "organization": "org_a", "note": "7"}),
        (
            "reviews",
            {"heldAt": START.isoformat(), "organization": "org_a", "note": "7", "isFit": True},
        ),
        ("retire", {"reason": "merged"}),
    ],
)
async def test_each_step_is_for_the_planners_or_commanders_of_its_division(
    plans: Harness, path: str, body: dict[str, Any]
):
    role, other = ("commander", "planner") if path == "retire" else ("planner", "commander")
    statuses = []
    for roles, area in (([other, "viewer"], CITY), ([role], "410200"), ([role], CITY)):
        async with plans.client(roles=roles, areas=[area], subject="li") as client:
            url = f"/v1/plans/flood-410100/versions/2021.1/{path}"
            statuses.append((await client.post(url, json=body)).status_code)

    assert statuses == [403, 403, 200]

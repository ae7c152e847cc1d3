"""Plans that set off plans, in one unit of work: told, recorded, by whomever, without deadlock."""

import asyncio
from typing import Any

import msgspec
import pytest

from chassis.policy import Grant
from chassis.unit_of_work import Caller
from services.plans import commands, domain, queries, store
from services.plans.commands import cascade
from tests.harness import Harness
from tests.services.plans import city, drill
from tests.services.plans.chain import LANDSLIDE_PLAN, QUAKE, QUAKE_PLAN, ROADS_PLAN, upon, written
from tests.services.plans.city import CITY, COMMAND, SMALL, minutes
from vocabulary import Mode, ResponseLevel

COMMANDER = Caller(
    subject="chen", grants=(Grant(role="commander", area=CITY, organization=COMMAND),)
)
BY = domain.Signature(by="org_410100_flood_command/commander", reason="the ground shakes")


async def publish(plans: Harness, *texts: str) -> None:
    """The plan files are imported and published."""
    for text in texts:
        drafted = await city.draft(plans, text)
        await city.publish(plans, drafted.plan_version, plan_id=drafted.plan_id)


async def start(plans: Harness, plan_id: str, level: ResponseLevel) -> domain.Activation:
    """The commander starts the plan by hand."""
    started: domain.Activation = await plans.run(
        commands.start_activation,
        plan_id,
        level=level,
        mode=Mode.REAL,
        incident_id=None,
        by=BY,
        caller=COMMANDER,
    )
    return started


async def said(plans: Harness) -> list[tuple[str, str, str, str | None]]:
    """Event, plan, kind of cause and level of each event of an activation."""
    found = [one for one in await plans.published() if one.aggregate == "activation"]
    bodies = [(one.event, one.body["activation"]) for one in found]
    return [(event, one["planId"], one["cause"]["kind"], one.get("level")) for event, one in bodies]


async def levels(plans: Harness) -> dict[str, str | None]:
    """The level in force under each plan that has one."""
    found = await plans.read(store.open_activations, Mode.REAL)
    return {one.plan_id: one.level for one in found}


@pytest.fixture
async def quake(empty: Harness) -> Harness:
    """The city with three plans, each of which sets off the next, and every gauge reporting."""
    await city.settle(empty)
    await publish(empty, QUAKE_PLAN, LANDSLIDE_PLAN, ROADS_PLAN)
    await city.hear_reading(empty, city.reading("rain_3h_mm", 0.0, jurisdiction=SMALL))
    return empty


async def hear_quake(plans: Harness, event: str, **figures: Any) -> None:
    one = city.incident("inc_q", emergency_type=QUAKE, **figures)
    await city.hear_incident(plans, event, one)


async def test_one_incident_starts_a_chain_of_plans_each_told_with_what_set_it_off(quake: Harness):
    await hear_quake(quake, "declared", magnitude=6.5, deaths=0)

    assert await said(quake) == [
        ("started", "quake", "INCIDENT", "LEVEL_II"),
        ("started", "landslide", "ACTIVATION", "LEVEL_III"),
        ("started", "roads", "ACTIVATION", "LEVEL_III"),
    ]
    upstream, here, _ = await quake.published("activation.started")
    cause = here.body["activation"]["cause"]
    assert cause == {"kind": "ACTIVATION", "id": upstream.body["activation"]["id"]}
    kept = await quake.read(store.last_evaluation, "landslide", Mode.REAL)
    assert kept is not None
    assert (kept.cause.kind, kept.cause.id) == (domain.CauseKind.ACTIVATION, cause["id"])
    assert {one.metric: one.source for one in kept.inputs}["response_11C01"] == cause["id"]


async def test_what_rises_above_raises_below_and_what_ends_above_ends_below_after_its_hold_down(
    quake: Harness,
):
    await hear_quake(quake, "declared", magnitude=6.5, deaths=0)
    await hear_quake(quake, "facts_recorded", magnitude=6.5, deaths=60)
    raised = await levels(quake)

    await hear_quake(quake, "closed", status="CLOSED")
    await quake.advance(minutes(60))
    over_above = await levels(quake)
    await quake.advance(minutes(90))
    over_below = await levels(quake)
    await quake.advance(minutes(120))

    assert raised == {"quake": "LEVEL_I", "landslide": "LEVEL_II", "roads": "LEVEL_III"}
    assert over_above == {"landslide": "LEVEL_II", "roads": "LEVEL_III"}
    assert over_below == {"roads": "LEVEL_III"}
    assert await levels(quake) == {}


async def test_the_same_report_heard_twice_sets_off_nothing_twice(quake: Harness):
    await hear_quake(quake, "declared", magnitude=6.5, deaths=0)
    before = await said(quake)

    await hear_quake(quake, "facts_recorded", magnitude=6.5, deaths=0)

    assert await said(quake) == [*before, ("maintained", "quake", "INCIDENT", "LEVEL_II")]


async def test_rain_before_the_earthquake_and_after_it_leaves_the_same_in_force(quake: Harness):
    await city.hear_reading(quake, city.reading("rain_3h_mm", 60.0, jurisdiction=SMALL))
    await hear_quake(quake, "declared", magnitude=6.5, deaths=0)

    assert await levels(quake) == {
        "quake": "LEVEL_II",
        "landslide": "LEVEL_III",
        "roads": "LEVEL_III",
    }


async def test_the_earthquake_before_the_rain_leaves_what_the_rain_before_it_leaves(
    quake: Harness,
):
    await hear_quake(quake, "declared", magnitude=6.5, deaths=0)
    await city.hear_reading(quake, city.reading("rain_3h_mm", 60.0, jurisdiction=SMALL))

    assert await levels(quake) == {
        "quake": "LEVEL_II",
        "landslide": "LEVEL_III",
        "roads": "LEVEL_III",
    }


async def test_a_response_started_by_hand_sets_off_the_plans_of_other_organizations(
    empty: Harness,
):
    await city.settle(empty)
    elsewhere = LANDSLIDE_PLAN.replace(COMMAND, "org_410102_geology")
    await publish(empty, QUAKE_PLAN, elsewhere)

    await start(empty, "quake", ResponseLevel.LEVEL_II)

    assert await said(empty) == [
        ("started", "quake", "PERSON", "LEVEL_II"),
        ("started", "landslide", "ACTIVATION", "LEVEL_III"),
    ]


async def test_an_exercise_sets_off_nothing_real(quake: Harness):
    played = city.incident("inc_q", emergency_type=QUAKE, mode=Mode.EXERCISE, magnitude=6.5)
    await city.hear_incident(quake, "declared", played)

    assert await levels(quake) == {}
    roots = {one.subject.split(".")[0] for one in await quake.published("activation.started")}
    assert roots == {"uemx"}


async def test_what_an_exercise_sets_off_belongs_to_it_and_ends_with_it(quake: Harness):
    script = drill.FILE.replace("plan: flood-410100", "plan: quake")
    exercise = await drill.begun(quake, script.replace('"2021.1"', '"1"'))

    played = city.incident("inc_q", emergency_type=QUAKE, mode=Mode.EXERCISE, magnitude=6.5)
    scripted = msgspec.structs.replace(played, exercise_id=exercise.id)
    await city.hear_incident(quake, "declared", scripted)
    began = await quake.published("activation.started")
    await drill.completed(quake, exercise.id)

    of_it = {
        (one.body["activation"]["planId"], one.body["activation"]["exerciseId"]) for one in began
    }
    assert of_it == {(name, exercise.id) for name in ("quake", "landslide", "roads")}
    assert await levels(quake) == {}
    ended = await quake.published("activation.ended")
    assert {one.body["activation"]["planId"] for one in ended} == {"quake", "landslide", "roads"}


async def test_a_plan_published_while_a_response_is_in_force_above_starts(empty: Harness):
    await city.settle(empty)
    await publish(empty, QUAKE_PLAN)
    await start(empty, "quake", ResponseLevel.LEVEL_II)

    await publish(empty, LANDSLIDE_PLAN, ROADS_PLAN)

    assert set(await levels(empty)) == {"quake", "landslide", "roads"}


async def test_a_plan_that_closes_a_circle_is_not_published(quake: Harness):
    back = written("quake-2", QUAKE, {"LEVEL_IV": upon("12C01", "LEVEL_IV")}, place=SMALL)

    with pytest.raises(domain.PlansInCircle):
        await publish(quake, back)

    found = await quake.read(store.versions_of, "quake-2")
    assert [one.status for one in found] == [domain.PlanStatus.APPROVED]


async def test_a_cascade_that_is_too_deep_stops_with_what_it_decided_and_says_so(
    quake: Harness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(domain, "MOST_ROUNDS", 2)

    await hear_quake(quake, "declared", magnitude=6.5, deaths=0)

    assert set(await levels(quake)) == {"quake", "landslide"}
    (stopped,) = [one for one in caplog.records if one.getMessage() == "cascade.stopped"]
    assert stopped.levelname == "ERROR"
    assert vars(stopped)["chassis_fields"]["left"] == ["roads"]


async def test_two_cascades_over_the_same_plans_wait_for_each_other_and_never_deadlock(
    quake: Harness,
):
    await publish(quake, written("alert", "14A01", {"LEVEL_IV": upon(QUAKE, "LEVEL_IV")}))
    below = Caller.service("plans")

    async def from_above(turn: int) -> None:
        await hear_quake(quake, "facts_recorded", magnitude=6.5, deaths=float(turn))

    async def from_below(_: int) -> None:
        cause = domain.Cause(domain.CauseKind.TIMER, "roads")
        await quake.run(cascade.weigh, cause, mode=Mode.REAL, concerned=last_two, caller=below)

    for turn in range(6):
        both = (from_above, from_below) if turn % 2 else (from_below, from_above)
        await asyncio.wait_for(asyncio.gather(*(side(turn) for side in both)), 30)

    assert set(await levels(quake)) == {"quake", "landslide", "roads", "alert"}


def last_two(index: domain.Index) -> list[domain.CompiledPlan]:
    return [*index.versions("roads"), *index.versions("landslide")]


async def test_what_led_to_a_response_is_found_from_the_response_that_set_it_off(quake: Harness):
    await hear_quake(quake, "declared", magnitude=6.5, deaths=0)
    (above,) = [
        one for one in await quake.read(store.open_activations, Mode.REAL) if one.plan_id == "quake"
    ]

    found = await quake.read(queries.activations_by_cause, [above.id], fields=None, args={})

    assert [one.plan_id for one in found[above.id]] == ["landslide"]

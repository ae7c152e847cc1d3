"""An exercise acts as if it were real, and takes nothing from what is."""

import pytest

from contracts.plans import v1 as plans
from tests.services.guarantee.messages import PUMPS_OWNER, at, ended, hear, need, pump
from tests.services.guarantee.messages import started as begun
from vocabulary import Mode, WarningColour

DRILL, OTHER = "exe_drill", "exe_other"


def exercise(id=DRILL, state="RUNNING"):
    """A flood exercise of the city."""
    return plans.Exercise(
        id=id,
        type="FUNCTIONAL",
        state=state,
        title_zh="防汛演练",
        title_en="flood exercise",
        plan_id="flood-410100",
        plan_version="1",
        jurisdiction="410100",
        organization_id="org_410100_office",
        participants=("org_410100_flood_command",),
        planned_from=at(0),
        planned_to=at(240),
    )


def inject(key="red", colour=WarningColour.RED, replaces=()):
    """The script's signal for the whole city, for three hours."""
    said = plans.SignalInject(
        emergency_type="11B03",
        colour=colour,
        areas=("410100",),
        headline_zh="暴雨预警信号",
        valid_minutes=180,
        replaces=replaces,
    )
    return plans.Inject(id=f"inj_{key}", key=key, due_at=at(0), signal=said)


async def injected(guarantee, one=None, id=DRILL, **about):
    """The script's fact falls due in the exercise."""
    body = plans.ExerciseInjected(exercise=exercise(id), inject=one or inject())
    return await _said(guarantee, "injected", body, **about)


async def over(guarantee, event="completed", id=DRILL):
    """The exercise is over."""
    bodies = {"completed": plans.ExerciseCompleted, "cancelled": plans.ExerciseCancelled}
    body = bodies[event](exercise=exercise(id, event.upper()))
    return await _said(guarantee, event, body)


async def _said(guarantee, event, body, **about):
    defaults = {
        "service": "plans",
        "aggregate": "exercise",
        "event": event,
        "id": body.exercise.id,
        "area": "410100",
        "mode": Mode.EXERCISE,
    }
    return await guarantee.deliver(body, **defaults | about)


async def require(guarantee, id, *needs, **stated):
    """A plan is in force with these needs, and they are solved."""
    await hear(guarantee, begun(*needs, id=id, **stated))
    await guarantee.advance(guarantee.clock.now())


async def sent(guarantee):
    """Which resource went to which activation, in which mode and exercise."""
    said = [one.body["dispatch"] for one in await guarantee.published("dispatch.ordered")]
    return [
        (one["resourceId"], one["activationId"], one["mode"], one.get("exerciseId")) for one in said
    ]


async def stock(guarantee, *ids):
    """So many mobile pumps stand in the city."""
    async with guarantee.client(roles=["keeper"], org=PUMPS_OWNER.id) as keeper:
        for id in ids:
            answer = await keeper.put(f"/v1/resources/{id}", json=pump())
            assert answer.status_code == 200


async def test_a_signal_of_the_script_is_in_force_in_the_exercise_only(guarantee):
    await injected(guarantee)

    (said,) = await guarantee.published("signal.issued")
    assert said.subject.startswith("uemx.")
    assert {name: said.body["signal"][name] for name in ("mode", "exerciseId", "sender")} == {
        "mode": "EXERCISE",
        "exerciseId": DRILL,
        "sender": DRILL,
    }
    (draft,) = await guarantee.published("warning.drafted")
    assert (draft.body["warning"]["mode"], draft.body["warning"]["exerciseId"]) == (
        "EXERCISE",
        DRILL,
    )


async def test_the_same_fact_heard_twice_is_one_signal(guarantee):
    body = plans.ExerciseInjected(exercise=exercise(), inject=inject())

    await injected(guarantee, body.inject)
    await injected(guarantee, body.inject)

    assert len(await guarantee.published("signal.issued")) == 1
    assert len(await guarantee.published("warning.drafted")) == 1


async def test_a_later_fact_of_the_script_takes_the_place_of_an_earlier_one(guarantee):
    await injected(guarantee, inject("orange", WarningColour.ORANGE))
    await injected(guarantee, inject("red", replaces=("orange",)))

    (superseded,) = await guarantee.published("signal.superseded")
    assert superseded.body["signal"]["colour"] == "ORANGE"


@pytest.mark.parametrize("event", ["completed", "cancelled"])
async def test_nothing_of_an_exercise_stands_once_it_is_over(guarantee, event):
    await injected(guarantee)
    await injected(guarantee, id=OTHER)

    await over(guarantee, event)
    await over(guarantee, event)

    cancelled = [
        one.body["signal"]["exerciseId"] for one in await guarantee.published("signal.cancelled")
    ]
    assert cancelled == [DRILL]
    async with guarantee.client() as viewer:
        listed = (
            await viewer.get("/v1/signals", params={"mode": "EXERCISE", "status": "ACTIVE"})
        ).json()
    assert [one["exerciseId"] for one in listed["nodes"]] == [OTHER]


async def test_a_real_need_during_an_exercise_gets_the_resources(guarantee):
    await stock(guarantee, "res_1", "res_2")
    await require(guarantee, "act_drill", need(), mode=Mode.EXERCISE, exercise_id=DRILL)

    await require(guarantee, "act_flood", need())

    assert sorted(await sent(guarantee)) == [
        ("res_1", "act_drill", "EXERCISE", DRILL),
        ("res_1", "act_flood", "REAL", None),
        ("res_2", "act_drill", "EXERCISE", DRILL),
        ("res_2", "act_flood", "REAL", None),
    ]
    assert len(await guarantee.published("requirement.met")) == 2


async def test_two_exercises_do_not_block_each_other_and_neither_books_twice(guarantee):
    await stock(guarantee, "res_1", "res_2")

    for id, drill in (("act_a", DRILL), ("act_b", OTHER), ("act_c", OTHER)):
        await require(guarantee, id, need(), mode=Mode.EXERCISE, exercise_id=drill)

    assert sorted(await sent(guarantee)) == [
        ("res_1", "act_a", "EXERCISE", DRILL),
        ("res_1", "act_b", "EXERCISE", OTHER),
        ("res_2", "act_a", "EXERCISE", DRILL),
        ("res_2", "act_b", "EXERCISE", OTHER),
    ]
    (short,) = await guarantee.published("requirement.unmet")
    assert (short.body["requirement"]["activationId"], short.body["requirement"]["reason"]) == (
        "act_c",
        "ALL_COMMITTED",
    )


async def test_what_an_exercise_holds_is_free_for_everybody_else(guarantee):
    await stock(guarantee, "res_1")
    await require(guarantee, "act_drill", need(quantity=1.0), mode=Mode.EXERCISE, exercise_id=DRILL)

    async with guarantee.client() as viewer:

        async def free(**asked):
            listed = (await viewer.get("/v1/resources", params=asked)).json()
            return [one["available"] for one in listed["nodes"]]

        assert await free() == [1.0]
        assert await free(mode="EXERCISE", exerciseId=DRILL) == [0.0]
        assert await free(mode="EXERCISE", exerciseId=OTHER) == [1.0]
        args = {"exerciseId": DRILL}
        batch = await viewer.post("/v1/batch/resources", json={"keys": ["res_1"], "args": args})
        assert batch.json()["res_1"]["available"] == 0.0


async def test_a_resource_made_ready_serves_what_waits_in_every_ledger(guarantee):
    for id, stated in (
        ("act_a", {"mode": Mode.EXERCISE, "exercise_id": DRILL}),
        ("act_b", {"mode": Mode.EXERCISE, "exercise_id": OTHER}),
        ("act_c", {}),
    ):
        await require(guarantee, id, need(quantity=1.0), **stated)

    await stock(guarantee, "res_1")
    await guarantee.advance(guarantee.clock.now())

    assert sorted(one[1] for one in await sent(guarantee)) == ["act_a", "act_b", "act_c"]


async def test_lists_show_the_real_unless_an_exercise_is_asked_for(guarantee):
    await stock(guarantee, "res_1")
    await injected(guarantee)
    stated = {"mode": Mode.EXERCISE, "exercise_id": DRILL}
    await require(guarantee, "act_drill", need(), **stated)
    lists = ("signals", "warnings", "requirements", "dispatches", "allocations")

    async with guarantee.client() as viewer:
        real = {one: (await viewer.get(f"/v1/{one}")).json()["nodes"] for one in lists}
        asked = {"mode": "EXERCISE"}
        drilled = {one: (await viewer.get(f"/v1/{one}", params=asked)).json() for one in lists}

    assert real == {one: [] for one in lists}
    assert {one: len(found["nodes"]) for one, found in drilled.items()} == dict.fromkeys(lists, 1)


async def test_the_end_of_its_activation_frees_the_shadow(guarantee):
    await stock(guarantee, "res_1")
    stated = {"mode": Mode.EXERCISE, "exercise_id": DRILL}
    await require(guarantee, "act_a", need(quantity=1.0), **stated)

    await hear(guarantee, ended(id="act_a", **stated))
    await require(guarantee, "act_b", need(quantity=1.0), **stated)

    assert [one[:2] for one in await sent(guarantee)] == [("res_1", "act_a"), ("res_1", "act_b")]

"""What org says becomes the score of an exercise, whatever comes twice or in which order."""

import dataclasses
import itertools
from typing import Any

import pytest

from services.plans import domain, store
from tests.harness import START, Harness
from tests.services.plans import city, drill
from tests.services.plans.city import CITY, COMMAND, minutes
from tests.services.plans.player import Player
from vocabulary import Mode


async def played(plans: Harness) -> domain.Activation:
    """The exercise runs, and its first fact has put the plan in force."""
    await drill.begun(plans)
    await plans.advance(minutes(11))
    return await city.present(plans)


async def score_of(plans: Harness, id: str | None) -> dict[str, Any]:
    async with plans.client(org=drill.OFFICE, areas=[CITY]) as client:
        answer = await client.get(f"/v1/exercises/{id}/score")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


async def test_an_exercise_is_scored_step_by_step_from_its_tasks(plans: Harness) -> None:
    activation = await played(plans)
    done = drill.task(activation, "pumps-out", "DONE", finished=minutes(48))
    late = drill.task(
        activation, "open-duty-room", "DONE", limit=15, finished=minutes(20), organization=COMMAND
    )
    for one in (drill.task(activation, "pumps-out", "OWED"), done, late):
        await drill.hear_task(plans, one)
        await drill.hear_task(plans, one)
    await drill.hear_order(plans, activation, "issued")
    await drill.hear_order(plans, activation, "completed", drill.METRO)
    await drill.hear_order(plans, activation, "completed", drill.METRO, drill.DRAINAGE)
    exercise_id = activation.exercise_id
    await drill.hear_obligation(plans, "obl_1", "owed", exercise_id=exercise_id)
    await drill.hear_obligation(
        plans, "obl_1", "answered", exercise_id=exercise_id, answered_at=minutes(8)
    )
    await drill.hear_obligation(plans, "obl_2", "overdue", exercise_id=exercise_id)
    await drill.hear_obligation(
        plans, "obl_3", "overdue", exercise_id=exercise_id, owed_by=drill.METRO
    )
    await drill.hear_obligation(plans, "obl_real", "overdue", exercise_id=None)
    plans.clock.set(minutes(200))
    await drill.completed(plans, str(exercise_id))

    found = await score_of(plans, exercise_id)

    steps = {one["step"]: one for one in found["steps"]}
    assert {
        step: (one["outcome"], one["minutes"], one["allowedMinutes"])
        for step, one in steps.items()
        if one["outcome"] != "NOT_ASKED"
    } == {"pumps-out": ("ON_TIME", 48.0, 60.0), "open-duty-room": ("LATE", 20.0, 15.0)}
    assert steps["pumps-out"]["titleEn"] == "Bring the pumps out"
    assert found["stepsOnTimeRate"] == 0.5
    (tunnels,) = [one for one in found["measures"] if one["code"] == "inspect_tunnels"]
    assert (tunnels["orderedAt"], tunnels["carriedOutAt"], tunnels["doneBy"]) == (
        "2026-06-01T08:20:00Z",
        "2026-06-01T08:40:00Z",
        [drill.METRO, drill.DRAINAGE],
    )
    assert found["measuresCarriedOut"] == 1
    assert [(one["outcome"], one["minutes"]) for one in found["handOffs"]] == [
        ("ON_TIME", 8.0),
        ("NOT_DONE", None),
        ("OUTSIDE", None),
    ]
    assert found["handOffsOnTimeRate"] == 0.5
    assert (found["injects"], found["injectsDelivered"]) == (6, 1)


async def test_every_step_of_the_version_is_in_the_score_asked_for_or_not(plans: Harness) -> None:
    activation = await played(plans)

    found = await score_of(plans, activation.exercise_id)

    version = domain.steps_of(domain.parse(city.FLOOD))
    assert {one["step"]: one["outcome"] for one in found["steps"]} == dict.fromkeys(
        version, "NOT_ASKED"
    )
    assert found["stepsOnTimeRate"] is None


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_record_of_a_task_is_what_its_newest_event_says(order: tuple[int, ...]) -> None:
    """Events of one task come in order; a record made of the newest alone is the same."""

    def heard(status: str, finished: Any) -> domain.HeardTask:
        return domain.HeardTask(
            id="tsk_1",
            activation_id="act_1",
            exercise_id="exe_1",
            step="pumps-out",
            level=None,
            jurisdiction=CITY,
            mode=Mode.EXERCISE,
            organization_id=drill.DRAINAGE,
            status=status,
            owed_at=START,
            due_at=minutes(60),
            acknowledged_at=None,
            finished_at=finished,
            system_was_up=None,
            as_of=minutes(70),
        )

    said = [heard("OWED", None), heard("OVERDUE", None), heard("DONE", minutes(70))]
    player = Player()
    player.weigh(rain_3h_mm=60.0)
    activation = player.present

    kept: domain.StepRecord | None = None
    for index in (*order, 2):
        kept = domain.step_record(said[index], kept, activation)

    assert kept == domain.step_record(said[2], None, activation)


async def test_a_task_of_no_activation_of_ours_is_left_out(plans: Harness) -> None:
    activation = await played(plans)
    stranger = dataclasses.replace(activation, id=domain.ActivationId("act_gone"))

    await drill.hear_task(plans, drill.task(stranger, "pumps-out", "OWED"))

    assert await plans.read(store.steps_played, str(activation.exercise_id)) == []


async def test_records_list_the_real_unless_an_exercise_is_asked_for(plans: Harness) -> None:
    activation = await played(plans)
    await drill.hear_task(plans, drill.task(activation, "pumps-out", "OWED"))

    async with plans.client(areas=[CITY]) as client:
        real = (await client.get("/v1/step-records")).json()["nodes"]
        drilled = (await client.get("/v1/step-records", params={"mode": "EXERCISE"})).json()
        asked = {"exerciseId": activation.exercise_id}
        of_it = (await client.get("/v1/step-records", params=asked)).json()
        listed = (await client.get("/v1/exercises", params={"state": "RUNNING"})).json()
        levels = await client.post("/v1/batch/responseLevels", json={"keys": [CITY], "args": {}})

    assert real == []
    assert [one["step"] for one in drilled["nodes"]] == ["pumps-out"]
    assert of_it["nodes"] == drilled["nodes"]
    assert [one["mode"] for one in listed["nodes"]] == ["EXERCISE"]
    assert levels.json() == {CITY: []}

"""Exercises: planned from a file, fed by timers, weighed for themselves, and over when they are."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chassis import documents
from chassis.policy import NotPermitted
from services.plans import commands, domain, store
from services.plans.domain.exercise_file import ExerciseFileInvalid
from tests.harness import START, Harness
from tests.services.plans import city, drill
from tests.services.plans.city import CITY, COMMAND, FLOOD, minutes
from vocabulary import Mode, WarningColour

OTHER = drill.FILE.replace("flood exercise", "second exercise")


async def told(plans: Harness, *events: str) -> list[dict[str, Any]]:
    """What was said of exercises."""
    said = [one for one in await plans.published() if one.aggregate == "exercise"]
    return [one.body for one in said if not events or one.event in events]


async def activations(plans: Harness) -> list[domain.Activation]:
    """Every activation, the earliest first."""
    found: list[domain.Activation] = await plans.read(
        documents.find, store.activation, domain.Activation, order_by=store.activation.c.created_at
    )
    return found


async def test_a_file_becomes_an_exercise_with_its_script(plans: Harness) -> None:
    exercise = await drill.planned(plans)

    (planned,) = [one for one in await plans.published() if one.aggregate == "exercise"]
    assert planned.subject.startswith("uemx.plans.exercise.planned.v1.41.01.")
    assert {name: planned.body["exercise"][name] for name in ("type", "state", "planVersion")} == {
        "type": "FUNCTIONAL",
        "state": "PLANNED",
        "planVersion": "2021.1",
    }
    injects = await plans.read(store.injects_of, exercise.id)
    assert [(one.key, one.offset_minutes, one.kind.value) for one in injects] == [
        ("rain", 10, "INDICATOR"),
        ("tunnel", 30, "INCIDENT"),
        ("red", 60, "SIGNAL"),
        ("worse", 90, "FIGURES"),
        ("call", 95, "REPORT"),
        ("network", 100, "NOTE"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "slug", "place"),
    [
        ("rain_3h_mm, value", "rain_mm, value", "indicator-unknown", (25, 16)),
        ("deaths: 0", "rain_1h_mm: 0", "indicator-unknown", (18, 7)),
        ("incident: tunnel", "incident: rain", "inject-unknown", (32, 14)),
        ("id: call", "id: red", "inject-repeated", (33, 5)),
        ("at_minutes: 95", "at_minutes: 241", "inject-after-end", (33, 5)),
        ("T20:00", "T16:00", "period-empty", (10, 10)),
        ("type: FUNCTIONAL", "type: GAME", "exercise-schema", (2, 7)),
        ("colour: RED", "colour: PINK", "exercise-schema", (29, 45)),
        ("type: FUNCTIONAL", "type: [", "yaml-syntax", None),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_place(
    old: str, new: str, slug: str, place: tuple[int, int] | None
) -> None:
    with pytest.raises(ExerciseFileInvalid) as refused:
        domain.parse_exercise(drill.FILE.replace(old, new), lambda prefix: f"{prefix}_1")

    faults: Any = refused.value.extra["faults"]
    found = {one["slug"]: (one["line"], one["column"]) for one in faults}
    assert slug in found
    assert place is None or found[slug] == place


async def test_an_exercise_of_a_version_that_is_not_here_or_lies_elsewhere_is_refused(
    plans: Harness,
) -> None:
    async with plans.client(
        roles=["planner"], org=drill.OFFICE, areas=["410000"], subject="director"
    ) as client:
        unknown = await client.post("/v1/exercises", content=drill.FILE.replace("2021.1", "1999"))
        district = drill.FILE.replace(f'jurisdiction: "{CITY}"', 'jurisdiction: "410102"')
        elsewhere = await client.post("/v1/exercises", content=district)

    assert (unknown.status_code, unknown.json()["slug"]) == (404, "plan-not-found")
    assert (elsewhere.status_code, elsewhere.json()["slug"]) == (422, "exercise-plan-mismatch")


async def test_each_fact_of_the_script_comes_once_and_when_its_time_does(plans: Harness) -> None:
    exercise = await drill.begun(plans)

    await plans.advance(START + timedelta(minutes=95))
    before = [one["inject"]["key"] for one in await told(plans, "injected")]
    injects = await plans.read(store.injects_of, exercise.id)
    for one in injects[:5]:
        await plans.run(commands.deliver_inject, one.id)
    await plans.advance(START + timedelta(hours=5))

    assert before == ["rain", "tunnel", "red", "worse", "call"]
    injected = [one["inject"] for one in await told(plans, "injected")]
    assert [one["key"] for one in injected] == [*before, "network"]
    assert [one["dueAt"] for one in injected][:2] == [
        "2026-06-01T08:10:00Z",
        "2026-06-01T08:30:00Z",
    ]
    assert injected[1]["incident"] == {
        "title": "tunnel under water",
        "emergencyType": "11B03",
        "jurisdiction": "410102",
        "place": {"longitude": 113.6, "latitude": 34.7},
        "figures": [
            {"metric": "trapped", "value": 12, "unit": "1"},
            {"metric": "deaths", "value": 0, "unit": "1"},
        ],
    }
    assert injected[3]["figures"]["figures"] == [
        {"metric": "trapped", "unit": "1"},
        {"metric": "deaths", "value": 3, "unit": "1"},
    ]


async def test_only_who_runs_it_sees_what_is_still_to_come(plans: Harness) -> None:
    exercise = await drill.begun(plans)
    await plans.advance(START + timedelta(minutes=10))
    path = f"/v1/exercises/{exercise.id}/injects"

    async with plans.client(org=COMMAND, areas=[CITY]) as player:
        seen = (await player.get(path)).json()
    async with plans.client(org=drill.OFFICE, areas=[CITY]) as director:
        all_of_it = (await director.get(path)).json()

    assert [one["key"] for one in seen] == ["rain"]
    assert len(all_of_it) == 6


async def test_a_fact_starts_the_plan_in_the_exercise_and_nowhere_else(plans: Harness) -> None:
    exercise = await drill.begun(plans)

    await plans.advance(START + timedelta(minutes=11))

    (started,) = await plans.published("activation.started")
    assert started.subject.startswith("uemx.")
    one = started.body["activation"]
    assert (one["mode"], one["exerciseId"], one["level"]) == ("EXERCISE", exercise.id, "LEVEL_III")
    (activation,) = await activations(plans)
    assert (activation.mode, activation.exercise_id) == (Mode.EXERCISE, exercise.id)


async def test_two_exercises_and_the_real_are_weighed_each_for_itself(plans: Harness) -> None:
    one, other = await drill.begun(plans), await drill.begun(plans, OTHER)
    await plans.advance(START + timedelta(minutes=11))
    red = city.signal("sig_1", WarningColour.RED, CITY, mode=Mode.EXERCISE)

    await city.hear_signal(
        plans, "issued", city.signal("sig_2", WarningColour.BLUE, CITY, mode=Mode.REAL)
    )
    await hear_played(plans, red, one.id)

    found = {(each.mode.value, each.exercise_id): each for each in await activations(plans)}
    assert {key: (each.level, each.proposed_level) for key, each in found.items()} == {
        ("EXERCISE", one.id): ("LEVEL_III", "LEVEL_II"),
        ("EXERCISE", other.id): ("LEVEL_III", None),
        ("REAL", None): ("LEVEL_IV", None),
    }


async def hear_played(plans: Harness, said: Any, exercise_id: str) -> None:
    """guarantee says that the signal was issued in the exercise."""
    await city.hear_signal(plans, "issued", msgspec.structs.replace(said, exercise_id=exercise_id))


async def test_a_version_that_is_not_in_force_rules_in_its_exercise(plans: Harness) -> None:
    next_version = FLOOD.replace('version: "2021.1"', 'version: "2021.2"').replace(
        "rain_3h_mm >= 50", "rain_3h_mm >= 500"
    )
    await city.draft(plans, next_version)

    await drill.begun(plans, drill.FILE.replace("2021.1", "2021.2"))
    await plans.advance(START + timedelta(minutes=11))

    assert await activations(plans) == []


@pytest.mark.parametrize("how", ["complete", "cancel"])
async def test_nothing_of_it_is_in_force_once_it_is_over_and_what_comes_late_starts_nothing(
    plans: Harness, how: str
) -> None:
    exercise = await drill.begun(plans)
    await plans.advance(START + timedelta(minutes=11))
    async with plans.client(
        roles=["planner"], org=drill.OFFICE, areas=[CITY], subject="director"
    ) as client:
        body = {"reason": "a real flood"} if how == "cancel" else {}
        over = await client.post(f"/v1/exercises/{exercise.id}/{how}", json=body)
        again = await client.post(f"/v1/exercises/{exercise.id}/{how}", json=body)

    await hear_played(
        plans, city.signal("sig_1", WarningColour.RED, CITY, mode=Mode.EXERCISE), exercise.id
    )
    await plans.advance(START + timedelta(hours=5))

    assert over.status_code == 200, over.text
    assert (again.status_code, again.json()["slug"]) == (409, "exercise-state-wrong")
    (activation,) = await activations(plans)
    assert (activation.state, activation.level) == ("ENDED", None)
    assert activation.history[-1].because == "EXERCISE_OVER"
    assert len(await told(plans, "injected")) == 1
    kept = await plans.read(store.find_exercise, exercise.id)
    assert kept is not None
    assert kept.drilled_at == (minutes(11) if how == "complete" else None)


async def test_a_person_starts_a_plan_in_a_running_exercise(plans: Harness) -> None:
    exercise = await drill.begun(plans)
    body = {
        "planId": "flood-410100",
        "level": "LEVEL_II",
        "reason": "the script does not know this",
        "mode": "EXERCISE",
        "exerciseId": exercise.id,
    }

    async with plans.client(roles=["commander"], org=COMMAND, areas=[CITY]) as client:
        other = await client.post("/v1/activations", json=body | {"planVersion": "2022.1"})
        started = await client.post("/v1/activations", json=body | {"planVersion": "2021.1"})
        real = await client.post("/v1/activations", json=body | {"mode": "REAL"})
        listed = (await client.get("/v1/activations")).json()["nodes"]
        evaluated = (await client.get("/v1/evaluations")).json()["nodes"]

    assert (started.status_code, started.json()["exerciseId"]) == (201, exercise.id)
    assert other.json()["slug"] == "plan-version-not-effective"
    assert real.json()["slug"] == "exercise-mode-wrong"
    assert listed == []
    assert {(one["mode"], one["exerciseId"]) for one in evaluated} == {("REAL", None)}


async def test_a_tabletop_is_talked_through_and_scored_by_its_evaluator(plans: Harness) -> None:
    exercise = await drill.begun(plans, drill.FILE.replace("FUNCTIONAL", "TABLETOP"))
    await plans.advance(START + timedelta(hours=2))
    (red,) = [one for one in await told(plans, "injected") if one["inject"]["key"] == "red"]

    async with plans.client(
        roles=["planner"], org=drill.OFFICE, areas=[CITY], subject="director"
    ) as client:
        path = f"/v1/exercises/{exercise.id}"
        for result in (
            {"step": "pumps-out", "minutes": 90, "organizationId": drill.DRAINAGE},
            {"step": "pumps-out", "minutes": 50, "organizationId": drill.DRAINAGE},
            {"step": "open-duty-room", "organizationId": COMMAND, "note": "nobody had the key"},
        ):
            answer = await client.post(f"{path}/results", json=result)
            assert answer.status_code == 200, answer.text
        wrong = await client.post(f"{path}/results", json={"step": "dance", "minutes": 1})
        score = (await client.get(f"{path}/score")).json()

    assert "signal" not in red["inject"]
    assert red["inject"]["textEn"] == "the observatory calls"
    assert await activations(plans) == []
    assert wrong.json()["slug"] == "step-not-in-plan"
    outcomes = {one["step"]: (one["outcome"], one["minutes"]) for one in score["steps"]}
    assert outcomes["pumps-out"] == ("ON_TIME", 50.0)
    assert outcomes["open-duty-room"] == ("NOT_DONE", None)
    assert score["stepsOnTimeRate"] == 0.5


async def test_what_ran_through_the_system_takes_no_word_of_an_evaluator(plans: Harness) -> None:
    exercise = await drill.begun(plans)

    with pytest.raises(domain.NotTalkedThrough):
        await plans.run(
            commands.enter_result,
            exercise.id,
            domain.StepResult(step="pumps-out", minutes=1),
            caller=drill.DIRECTOR,
        )


@pytest.mark.parametrize(
    "stranger",
    [
        {"roles": ["planner"], "org": COMMAND, "areas": [CITY]},
        {"roles": ["viewer"], "org": drill.OFFICE, "areas": [CITY]},
        {"roles": ["planner"], "org": drill.OFFICE, "areas": ["410102"]},
    ],
)
async def test_only_planners_and_commanders_of_who_runs_it_run_it(
    plans: Harness, stranger: dict[str, Any]
) -> None:
    exercise = await drill.planned(plans)

    async with plans.client(subject="stranger", **stranger) as client:
        planned = await client.post("/v1/exercises", content=drill.FILE)
        started = await client.post(f"/v1/exercises/{exercise.id}/start", json={})
        record = await client.get(f"/v1/exercises/{exercise.id}/record")
        seen = await client.get(f"/v1/exercises/{exercise.id}")

    assert (planned.status_code, started.status_code) == (403, 403)
    assert record.status_code in (403, 409)
    assert seen.status_code == 200
    with pytest.raises(NotPermitted):
        await plans.run(commands.plan_exercise, drill.FILE)

"""The library's exercises: each can be planned as it lies there, and does to its plan what it says."""

from itertools import count

import pytest
import yaml

from services.plans import domain
from tests.architecture import house
from vocabulary import ResponseLevel

LIBRARY = house.ROOT / "services" / "plans" / "library"
STEMS = ("flood",)
every = pytest.mark.parametrize("stem", STEMS)


def script(stem: str) -> domain.Script:
    numbers = count()
    text = (LIBRARY / "exercises" / f"{stem}.yaml").read_text(encoding="utf-8")
    return domain.parse_exercise(text, lambda kind: f"{kind}_{next(numbers)}")


def exercised(exercise: domain.Exercise) -> domain.Plan:
    found = [
        domain.parse(path.read_text(encoding="utf-8"))
        for path in LIBRARY.glob("*.yaml")
        if not path.stem.endswith(".facts")
    ]
    (plan,) = [one for one in found if one.id == exercise.version_id]
    return plan


def test_every_exercise_of_the_library_is_tested_and_told_in_its_readme():
    files = {path.stem for path in (LIBRARY / "exercises").glob("*.yaml")}

    assert files == set(STEMS)
    told = (LIBRARY / "README.md").read_text(encoding="utf-8")
    assert [stem for stem in STEMS if f"(exercises/{stem}.yaml)" not in told] == []


@every
def test_an_exercise_of_the_library_can_be_planned(stem):
    exercise = script(stem).exercise

    planned, event = domain.plan_exercise(exercise, exercised(exercise))

    assert planned.state is domain.ExerciseState.PLANNED
    assert event.exercise == planned


@every
def test_who_answers_for_the_steps_that_it_reaches_by_itself_takes_part(stem):
    exercise = script(stem).exercise
    rows = yaml.safe_load((LIBRARY / "model" / "organizations.yaml").read_text(encoding="utf-8"))
    held = {
        function
        for row in rows
        if row["id"] in exercise.participants
        for function in row.get("functions", ())
    }
    asked = {
        step.function
        for level in exercised(exercise).levels
        if level.level in (ResponseLevel.LEVEL_III, ResponseLevel.LEVEL_IV)
        for step in level.steps
    }

    assert asked - held == set()
    assert set(exercise.participants) <= {row["id"] for row in rows}


def test_the_rain_of_the_flood_exercise_gives_the_level_that_it_is_meant_to():
    played = script("flood")
    values = [one.indicator.value for one in played.injects if one.indicator is not None]
    cases = [
        {"name": f"{value} mm", "facts": {"rain_3h_mm": value}, "held_minutes": 0, "level": level}
        for value, level in zip(values, ("LEVEL_III", "none"), strict=True)
    ]
    table = {"plan": played.exercise.plan_id, "cases": cases}

    results = domain.ask(exercised(played.exercise), domain.read_table(yaml.safe_dump(table)))

    assert [one.case.name for one in results if not one.is_right] == []

"""Every scenario can be loaded: its files hold together, its ids name something, its facts have sources."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.plans import domain
from services.plans.domain import condition
from tests.architecture import house
from uem.demo import people, rows, scenario
from uem.demo.scenario import Scenario
from uem.plan.folder import TABLE
from uem.sample import KINDS

FOLDERS = sorted(path for path in (house.ROOT / "scenarios").iterdir() if path.is_dir())
LIBRARY = house.ROOT / "services" / "plans" / "library"
every = pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)


@cache
def found(folder: Path) -> Scenario:
    return scenario.read(folder)


@cache
def city(folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """The records of one file of the city, by their key."""
    kind = next(one for one in KINDS if one.file == f"{name}.yaml")
    rows = yaml.safe_load((folder / "city" / kind.file).read_text(encoding="utf-8"))
    return {row[kind.key]: row for row in rows}


@cache
def plans(folder: Path) -> dict[str, domain.Plan]:
    files = sorted((folder / "city" / "plans").glob("*.yaml"))
    parsed = [domain.parse(one.read_text(encoding="utf-8")) for one in files]
    return {one.plan_id: one for one in parsed}


def test_there_are_two_scenarios_and_the_oldest_is_the_default():
    assert [one.name for one in FOLDERS] == ["luding-2022-09-05", "zhengzhou-2021-07-20"]


@every
def test_every_fact_names_its_source(folder):
    timeline = yaml.safe_load((folder / "timeline.yaml").read_text(encoding="utf-8"))
    cases = yaml.safe_load((folder / "cases.yaml").read_text(encoding="utf-8"))["cases"]
    told = [*timeline["play"], *timeline["record"], *timeline["levels"], *cases]

    assert [one for one in told if not one.get("source")] == []


@every
def test_the_play_lies_within_its_time_in_order(folder):
    own = found(folder)

    times = [one.at for one in own.entries]
    assert own.starts <= times[0] <= times[-1] <= own.ends
    assert times == sorted(times)


@every
def test_whoever_and_whatever_the_play_names_is_in_the_city(folder):
    own = found(folder)
    played = [*own.entries, *(entry for case in own.cases for entry in case.entries)]
    organizations, posts = city(folder, "organizations"), city(folder, "posts")

    for data in (entry.data for entry in played):
        assert data.get("organization") in {None, *organizations}
        assert data.get("post") in {None, *posts}
        assert data.get("station") in {None, *city(folder, "stations")}
        assert {*data.get("areas", ()), *([data["incident"]] if "incident" in data else [])} <= {
            *city(folder, "jurisdictions")
        }


@every
def test_posts_resources_and_people_belong_to_organizations_of_the_city(folder):
    organizations, posts = city(folder, "organizations"), city(folder, "posts")
    script = people.read_script(folder)
    seats = [one for one in (script.intake, script.second) if one is not None]

    assert {one["organization"] for one in posts.values()} <= {*organizations}
    assert {one["owner"] for one in city(folder, "resources").values()} <= {*organizations}
    assert {one.get("parent") for one in organizations.values()} <= {None, *organizations}
    assert {*script.signer_posts} <= {*organizations}
    assert {*script.signer_posts.values(), *(one.post for one in seats)} <= {*posts}
    assert {one["jurisdiction"] for one in organizations.values()} <= {
        *city(folder, "jurisdictions")
    }


@every
def test_its_plans_are_clean_and_rest_on_provisions_and_organizations_of_the_city(folder):
    held = {
        function
        for one in city(folder, "organizations").values()
        for function in one.get("functions", ())
    }
    for own in plans(folder).values():
        assert domain.lint(own.text) == []
        assert own.organization_id in city(folder, "organizations")
        assert {*own.legal_basis} <= {*city(folder, "provisions")}
        assert {*own.superiors} <= {*plans(folder)}
        assert {step.function for level in own.levels for step in level.steps} <= held


@every
def test_the_screen_asks_for_what_the_plans_have(folder):
    screen = found(folder).screen
    codes = {
        measure.code
        for own in plans(folder).values()
        for level in own.levels
        for measure in level.measures
    }
    named = {screen.plan, *(row.plan for row in screen.rows if row.plan)}

    assert named <= {*plans(folder)}
    assert {row.show for row in screen.rows} <= {*rows.CELLS}
    assert {code for one in screen.measures for code in one.codes} <= codes
    assert {row.measure for row in screen.rows if row.measure} == {
        one.name for one in screen.measures
    }


@every
def test_what_was_decided_names_a_plan_of_the_city_or_a_rule_of_the_library(folder):
    for one in found(folder).levels:
        if one.facts is None:
            assert one.plan in plans(folder)
        else:
            assert (LIBRARY / f"{one.plan}.yaml").is_file()
            assert all(condition.registered(name) for name in one.facts)


def test_the_history_of_zhengzhou_counts_what_its_times_say():
    own = found(FOLDERS[1])
    (decided,) = own.levels
    span = own.history["level_I_at"] - own.history["first_red_at"]

    assert span.total_seconds() / 60 == own.history["first_red_to_level_I_minutes"]
    assert decided.by == own.history["level_I_at"]
    assert own.history["first_red_at"] == own.entries[0].at
    reds = [one for one in own.entries if one.kind == "signal" and one.at < decided.by]
    assert len(reds) == own.history["signals_red_before_level_I"]


@pytest.mark.parametrize(
    ("plan_id", "stem"),
    [("earthquake-510000", "earthquake-2012"), ("geological-510000", "geological")],
)
def test_the_plans_of_sichuan_are_those_of_the_library_with_local_values(plan_id, stem):
    own = plans(FOLDERS[0])[plan_id]
    taken = domain.parse((LIBRARY / f"{stem}.yaml").read_text(encoding="utf-8"))
    asked = domain.read_table((LIBRARY / f"{stem}{TABLE}").read_text(encoding="utf-8"))

    assert [one.conditions for one in own.levels] == [one.conditions for one in taken.levels]
    assert [[step.id for step in one.steps] for one in own.levels] == [
        [step.id for step in one.steps] for one in taken.levels
    ]
    assert all(one.is_right for one in domain.ask(own, asked))
    assert own.risks != taken.risks

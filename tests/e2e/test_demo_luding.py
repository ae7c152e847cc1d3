"""Luding 2022 as a person plays it: `make scenarios` runs it, and every figure is what its runs recorded."""

import json
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.architecture import house

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]
PROVINCE, GEOLOGY = "earthquake-510000", "geological-510000"
CASCADE = find_spec("services.plans.domain.cascade")  # responses in force as facts


@dataclass(frozen=True)
class Played:
    """What one run of the demo left."""

    figures: dict[str, Any]
    screen: str
    out: Path

    def level(self, who: str, level: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = [
            one for one in self.figures["levels"] if (one["who"], one["level"]) == (who, level)
        ]
        return found[0]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    out = tmp_path_factory.mktemp("luding")
    words = ["luding-2022-09-05", "--json", str(out / "figures.json"), "--out", str(out), "--why"]
    ran = subprocess.run(
        [sys.executable, "-m", "uem", "demo", *words],
        cwd=house.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout[-4000:]}\n{ran.stderr[-4000:]}"
    return Played(json.loads((out / "figures.json").read_text("utf-8")), ran.stdout, out)


def test_nothing_that_was_said_is_lost_and_no_effect_is_doubled(played: Played):
    events = played.figures["events"]

    assert events["published"] > 500
    assert (events["lost"], events["duplicate_effects"]) == (0, 0)


def test_the_first_judgement_is_proposed_and_signed_within_minutes(played: Played):
    system = played.figures["system"]

    assert system["first_proposal_at"] == "2022-09-05T04:55:00Z"
    assert system["first_proposal_to_confirmed_minutes"] == 3
    assert system["first_proposal_to_decision_minutes"] == 6
    assert played.level("Sichuan", "LEVEL_II")["agree"] is True


def test_ten_dead_within_its_bounds_raise_a_city_before_that_was_published(played: Played):
    assert played.level("Ya'an", "LEVEL_I")["system"] == "Level I since 05 Sep 18:06"


def test_where_the_rules_differ_from_what_was_decided_is_listed(played: Played):
    differing = [one for one in played.figures["levels"] if not one["agree"]]

    assert {(one["who"], one["level"]) for one in differing} >= {
        ("Sichuan", "LEVEL_I"),
        ("the State Council's office", "LEVEL_III"),
    }
    assert all(one["why"] in played.screen for one in differing)
    assert [one["id"] for one in played.figures["cases"] if not one["agree"]] == ["2022-06-10"]


@pytest.mark.skipif(CASCADE is None, reason="no response in force is a fact for other plans yet")
def test_the_earthquake_response_opens_the_geological_hazard_plan(played: Played):
    found = played.level("Sichuan geological hazard headquarters", "LEVEL_II")

    assert found["agree"] is True
    assert f"{GEOLOGY} raised" in played.screen
    assert "response_11C01 >= 3" in played.screen


def test_counts_grow_and_shrink_side_by_side_and_are_never_added_up(played: Played):
    gone_by = {one["at"]: one["deaths_gone_by"] for one in played.figures["counts"]}

    assert gone_by["05 Sep 18:17"] == 14  # not 21, which nobody has counted
    assert gone_by["06 Sep 14:00"] == 66
    assert gone_by["06 Sep 21:00"] == 66  # 34 in one county leave the province's count standing
    assert gone_by["11 Sep 17:00"] == 93


def test_forces_are_asked_for_in_stages_and_met(played: Played):
    assert played.figures["dispatch"]["unmet"] == 0
    assert "30 by 05 Sep 12:55" in played.screen
    assert "765 by 05 Sep 13:01" in played.screen


def test_where_nobody_answers_the_nation_is_told_and_no_figure_is_recorded(played: Played):
    silent = played.figures["silent"]

    assert silent["obligations"]["answered_in_time"] == 0
    assert silent["reached"][-1]["post"] == "pst_000000_quake_command_duty"
    assert "not recorded: nobody has declared an incident" in played.screen


def test_the_picture_is_drawn_as_svg_and_png(played: Played):
    assert b"<svg" in (played.out / "timeline.svg").read_bytes()
    assert (played.out / "timeline.png").read_bytes().startswith(b"\x89PNG")

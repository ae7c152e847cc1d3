"""The demo itself, run as a person runs it: its figures, screen and picture, and nothing lost."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.architecture import house

pytestmark = pytest.mark.timeout(900)  # a hang is noticed; how long it takes is in its figures


@dataclass(frozen=True)
class Played:
    """What one run of the demo left."""

    figures: dict[str, Any]
    screen: str
    out: Path


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    out = tmp_path_factory.mktemp("demo")
    words = ["--json", str(out / "figures.json"), "--out", str(out), "--why"]
    ran = subprocess.run(
        [sys.executable, "-m", "uem", "demo", *words],
        cwd=house.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout[-4000:]}\n{ran.stderr[-4000:]}"
    return Played(json.loads((out / "figures.json").read_text("utf-8")), ran.stdout, out)


def test_the_figures_have_every_key_that_readers_rely_on(played: Played):
    figures = played.figures

    assert set(figures) >= {"scenario", "rules", "history", "system", "silent", "cases"}
    assert set(figures) >= {"links", "dispatch", "events", "took_seconds"}
    assert all(one["plan"] and one["version"] for one in figures["rules"])
    assert set(figures["system"]["in_force_before_harm_minutes"]) == {
        *("metro_stop", "work_and_classes", "tunnels_closed")
    }
    owed = {"owed", "answered_in_time", "overdue", "without_person_reached"}
    assert set(figures["system"]["obligations"]) == owed
    assert set(figures["silent"]["obligations"]) >= {"owed", "overdue"}
    assert set(figures["silent"]["reached"][0]) == {"post", "channel", "sent", "confirmed"}
    assert set(figures["cases"][0]) >= {"id", "city", "system", "agree", "why"}
    assert set(figures["dispatch"]) >= {"requirements", "met", "unmet"}
    assert figures["took_seconds"] > 0


def test_nothing_that_was_said_is_lost_and_no_effect_is_doubled(played: Played):
    events = played.figures["events"]

    assert events["published"] > 1000
    assert events["handled"] > 1000
    assert (events["lost"], events["duplicate_effects"]) == (0, 0)


def test_people_who_answer_have_level_i_in_force_half_a_day_before_the_water(played: Played):
    system = played.figures["system"]

    assert played.figures["history"]["first_red_to_level_I_minutes"] == 1111
    assert system["first_red_at"] == "2021-07-19T13:59:00Z"
    assert system["first_red_to_confirmed_minutes"] == 3
    assert system["first_red_to_decision_minutes"] == 6
    assert system["level_I_at"] == "2021-07-19T20:05:00+00:00"
    assert system["signals_red_answered_in_time"] == system["signals_red"] == 5
    assert min(system["in_force_before_harm_minutes"].values()) == 13 * 60 + 19


def test_where_nobody_answers_every_obligation_climbs_to_the_province(played: Played):
    silent = played.figures["silent"]

    assert silent["obligations"]["answered_in_time"] == 0
    assert silent["obligations"]["overdue"] == silent["obligations"]["owed"] > 0
    assert silent["ladder_top"] == "pst_410000_duty"
    assert [one["confirmed"] for one in silent["reached"]] == [None] * len(silent["reached"])


def test_a_hand_off_is_between_two_services_and_took_time(played: Played):
    links = played.figures["links"]

    assert {(one["from"], one["to"]) for one in links} >= {
        ("guarantee", "org"),
        ("guarantee", "plans"),
        ("plans", "org"),
        ("plans", "guarantee"),
    }
    assert all(0 < one["latency_ms"] <= one["p99_ms"] for one in links)


def test_the_screen_prints_the_figures_and_the_differing_cases(played: Played):
    differing = [one for one in played.figures["cases"] if not one["agree"]]

    assert "19 Jul 22:02 flood duty" in played.screen
    assert "0 lost, 0 doubled" in played.screen
    assert f"Where we differ from the city: {len(differing)}" in played.screen
    assert all(one["id"] in played.screen for one in differing)


def test_the_picture_is_drawn_as_svg_and_png(played: Played):
    assert b"<svg" in (played.out / "timeline.svg").read_bytes()
    assert (played.out / "timeline.png").read_bytes().startswith(b"\x89PNG")

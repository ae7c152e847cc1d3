"""What the demo prints and writes comes from the deployment's own records, and nothing was lost."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e import rehearsal
from uem.demo import figures, picture, record, result, screen
from uem.demo.city import City
from uem.demo.record import Recording

SCENARIO = rehearsal.SCENARIO
FIRST_RED = SCENARIO.history.first_red_at


@pytest.fixture(scope="module")
async def recording(city: City) -> Recording:
    """At least the first half hour after the first red signal was played in this deployment."""
    before = await record.read(city, "before")
    if not figures.red_signals(before.play):
        await rehearsal.play(city, until=FIRST_RED + timedelta(minutes=30))
    await city.settle()
    return await record.read(city, "played")


async def test_nothing_that_was_said_is_lost_and_no_effect_is_doubled(recording: Recording):
    assert recording.balance.published > 100
    assert recording.balance.lost == 0
    assert recording.duplicate_effects == 0


async def test_the_document_says_what_the_records_say(recording: Recording):
    made = result.assemble(SCENARIO, recording, recording, recording, took_seconds=1.0)

    assert made["history"]["first_red_to_level_I_minutes"] == 1111
    assert made["system"]["first_red_at"] == "2021-07-19T13:59:00Z"
    assert made["system"]["first_red_to_confirmed_minutes"] == 3
    assert {one["plan"] for one in made["rules"]} >= {"flood-410100", "metro-410100"}
    assert all(link["latency_ms"] >= 0 and link["from"] != link["to"] for link in made["links"])
    assert made["events"]["lost"] == 0
    assert {"scenario", "silent", "cases", "dispatch", "took_seconds"} <= set(made)


async def test_the_screen_prints_the_figures_of_the_document(recording: Recording):
    made = result.assemble(SCENARIO, recording, recording, recording, took_seconds=1.0)

    lines = "\n".join(screen.screen(SCENARIO, made, answered=recording.play, silent=recording.play))

    assert "19 Jul 22:02 flood duty" in lines
    assert "0 lost, 0 doubled" in lines
    assert screen.why(made["cases"])[0].endswith(
        "later days on which the rules and the city differ"
    )


async def test_the_picture_is_drawn_as_svg_and_png(recording: Recording, tmp_path: Path):
    svg, png = picture.of_plays(SCENARIO, recording.play, recording.play, tmp_path)

    assert b"<svg" in svg.read_bytes()
    assert png.read_bytes().startswith(b"\x89PNG")

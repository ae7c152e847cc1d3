"""What the screen makes of a play: only what the play recorded, beside what is on record."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.architecture import house
from uem.demo import counts, decisions, entries, figures, openings, picture, rows, scenario
from uem.demo.figures import Event, Play
from uem.demo.scenario import Entry

LUDING = scenario.read(house.ROOT / "scenarios" / "luding-2022-09-05")
ZHENGZHOU = scenario.read(house.ROOT / "scenarios" / "zhengzhou-2021-07-20")
SHOCK = datetime(2022, 9, 5, 4, 55, tzinfo=UTC)


def activation(event: str, level: str, *, minutes: int = 0, plan: str, **more: Any) -> Event:
    at = SHOCK + timedelta(minutes=minutes)
    body = {"id": f"act_{plan}", "planId": plan, "level": level, "startedAt": at.isoformat()}
    return Event("plans", "activation", event, body["id"], at, {"activation": body | more})


def incident(minutes: int, deaths: float) -> Event:
    at = SHOCK + timedelta(minutes=minutes)
    body = {"figures": [{"metric": "deaths", "value": deaths}]}
    return Event("org", "incident", "facts_recorded", "inc_1", at, {"incident": body})


def play(*events: Event) -> Play:
    return Play("test", figures.ordered(events))


PROVINCE, GEOLOGY = "earthquake-510000", "geological-510000"
STARTED = activation("started", "LEVEL_III", plan=PROVINCE)
PROPOSED = activation(
    "proposed",
    "LEVEL_III",
    plan=PROVINCE,
    proposedLevel="LEVEL_II",
    proposedAt=SHOCK.isoformat(),
)


def test_columns_are_as_wide_as_their_widest_cell_and_chinese_counts_double():
    lines = rows.aligned([("泸定", "a"), ("Ya'an", "bb")])

    assert lines == ["  泸定   a", "  Ya'an  bb"]


def test_a_scenario_without_signals_opens_with_the_proposal_of_its_plan():
    found = openings.openings(play(STARTED, PROPOSED), LUDING)

    assert [(one.at, one.id) for one in found] == [(SHOCK, f"act_{PROVINCE}")]
    assert openings.openings(play(STARTED), LUDING) == []
    assert openings.answered(play(STARTED), LUDING)["first_proposal_at"] is None


def test_a_level_on_record_agrees_only_with_the_same_level_in_force_by_then():
    raised = activation("raised", "LEVEL_II", minutes=6, plan=PROVINCE)
    compared = decisions.compare(play(STARTED, raised), LUDING)

    agreed = {(one["who"], one["level"]): one["agree"] for one in compared}
    assert agreed[("Sichuan", "LEVEL_II")] is True
    assert agreed[("Sichuan", "LEVEL_I")] is False
    assert agreed[("Ya'an", "LEVEL_I")] is False
    late = decisions.compare(
        play(STARTED, activation("raised", "LEVEL_II", minutes=600, plan=PROVINCE)), LUDING
    )
    assert [one["agree"] for one in late if one["plan"] == PROVINCE] == [False, False]


def test_what_the_nation_started_is_held_against_the_rule_itself():
    first, raised = (
        one for one in decisions.compare(play(), LUDING) if one["plan"] == "earthquake-2012"
    )

    assert (first["level"], first["system_level"], first["agree"]) == (
        *("LEVEL_III", "LEVEL_II"),
        False,
    )
    assert "fairly populated" in first["why"]
    assert raised["agree"] is True
    assert any("DIFFERS" in line for line in decisions.lines([first]))
    assert decisions.lines([]) == []


def test_counts_show_what_was_gone_by_at_that_time_and_what_both_rules_say():
    table = counts.table(play(incident(180, 7), incident(60 * 18, 37)), LUDING)

    by_time = {one["at"]: one for one in table}
    assert by_time["05 Sep 12:52"]["levels"] == {
        "earthquake-2006": "LEVEL_II",
        "earthquake-2012": "LEVEL_II",
    }
    assert by_time["05 Sep 18:17"]["deaths_gone_by"] == 7
    assert by_time["05 Sep 18:17"]["levels"] == {
        "earthquake-2006": "LEVEL_IV",
        "earthquake-2012": "LEVEL_III",
    }
    assert by_time["11 Sep 17:00"]["deaths_gone_by"] == 37
    assert counts.table(play(), ZHENGZHOU) == []
    assert counts.lines([]) == []
    assert len(counts.lines(table)) == len(table) + 2


def test_where_nothing_happened_every_cell_of_the_comparison_says_so():
    cells = {rows.CELLS[row.show](play(), LUDING, row) for row in LUDING.screen.rows}

    assert cells == {
        *("none", "nothing", "nobody was told", "not", "no report"),
        "0 owed: 0 / 0",
    }
    lines = rows.comparison(LUDING, answered=play(), silent=play())
    assert len(lines) == len(LUDING.screen.rows) + 2 + len(LUDING.screen.footnotes)


def test_figures_are_entered_with_their_source_and_why_they_fell():
    fallen = next(one for one in LUDING.entries if "correction" in one.data)

    told = {one["metric"]: one for one in entries.facts(fallen.at, fallen.data)}

    assert told["serious_injured"]["value"] == 52
    assert told["serious_injured"]["source"] == "emergency-management:510000"
    assert "counted anew" in told["serious_injured"]["correctionReason"]


def test_a_signal_is_said_by_the_agency_of_its_scenario():
    signal = entries.chained(ZHENGZHOU.entries)[1]
    document = entries.cap(signal.at, signal.data).decode()
    lifted = entries.cancelling(signal, signal.at)

    assert "<senderName>郑州市气象台</senderName>" in document
    assert "<references>zhengzhou-observatory,ZZ-RAIN-RED-20210719-1," in document
    assert "<msgType>Cancel</msgType>" in entries.cap(lifted.at, lifted.data).decode()


async def test_an_entry_of_a_kind_that_nobody_takes_is_refused():
    with pytest.raises(ValueError, match="unknown kind 'song'"):
        await entries.put(None, Entry(SHOCK, "song", {}))  # type: ignore[arg-type]


def test_the_picture_ends_where_the_scenario_says(tmp_path):
    svg, png = picture.of_plays(LUDING, play(STARTED), play(STARTED), tmp_path)

    assert b"<svg" in svg.read_bytes()
    assert png.read_bytes().startswith(b"\x89PNG")
    assert "12 Sep" not in svg.read_text("utf-8")


def test_the_superior_had_a_report_so_many_minutes_after_the_declaration():
    def event(aggregate: str, name: str, body: dict[str, Any], minutes: int) -> Event:
        at = SHOCK + timedelta(minutes=minutes)
        return Event("org", aggregate, name, f"{aggregate}_1", at, body)

    report = {"incidentId": "inc_1", "receivedAt": (SHOCK + timedelta(minutes=20)).isoformat()}
    declared = event("incident", "declared", {"incident": {"id": "inc_1"}}, 8)
    drafted = event("situation_report", "drafted", {"situationReport": {"incidentId": "inc_1"}}, 8)
    received = event("situation_report", "receipted", {"situationReport": report}, 20)
    row = next(one for one in LUDING.screen.rows if one.show == "reported")

    assert rows.CELLS["reported"](play(declared, drafted), LUDING, row) == "drafted, unsent"
    assert rows.CELLS["reported"](play(declared, drafted, received), LUDING, row).endswith(
        "(12 min after it was declared)"
    )

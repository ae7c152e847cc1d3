"""What each source said of the dead and the missing, what the system went by, and what two rules say to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from uem.demo import library
from uem.demo.figures import Play
from uem.demo.rows import aligned, at_text, level_text
from uem.demo.scenario import Entry, Rules, Scenario


def table(play: Play, scenario: Scenario) -> list[dict[str, Any]]:
    """The JSON part `counts`: one row for each figure of the dead, and one for the first judgement."""
    if scenario.rules is None:
        return []
    shocks = [one for one in scenario.entries if one.kind == "observation"]
    first = max(shocks, key=lambda one: float(one.data["value"]))
    said = [
        one for one in scenario.entries if one.kind == "figures" and "deaths" in one.data["facts"]
    ]
    return [
        _judged(first, scenario.rules),
        *(_counted(one, play, scenario.rules) for one in said),
    ]


def lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The part of the screen."""
    if not rows:
        return []
    names = list(rows[0]["levels"])
    cells = [("", "said", "went by", *names)] + [
        (
            one["at"],
            one["said"],
            "–" if one["deaths_gone_by"] is None else f"{one['deaths_gone_by']:g} dead",
            *(_text(one["levels"][name]) for name in names),
        )
        for one in rows
    ]
    return [
        "The dead by source and scope, and what two versions of the rule say to each figure alone",
        *aligned(cells),
    ]


def _judged(shock: Entry, rules: Rules) -> dict[str, Any]:
    value = float(shock.data["value"])
    return {
        "at": at_text(shock.data.get("observed_at", shock.at)),
        "said": f"magnitude {value:g}: first judgement",
        "deaths_gone_by": None,
        "levels": {name: library.given(name, {rules.magnitude: value}) for name in rules.plans},
        "source": shock.data["source"],
    }


def _counted(entry: Entry, play: Play, rules: Rules) -> dict[str, Any]:
    said = {name: float(value) for name, value in entry.data["facts"].items()}
    told = ", ".join(f"{value:g} {name.replace('_', ' ')}" for name, value in said.items())
    known = {name: said[name] for name in ("deaths",) if name in said}
    if "missing" in said:
        known["dead_or_missing"] = said["deaths"] + said["missing"]
    return {
        "at": at_text(entry.at),
        "said": f"{entry.data['scope']['en']}: {told}",
        "deaths_gone_by": _gone_by(play, entry.at),
        "levels": {name: library.given(name, known) for name in rules.plans},
        "source": entry.data["source"],
    }


def _gone_by(play: Play, at: datetime) -> float | None:
    """The preferred figure of the dead in the largest incident, as the system knew it then."""
    latest = {
        one.id: one.body["incident"].get("figures", ())
        for one in play.said("incident")
        if one.time <= at
    }
    known = [
        float(figure["value"])
        for figures in latest.values()
        for figure in figures
        if figure["metric"] == "deaths" and "value" in figure
    ]
    return max(known, default=None)


def _text(level: str | None) -> str:
    return "none" if level is None else level_text(level)

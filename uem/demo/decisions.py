"""The levels that were really decided, beside what the same plan stood at in the play by then."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from uem.demo import figures, library
from uem.demo.figures import Play
from uem.demo.rows import aligned, at_text, level_text
from uem.demo.scenario import Decided, Scenario


def compare(play: Play, scenario: Scenario) -> list[dict[str, Any]]:
    """The JSON part `levels`: agreement is the same level in force by the time of publication."""
    return [_compared(play, one) for one in scenario.levels]


def lines(compared: Sequence[dict[str, Any]]) -> list[str]:
    """The part of the screen; the levels that differ are told with what the rules saw."""
    if not compared:
        return []
    cells = [
        (one["on_record"], one["system"], "agrees" if one["agree"] else "DIFFERS")
        for one in compared
    ]
    told = ["What was decided, and what the same rules had in force by then"]
    for line, one in zip(aligned(cells), compared, strict=True):
        told += [line] if one["agree"] else [line, f"      {one['why']}"]
    return told


def _compared(play: Play, decided: Decided) -> dict[str, Any]:
    level, system, why = _by_rule(decided) if decided.facts else _in_play(play, decided)
    return {
        "who": decided.who,
        "plan": decided.plan,
        "on_record": f"{decided.who}: {level_text(decided.level)}, by {at_text(decided.by)}",
        "level": decided.level,
        "system": system,
        "system_level": level,
        "agree": level == decided.level,
        "why": "; ".join([why, *([decided.note] if decided.note else [])]),
        "source": decided.source,
    }


def _by_rule(decided: Decided) -> tuple[str | None, str, str]:
    facts = decided.facts or {}
    level = library.given(decided.plan, facts)
    told = ", ".join(f"{name} = {value:g}" for name, value in facts.items())
    text = level_text(level) if level else "nothing"
    return level, f"{text} by the rule", f"{decided.plan} gives {text} to {told}"


def _in_play(play: Play, decided: Decided) -> tuple[str | None, str, str]:
    level = _level_at(play, decided.plan, decided.by)
    since = _since(play, decided.plan, decided.by)
    text = f"{level_text(level)} since {at_text(since)}" if level else "nothing in force"
    return level, text, _why(play, decided, level)


def _why(play: Play, decided: Decided, level: str | None) -> str:
    """What the conditions of the level on record last saw, as far as a record of them is in the play."""
    seen = [
        condition
        for one in play.said("activation")
        if one.body["activation"]["planId"] == decided.plan and one.time <= decided.by
        for condition in [one.body["activation"].get("explanation", {}).get("conditions", ())]
    ]
    latest = seen[-1] if seen else ()
    asked = [
        f"{one['text']} ({figures.values(one)})"
        for one in latest
        if one["level"] == decided.level and not one.get("met")
    ]
    if not asked:
        return "the level was given and not in force" if level else "the plan was not in force"
    return f"the rules ask for {' or '.join(asked)}"


def _level_at(play: Play, plan: str, at: datetime) -> str | None:
    course = [level for since, level in figures.levels(play, plan) if since <= at]
    return course[-1] if course else None


def _since(play: Play, plan: str, at: datetime) -> datetime | None:
    """Since when the level that stood at `at` had stood."""
    course = [(since, level) for since, level in figures.levels(play, plan) if since <= at]
    return course[-1][0] if course else None

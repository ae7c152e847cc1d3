"""The mayor's screen: who knew, what was decided, what was in force before harm, would it cry wolf."""

from collections.abc import Mapping, Sequence
from typing import Any

from uem.demo import counts, decisions, figures, rows
from uem.demo.figures import Play
from uem.demo.rows import CIVIL_TIME, at_text, level_text, local
from uem.demo.scenario import Scenario

__all__ = ["CIVIL_TIME", "local", "screen", "why"]


def screen(
    scenario: Scenario, result: Mapping[str, Any], *, answered: Play, silent: Play
) -> list[str]:
    """The lines to print; every figure of the run comes from `result` or the plays."""
    parts = [
        _headline(scenario, result),
        rows.comparison(scenario, answered=answered, silent=silent),
        _decided(answered),
        counts.lines(result["counts"]),
        decisions.lines(result["levels"]),
        _cases(result["cases"]),
        _closing(scenario, result),
    ]
    return [line for part in parts if part for line in (*part, "")][:-1]


def _headline(scenario: Scenario, result: Mapping[str, Any]) -> list[str]:
    rules = ", ".join(f"{one['plan']} {one['version']}" for one in result["rules"])
    span = f"{local(scenario.starts):%d %b %Y %H:%M} to {local(scenario.ends):%d %b %H:%M}"
    return [
        f"{scenario.title.upper()}, PLAYED THROUGH THIS SYSTEM",
        f"REHEARSAL · {span} · plans (modelled): {rules} · {result['took_seconds']:.0f} s",
        scenario.screen.question,
    ]


def _decided(answered: Play) -> list[str]:
    lines = ["What was decided and why"]
    for one in answered.said("activation", "started", "raised", "lowered", "ended"):
        activation = one.body["activation"]
        who = activation.get("decidedBy") or "the plan, by itself"
        reasons = [
            f"{condition['text']} ({figures.values(condition)})"
            for condition in activation.get("explanation", {}).get("conditions", ())
            if condition.get("met") and condition["level"] == activation.get("level")
        ]
        because = "; ".join(reasons) or activation.get("reason", "")
        level = level_text(activation.get("level", ""))
        lines.append(
            f"  {at_text(one.time)}  {activation['planId']:<16} {one.event:<8} {level:<10} by {who}: {because}"
        )
    return lines


def _cases(cases: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["Would it cry wolf? Same rules, other days of the same place"]
    lines.append(f"  {'':<12}{'decided':<58}{'system':<34}agree")
    for one in cases:
        agree = "yes" if one["agree"] else "NO"
        lines.append(
            f"  {one['id']:<12}{_cut(one['city'], 56):<58}{_cut(one['system'], 32):<34}{agree}"
        )
    differing = sum(not one["agree"] for one in cases)
    lines.append(
        f"  Where we differ from the city: {differing}, each with its rule and values: uem demo --why"
    )
    return lines


def _closing(scenario: Scenario, result: Mapping[str, Any]) -> list[str]:
    links, events, needs = result["links"], result["events"], result["dispatch"]
    slowest = max(links, key=lambda one: one["latency_ms"], default=None)
    slow = (
        f"slowest {slowest['from']} → {slowest['to']} ({slowest['event']}) {slowest['latency_ms']:.0f} ms"
        if slowest
        else "none measured"
    )
    return [
        f"Hand-offs: {len(links)} kinds of link by machine, {slow}. Events: {events['published']} said,"
        f" {events['handled']} handled, {events['lost']} lost, {events['duplicate_effects']} doubled.",
        f"Needs met {needs['met']} of {needs['requirements']}; not met: {needs['unmet']}"
        + (f" ({'; '.join(result['unmet'])})" if result.get("unmet") else "")
        + ".",
        "What this does not show: " + scenario.screen.not_shown[0],
        *(f"  {line}" for line in scenario.screen.not_shown[1:]),
    ]


def why(cases: Sequence[Mapping[str, Any]]) -> list[str]:
    """The cases in which the rules and the city differ, with rule and values."""
    differing = [one for one in cases if not one["agree"]]
    lines = [f"{len(differing)} of {len(cases)} other days on which the rules and the city differ"]
    for one in differing:
        lines += [f"  {one['id']}", f"    city:   {one['city']}", f"    system: {one['system']}"]
        lines.append(f"    why:    {one['why']}")
    return lines


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def books(told: Mapping[str, Any]) -> list[str]:
    """The lines that a play on a distant deployment ends with."""
    events, owed = told["events"], told["obligations"]
    return [
        "",
        f"{told['scenario_minutes']} scenario minutes in {told['took_seconds']} s: "
        f"{events['published']} events said, {events['handled']} handled, "
        f"{events['lost']} lost, {events['duplicate_effects']} doubled",
        f"{owed['owed']} links owed, {owed['answered_in_time']} answered in time, "
        f"{owed['overdue']} overdue",
    ]

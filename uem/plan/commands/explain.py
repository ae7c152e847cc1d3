"""Explain what a plan says to given facts: the level, the conditions with their values, what is missing."""

import argparse
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from services.plans import domain
from services.plans.domain.difference import written
from services.plans.domain.plan import conditions
from uem.console import console
from uem.plan import reading


def arguments(parser: argparse.ArgumentParser) -> None:
    """The plan, the facts, and for how long they have stood."""
    parser.add_argument("path", type=Path, metavar="PATH", help="a plan file, or its folder")
    parser.add_argument(
        "--fact",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="repeatable; what is not stated is not known",
    )
    parser.add_argument(
        "--held",
        type=int,
        metavar="MINUTES",
        help="how long the facts have stood (default: as long as any condition asks)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """The explanation is printed."""
    plan = reading.one_plan(arguments.path)
    held = None if arguments.held is None else timedelta(minutes=arguments.held)
    findings = domain.answer(plan, reading.facts(arguments.fact), held=held)
    if arguments.json:
        print(json.dumps(_plain(plan, findings), indent=2, ensure_ascii=False))
        return 0
    for line, style in _lines(plan, findings):
        console.print(line, style=style, markup=False, soft_wrap=True)
    return 0


def _lines(plan: domain.Plan, findings: domain.Findings) -> Iterator[tuple[str, str]]:
    yield f"{plan.title_en} ({plan.id})", "bold"
    yield _given(plan, findings), "bold"
    said = list(zip(findings.conditions, conditions(plan), strict=True))
    for level, parts in groupby(said, key=lambda one: one[0].level):
        met = _met_of(findings, level)
        name = level.value if level else "termination"
        yield f"  {_mark(met)} {name}: {_word(met)}", _colour(met)
        for one, leaf in parts:
            yield f"      {_mark(one.met)} {written(leaf)}{_because(one)}", _colour(one.met)


def _given(plan: domain.Plan, findings: domain.Findings) -> str:
    given, possible = findings.given, findings.possible
    if given is None:
        said = "These facts give no level."
    else:
        start = plan.at(given).start
        how = "starts by itself" if start is domain.Start.AUTOMATIC else "waits for a signature"
        said = f"These facts give {given.value}, which {how}."
    if possible is not given and possible is not None:
        said += f" What is not known could give {possible.value}."
    return said


def _met_of(findings: domain.Findings, level: object) -> bool | None:
    if level is None:
        return findings.termination
    return next(one.met for one in findings.levels if one.level is level)


def _because(one: domain.ConditionResult) -> str:
    values = ", ".join(
        f"{figure.metric} is {figure.value:g} {_unit(figure)}" for figure in one.values
    )
    missing = f"not known: {', '.join(one.missing)}" if one.missing else ""
    waits = "not held long enough" if one.met is False and one.holds_since else ""
    told = "; ".join(part.strip() for part in (values, missing, waits) if part)
    return f"   ({told})" if told else ""


def _unit(figure: Any) -> str:  # noqa: ANN401 - a Figure
    return "" if figure.unit == "1" else str(figure.unit)


def _mark(met: bool | None) -> str:
    return {True: "✓", False: "✗", None: "?"}[met]


def _word(met: bool | None) -> str:
    return {True: "met", False: "not met", None: "undetermined"}[met]


def _colour(met: bool | None) -> str:
    return {True: "green", False: "", None: "yellow"}[met]


def _plain(plan: domain.Plan, findings: domain.Findings) -> dict[str, Any]:
    return {
        "plan": plan.id,
        "level": findings.given,
        "possibleLevel": findings.possible,
        "termination": findings.termination,
        "levels": [{"level": one.level, "met": one.met} for one in findings.levels],
        "conditions": [
            {
                "level": one.level,
                "text": one.text,
                "met": one.met,
                "values": {figure.metric: figure.value for figure in one.values},
                "missing": list(one.missing),
            }
            for one in findings.conditions
        ],
    }

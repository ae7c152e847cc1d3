"""Compare two versions of a plan by what they do: parts by their ids, conditions by the facts that meet them."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from services.plans import domain
from services.plans.domain.plan_file import soundness
from uem.console import console
from uem.plan import reading

_COLOURS = {
    domain.Change.ADDED: "green",
    domain.Change.REMOVED: "red",
    domain.Change.CHANGED: "yellow",
}
_SIGNS = {domain.Change.ADDED: "+", domain.Change.REMOVED: "-", domain.Change.CHANGED: "~"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The older and the newer version."""
    parser.add_argument("old", type=Path, help="a plan file, or its folder")
    parser.add_argument("new", type=Path, help="the version to compare with it")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Every difference is printed; 1 when there is one."""
    old, new = reading.one_plan(arguments.old), reading.one_plan(arguments.new)
    found = domain.differences(old, new)
    if arguments.json:
        print(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
    else:
        console.print(f"{old.id} → {new.id}", style="bold", markup=False)
        for one in found:
            for line, style in _lines(one):
                console.print(line, style=style, markup=False, soft_wrap=True)
        if not found:
            console.print("they do the same")
    return int(bool(found))


def _lines(one: domain.Difference) -> Iterator[tuple[str, str]]:
    yield f"{_SIGNS[one.change]} {' · '.join(one.place)}", _COLOURS[one.change]
    if one.before is not None:
        yield f"    was {one.before}", ""
    if one.after is not None:
        yield f"    is  {one.after}", ""
    if one.place[-1] in ("conditions", "termination") and one.change is domain.Change.CHANGED:
        yield from _effect(one)


def _effect(one: domain.Difference) -> Iterator[tuple[str, str]]:
    how = " (sampled, not proven)" if one.is_sampled else ""
    if one.gained is None and one.lost is None:
        yield f"    no facts are answered otherwise{how}", ""
    if one.gained is not None:
        yield f"    now met, and was not: {soundness.in_words(one.gained)}{how}", "green"
    if one.lost is not None:
        yield f"    was met, and is not: {soundness.in_words(one.lost)}{how}", "red"

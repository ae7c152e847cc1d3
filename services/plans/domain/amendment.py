"""A change made at its place in a plan file: everything else stays byte for byte as it was."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

import yaml

from chassis.errors import Conflict, Invalid
from services.plans.domain.learning import PlaceInPlan, PlaceKind
from services.plans.domain.plan_file import source
from services.plans.domain.plan_file.source import Path, Source

# What may be changed at each kind of place, and whether the file holds a number there.
_FIELDS: dict[PlaceKind, dict[str, bool]] = {
    PlaceKind.STEP: {"time_limit_minutes": True, "function": False},
    PlaceKind.MEASURE: {"duration_minutes": True},
    PlaceKind.CONDITION: {
        "expression": False,
        "hold_down_minutes": True,
        "sign_within_minutes": True,
    },
}
_LISTED = {PlaceKind.STEP: ("steps", "id"), PlaceKind.MEASURE: ("measures", "code")}
_NUMBER = re.compile(r"[0-9]+")
_PLAIN = re.compile(r"[A-Za-z_]\w*(\.\w+)*", re.ASCII)


class AmendmentImpossible(Invalid):
    """The file has no such place to change, or not that value there."""

    slug = "amendment-impossible"


class PlanVersionTaken(Conflict):
    """The plan has a version of that name."""

    slug = "plan-version-taken"


@dataclass(frozen=True, slots=True)
class Amendment:
    """One value to write at the place; `was` names the expression that is meant."""

    field: str
    value: str
    was: str | None = None


def amend(text: str, at: PlaceInPlan, amendments: Sequence[Amendment], *, plan_version: str) -> str:
    """The text with the values written at the place and under the new version.

    A step or measure that several levels spell out is changed in all of them. Raises
    `AmendmentImpossible`; whether the result is a plan, `parse` says.
    """
    read = source.read(text)
    edits: list[tuple[Path, str]] = [(("version",), plan_version)]
    for index, one in enumerate(amendments):
        paths = list(_paths(read, at, one))
        if not paths:
            raise AmendmentImpossible(
                f"The plan has no {_named(at, one)} to change.",
                field=("amendments", str(index)),
                remedy="Change the draft by hand where the file does not spell it out.",
            )
        edits += [(path, _written(at, one, index)) for path in paths]
    return _edited(text, read, edits)


def changed_lines(before: str, after: str, *, versions: tuple[str, str]) -> str:
    """What the change is, as a unified diff of the two texts."""
    lines = unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        fromfile=versions[0],
        tofile=versions[1],
    )
    return "".join(one if one.endswith("\n") else f"{one}\n" for one in lines)


def expect_free(plan_version: str, taken: Sequence[str]) -> None:
    """Pass for a version that nobody has written yet. Raises `PlanVersionTaken`."""
    if plan_version in taken:
        raise PlanVersionTaken(
            f"There is a version {plan_version} of this plan.",
            field=("draftVersion",),
            remedy="Name another version, or leave it out.",
        )


def _named(at: PlaceInPlan, one: Amendment) -> str:
    what = f"`{one.was}`" if one.field == "expression" else one.field
    return f"{what} at {at.kind.lower()} {at.place}"


def _written(at: PlaceInPlan, one: Amendment, index: int) -> str:
    is_number = _FIELDS[at.kind][one.field]
    if is_number and not _NUMBER.fullmatch(one.value):
        raise AmendmentImpossible(
            f"{one.field} is a whole number of minutes, not {one.value!r}.",
            field=("amendments", str(index), "value"),
        )
    return one.value


def _paths(read: Source, at: PlaceInPlan, one: Amendment) -> Iterator[Path]:
    """Where in the file the value stands."""
    if one.field not in _FIELDS[at.kind]:
        return
    for path, data in _spelled_out(read.data, at):
        if one.field != "expression":
            if one.field in data:
                yield (*path, one.field)
            continue
        for found, expression in _expressions(data["conditions"], (*path, "conditions")):
            if expression == one.was:
                yield found


def _spelled_out(data: dict[str, Any], at: PlaceInPlan) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Everywhere that the file spells the place out."""
    for number, level in enumerate(data["levels"]):
        path: Path = ("levels", number)
        if at.kind is PlaceKind.CONDITION:
            if level["level"] == at.place:
                yield path, level
            continue
        part, key = _LISTED[at.kind]
        for index, one in enumerate(level.get(part, ())):
            if one[key] == at.place:
                yield (*path, part, index), one


def _expressions(data: Any, path: Path) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 - checked by the schema when it was imported
    match data:
        case str():
            yield path, data
        case list():
            for index, part in enumerate(data):
                yield from _expressions(part, (*path, index))
        case dict():
            for key in ("when", "all", "any", "of"):
                if key in data:
                    yield from _expressions(data[key], (*path, key))


def _edited(text: str, read: Source, edits: Sequence[tuple[Path, str]]) -> str:
    """Every value is written where the old one stood, from the end so that places stay true."""
    spans = sorted(
        ((_span(read, path), path, value) for path, value in dict(edits).items()), reverse=True
    )
    for (start, end), path, value in spans:
        text = text[:start] + _spelled(read.nodes[path], text[start:end], value) + text[end:]
    return text


def _span(read: Source, path: Path) -> tuple[int, int]:
    node = read.nodes[path]
    return node.start_mark.index, node.end_mark.index


def _spelled(node: yaml.Node, old: str, value: str) -> str:
    """The value in the old one's quotes; a block becomes a quoted line."""
    style = getattr(node, "style", None)
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    if style in ("|", ">"):
        return json.dumps(value, ensure_ascii=False) + ("\n" if old.endswith("\n") else "")
    if not style and (_NUMBER.fullmatch(old) or _PLAIN.fullmatch(value)):
        return value  # a number stays one, and what reads as a word needs no quotes
    return json.dumps(value, ensure_ascii=False)

"""What a schema cannot see in a plan file: names, units, types, orders and references that do not fit."""

import difflib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chassis import expressions
from services.plans.domain import condition
from services.plans.domain.plan_file import references, spelling
from services.plans.domain.plan_file.source import Fault, Path, Severity, Source, instant
from vocabulary import INDICATORS, ResponseLevel

_WORD = re.compile(r"'[^']*'|\"[^\"]*\"|(?P<name>(?<![\w.])[A-Za-z_]\w*+)(?!\s*\()")
_EQUAL = re.compile(r"\b(?P<name>[a-z]\w*)\s*[!=]=")
_CEL_WORDS = frozenset({"true", "false", "null", "in"})
_NUMBERS = frozenset({"double", "int", "uint"})


def faults(read: Source) -> Iterator[Fault]:
    """Everything wrong with a plan that follows the schema."""
    yield from _period(read)
    yield from _levels(read)
    for path, text in _conditions(read.data):
        yield from _expression(read, path, text=text, kinds=frozenset({"bool"}))
    for path, text in _formulas(read.data):
        yield from _expression(read, path, text=text, kinds=_NUMBERS)
    yield from _joins(read, read.data, ())
    yield from references.faults(read)


def _period(read: Source) -> Iterator[Fault]:
    period = {name: _instant(read, name) for name in ("effective_from", "effective_to")}
    yield from (fault for fault in period.values() if isinstance(fault, Fault))
    match period:
        case {"effective_from": datetime() as start, "effective_to": datetime() as end}:
            if end <= start:
                at = read.at(("effective_to",))
                message = "effective_to is not after effective_from."
                yield Fault("effective-period-empty", at, message)


def _instant(read: Source, name: str) -> datetime | Fault | None:
    text = read.data.get(name)
    if text is None:
        return None
    try:
        return instant(text)
    except ValueError as error:
        return Fault("instant-invalid", read.at((name,)), f"{name}: {error}.")


def _levels(read: Source) -> Iterator[Fault]:
    levels: dict[str, dict[str, Any]] = {}
    for index, level in enumerate(read.data["levels"]):
        if level["level"] in levels:
            at = read.at(("levels", index, "level"))
            yield Fault("level-repeated", at, f"{level['level']} stands here twice.")
        levels[level["level"]] = level
    for index, level in enumerate(read.data["levels"]):
        yield from _builds_on(read, index, level=level, levels=levels)


def _builds_on(
    read: Source, index: int, *, level: dict[str, Any], levels: dict[str, dict[str, Any]]
) -> Iterator[Fault]:
    base = level.get("builds_on")
    if base is None:
        return
    at = read.at(("levels", index, "builds_on"))
    if ResponseLevel(base).at_least(ResponseLevel(level["level"])):
        yield Fault(
            "builds-on-order", at, f"{level['level']} can only build on a less severe level."
        )
    elif base not in levels:
        yield Fault("builds-on-unknown", at, f"The plan has no {base} to build on.")


def _conditions(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for index, level in enumerate(data["levels"]):
        yield from _texts(level["conditions"], ("levels", index, "conditions"))
    if "termination" in data:
        yield from _texts(data["termination"], ("termination",))


def _texts(part: Any, path: Path) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 - checked by the schema
    match part:
        case str():
            yield path, part
        case {"when": text}:
            yield (*path, "when"), text
        case {"all": parts} | {"any": parts} | {"of": parts}:
            key = next(key for key in ("all", "any", "of") if key in part)
            for index, one in enumerate(parts):
                yield from _texts(one, (*path, key, index))


def _formulas(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for index, level in enumerate(data["levels"]):
        for number, need in enumerate(level.get("requirements", ())):
            yield ("levels", index, "requirements", number, "quantity"), need["quantity"]


def _expression(read: Source, path: Path, *, text: str, kinds: frozenset[str]) -> Iterator[Fault]:
    slips = list(spelling.slips(text))
    for slip in slips:
        at = read.inside(path, slip.offset)
        yield Fault("expression-invalid", at, f"`{text}`: {slip.message}", slip.remedy)
    if slips:
        return
    unknown = [hit for hit in _WORD.finditer(text) if hit["name"] and not _is_known(hit["name"])]
    for hit in unknown:
        yield _unknown_name(read, path, text=text, hit=hit)
    if unknown:
        return
    try:
        program = condition.program(text)
    except expressions.ExpressionInvalid as error:
        yield Fault("expression-invalid", read.inside(path, error.offset), f"`{text}`: {error}")
        return
    if program.kind not in kinds:
        asked = "a yes or no" if kinds == {"bool"} else "a number"
        at = read.at(path)
        yield Fault("expression-type", at, f"`{text}` gives {program.kind} where {asked} is asked.")
    yield from _equalities(read, path, text)


def _equalities(read: Source, path: Path, text: str) -> Iterator[Fault]:
    """A measured value is hardly ever exactly what a plan names."""
    for hit in _EQUAL.finditer(text):
        registered = INDICATORS.get(hit["name"])
        if registered is not None and not registered.whole:
            yield Fault(
                "equality-of-measurements",
                read.inside(path, hit.start()),
                f"`{hit['name']}` is measured: it is hardly ever exactly that.",
                "Compare with >= or <=.",
                Severity.WARNING,
            )


def _is_known(name: str) -> bool:
    return name in INDICATORS or name in _CEL_WORDS


def _unknown_name(read: Source, path: Path, *, text: str, hit: re.Match[str]) -> Fault:
    """Mistake 19: `rain > 100` says neither millimetres nor hours, so it cannot be measured."""
    name, at = hit["name"], read.inside(path, hit.start())
    meant = [one for one in INDICATORS if set(name.split("_")) <= set(one.split("_"))]
    if meant:
        written = text.replace(name, _middle(meant))
        return Fault(
            "indicator-unit-missing",
            at,
            f"unit and window missing: `{name}`, registered are {', '.join(meant)}.",
            f"Write for example `{written}`.",
        )
    near = difflib.get_close_matches(name, INDICATORS, n=3)
    remedy = f"Did you mean {', '.join(near)}?" if near else "Register it in the vocabulary first."
    return Fault("indicator-unknown", at, f"no indicator is registered as `{name}`.", remedy)


def _middle(names: list[str]) -> str:
    return names[min(1, len(names) - 1)]


def _joins(read: Source, part: Any, path: Path) -> Iterator[Fault]:  # noqa: ANN401 - checked by the schema
    match part:
        case {"at_least": need, "of": parts} if need > len(parts):
            at = read.at((*path, "at_least"))
            yield Fault("condition-unreachable", at, f"at_least {need} of only {len(parts)}.")
    children: Any = part.items() if isinstance(part, dict) else ()
    if isinstance(part, list):
        children = enumerate(part)
    for key, child in children:
        yield from _joins(read, child, (*path, key))

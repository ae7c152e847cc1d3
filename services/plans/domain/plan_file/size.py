"""How much a plan may ask: bounds that keep every weighing short, with what exceeds them.

What one weighing costs is the sum of steps over all expressions; a plan is weighed at every change
of what it reads, beside thousands of others.
"""

import re
from collections.abc import Iterator
from typing import Any

from services.plans.domain import logic
from services.plans.domain.condition import When
from services.plans.domain.plan_file.source import Fault, Path, Source

LONGEST = 1_000  # characters of one expression; the longest of the public plans read has below 100
DEEPEST = 16  # brackets within one another, where a reader loses count at 4
MOST_EXPRESSIONS = 300  # of a plan, formulas too; the largest of the library has some 60
MOST_STEPS = 3_000  # comparisons and joins of a plan: at most some 1 ms a weighing

_BRACKET = re.compile(r"[()\[\]{}]|'[^']*'|\"[^\"]*\"")
_SIGNS = re.compile(rf"(?:[!-]\s*+){{{DEEPEST + 1},}}")
_MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_JOIN = "Split it into several conditions, joined by all, any or at_least."


def faults(read: Source) -> Iterator[Fault]:
    """Every expression that is too long, too deep or without end, and the first that is too much."""
    written = list(_written(read.data))
    for path, text in written:
        yield from _expression(read, path, text)
    yield from _too_many(read, written)


def too_much(read: Source) -> Iterator[Fault]:
    """The first expression that makes the plan cost more than a plan may; the rest is in order."""
    left = MOST_STEPS
    for path, text in _written(read.data):
        left -= logic.steps(logic.formula_of(When(text))) if text else 1
        if left < 0:
            yield Fault(
                "plan-too-costly",
                read.at(path),
                f"from here on the conditions take more than {MOST_STEPS} steps to ask.",
                "Register what several of them compute as an indicator, or divide the plan.",
            )
            return


def _too_many(read: Source, written: list[tuple[Path, str]]) -> Iterator[Fault]:
    if len(written) > MOST_EXPRESSIONS:
        path, _ = written[MOST_EXPRESSIONS]
        yield Fault(
            "plan-too-many-expressions",
            read.at(path),
            f"a plan has at most {MOST_EXPRESSIONS} expressions, this one {len(written)}.",
            "Register what several of them compute as an indicator, or divide the plan.",
        )


def _expression(read: Source, path: Path, text: str) -> Iterator[Fault]:
    if len(text) > LONGEST:
        at = read.inside(path, LONGEST)
        message = f"an expression has at most {LONGEST} characters, this one {len(text)}."
        yield Fault("expression-too-long", at, message, _JOIN)
        return
    deep = _too_deep(text)
    if deep is not None:
        at = read.inside(path, deep)
        yield Fault("expression-too-deep", at, f"nested deeper than {DEEPEST}.", _JOIN)
    macro = _MACRO.search(text)
    if macro is not None:
        yield Fault(
            "expression-unbounded",
            read.inside(path, macro.start()),
            "an expression goes through no list: what that costs has no bound.",
            "Write the comparisons out, joined by && or ||.",
        )


def _too_deep(text: str) -> int | None:
    """Where brackets, or signs before a value, stand deeper in one another than they may."""
    signs = _SIGNS.search(text)
    if signs is not None:
        return signs.start()
    depth = 0
    for hit in _BRACKET.finditer(text):
        depth += (hit.group() in _OPENING) - (hit.group() in _CLOSING)
        if depth > DEEPEST:
            return hit.start()
    return None


def _written(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Every expression with its place; a response that is read has no text."""
    for index, level in enumerate(data["levels"]):
        yield from _leaves(level["conditions"], ("levels", index, "conditions"))
        for number, need in enumerate(level.get("requirements", ())):
            yield ("levels", index, "requirements", number, "quantity"), need["quantity"]
    if "termination" in data:
        yield from _leaves(data["termination"], ("termination",))


def _leaves(part: Any, path: Path) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 - checked by the schema
    match part:
        case str():
            yield path, part
        case {"when": text}:
            yield (*path, "when"), text
        case {"response": _}:
            yield path, ""
        case {"all": parts} | {"any": parts} | {"of": parts}:
            key = next(key for key in ("all", "any", "of") if key in part)
            for index, one in enumerate(parts):
                yield from _leaves(one, (*path, key, index))

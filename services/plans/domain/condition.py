"""Conditions of a plan: expressions over registered indicators, joined by all, any and at least n.

A condition is true, false, or undetermined (None) when a value it needs is unknown; undetermined
is carried through the joins as in Kleene's logic, so that what is known still decides when it can.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from chassis import expressions
from vocabulary import INDICATORS, Comparison, Figure

_KINDS = {"double": float, "int": int, "bool": bool, "string": str}
VARIABLES = {one.name: _KINDS[one.kind] for one in INDICATORS.values()}

# Every registered figure is a double and CEL compares no double with an integer: 100 means 100.0.
_WHOLE = re.compile(r"(?<![\w.])\d+(?![\w.])")

_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_COMPARED = re.compile(
    rf"(?P<name>\b[a-z]\w*)\s*(?P<sign>>=|<=|>|<)\s*(?P<limit>{_NUMBER})(?!\s*[-+*/%\w.])"
)
_MIRRORED = re.compile(
    rf"(?<![-+*/%\w.]\s)(?<![-+*/%\w.])(?P<limit>{_NUMBER})\s*(?P<sign>>=|<=|>|<)\s*(?P<name>[a-z]\w*)\b(?!\s*[-+*/%(])"
)
_MIRROR = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


class When(msgspec.Struct, frozen=True, tag="when"):
    """One CEL expression; with `sustained_for_minutes` it counts only after holding that long."""

    text: str
    sustained_for_minutes: int = 0

    @property
    def sustained_for(self) -> timedelta:
        """How long the expression must hold before it counts."""
        return timedelta(minutes=self.sustained_for_minutes)


class Group(msgspec.Struct, frozen=True, tag="group"):
    """At least `need` of `of`: `any` needs one, `all` needs every one."""

    need: int
    of: tuple["When | Group", ...]


Condition = When | Group


@dataclass(frozen=True, slots=True)
class Threshold:
    """An indicator compared with a constant somewhere in a plan."""

    indicator: str
    comparison: Comparison
    value: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What one expression says of the facts, before its sustained-for is asked."""

    holds: bool | None
    missing: tuple[str, ...]


@lru_cache(maxsize=4096)
def program(text: str) -> expressions.Program:
    """The compiled expression over the registered indicators.

    Raises `ExpressionInvalid`, whose offset counts in `text`.
    """
    try:
        return expressions.compile(_WHOLE.sub(r"\g<0>.0", text), VARIABLES)
    except expressions.ExpressionInvalid as error:
        raise expressions.ExpressionInvalid(
            error.message, line=error.line, column=error.column, offset=_unshifted(text, error)
        ) from error


def leaves(condition: Condition) -> Iterator[When]:
    """Every expression of the condition, in the order in which it was written."""
    match condition:
        case When():
            yield condition
        case Group(of=parts):
            for part in parts:
                yield from leaves(part)


def read(text: str, values: Mapping[str, object]) -> Answer:
    """Ask one expression; `values` holds what is known, and nothing stands in for the rest."""
    match program(text).evaluate(values):
        case expressions.Undetermined(missing=missing):
            return Answer(None, missing)
        case answer:
            return Answer(bool(answer), ())


def join(condition: Condition, answers: Mapping[When, bool | None]) -> bool | None:
    """Whether the condition is met, given the answer to each of its expressions."""
    match condition:
        case When():
            return answers[condition]
        case Group(need=need, of=parts):
            return at_least(need, [join(part, answers) for part in parts])


def at_least(need: int, answers: list[bool | None]) -> bool | None:
    """Whether `need` of the answers are true; None when the undetermined ones could still decide."""
    sure = sum(answer is True for answer in answers)
    possible = sum(answer is not False for answer in answers)
    if sure >= need:
        return True
    return None if possible >= need else False


def thresholds(text: str) -> tuple[Threshold, ...]:
    """The comparisons of a registered indicator with a constant that the expression makes."""
    found = [
        Threshold(hit["name"], Comparison(hit["sign"]), float(hit["limit"]))
        for hit in _COMPARED.finditer(text)
    ]
    found += [
        Threshold(hit["name"], Comparison(_MIRROR[hit["sign"]]), float(hit["limit"]))
        for hit in _MIRRORED.finditer(text)
    ]
    return tuple(one for one in found if one.indicator in INDICATORS)


def held_since(used: tuple[Figure, ...], now: datetime) -> datetime:
    """Since when an expression that holds now has held: event time of the newest value it used."""
    return min(now, max((figure.observed_at for figure in used), default=now))


def _unshifted(text: str, error: expressions.ExpressionInvalid) -> int:
    """Where the fault stands in the text as written, before whole numbers became doubles."""
    offset = error.offset
    for whole in _WHOLE.finditer(text):
        if whole.end() < offset:
            offset -= 2  # ".0"
    return min(offset, len(text))

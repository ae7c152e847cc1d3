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
from vocabulary import INDICATORS, Figure, Indicator, ResponseLevel

_KINDS = {"double": float, "int": int, "bool": bool, "string": str}
VARIABLES = {one.name: _KINDS[one.kind] for one in INDICATORS.values()}

# Every registered figure is a double and CEL compares no double with an integer: 100 means 100.0.
_WHOLE = re.compile(r"(?<![\w.])\d+(?![\w.])")

RESPONSE = "response_"  # what a Response reads is named so, with the emergency type behind it


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
    of: tuple["When | Response | Group", ...]


class Response(msgspec.Struct, frozen=True, tag="response"):
    """A response of at least this level is in force for the emergency type, here or above here.

    So plans set off one another: an earthquake response is a reason of the geological hazard plan.
    """

    emergency_type: str
    at_least: ResponseLevel

    @property
    def sustained_for(self) -> timedelta:
        """A response in force counts at once."""
        return timedelta()

    @property
    def name(self) -> str:
        """The indicator that it reads: the severity in force, I is 4 and IV is 1 and none is 0."""
        return f"{RESPONSE}{self.emergency_type}"

    @property
    def text(self) -> str:
        """The condition as people read it."""
        return f"{self.name} >= {self.at_least.severity}"


Condition = When | Response | Group
Leaf = When | Response


@dataclass(frozen=True, slots=True)
class Answer:
    """What one expression says of the facts, before its sustained-for is asked."""

    holds: bool | None
    missing: tuple[str, ...]


def registered(name: str) -> Indicator | None:
    """What is registered under the name; a response in force is a figure of this service's own."""
    if name.startswith(RESPONSE):
        zh, en = "正在实施的最高响应等级", "highest response level in force"
        return Indicator(name, "double", "1", "plans", zh, en, minimum=0, maximum=4, whole=True)
    return INDICATORS.get(name)


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


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every expression of the condition, in the order in which it was written."""
    match condition:
        case When() | Response():
            yield condition
        case Group(of=parts):
            for part in parts:
                yield from leaves(part)


def reads(leaf: Leaf) -> tuple[str, ...]:
    """The names of the figures that the expression reads."""
    match leaf:
        case When(text=text):
            return names_in(text)
        case Response(name=name):
            return (name,)


@lru_cache(maxsize=8192)
def names_in(text: str) -> tuple[str, ...]:
    """The registered indicators that the text reads, in its order."""
    return expressions.names_in(text, VARIABLES)


def read(leaf: Leaf, values: Mapping[str, object]) -> Answer:
    """Ask one expression; `values` holds what is known, and nothing stands in for the rest."""
    match leaf:
        case When(text=text):
            return _ask(text, values)
        case Response(name=name, at_least=least):
            severity = values.get(name)
            if not isinstance(severity, float):
                return Answer(None, (name,))
            return Answer(severity >= least.severity, ())


def join(condition: Condition, answers: Mapping[Leaf, bool | None]) -> bool | None:
    """Whether the condition is met, given the answer to each of its expressions."""
    match condition:
        case When() | Response():
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


def held_since(used: tuple[Figure, ...], now: datetime) -> datetime:
    """Since when an expression that holds now has held: event time of the newest value it used."""
    return min(now, max((figure.observed_at for figure in used), default=now))


def _ask(text: str, values: Mapping[str, object]) -> Answer:
    match program(text).evaluate(values):
        case expressions.Undetermined(missing=missing):
            return Answer(None, missing)
        case answer:
            return Answer(bool(answer), ())


def _unshifted(text: str, error: expressions.ExpressionInvalid) -> int:
    """Where the fault stands in the text as written, before whole numbers became doubles."""
    offset = error.offset
    for whole in _WHOLE.finditer(text):
        if whole.end() < offset:
            offset -= 2  # ".0"
    return min(offset, len(text))

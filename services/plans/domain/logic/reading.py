"""Conditions of a plan read as formulas: what CEL says inside the decidable frame, and the rest."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from services.plans.domain import condition
from services.plans.domain.condition import Condition, Group, Response, When
from services.plans.domain.logic.formula import (
    HELD,
    Atom,
    Formula,
    Gate,
    Not,
    Opaque,
    all_of,
    any_of,
    opaques,
)
from vocabulary import INDICATORS, Comparison

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[<>!()-]))"
)
_COMPARISONS = {one.value: one for one in Comparison}
_MIRRORED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


class _Outside(Exception):
    """The expression says something that the frame has no form for."""


def formula_of(part: Condition) -> Formula:
    """The condition as a formula; what its expressions say outside the frame is opaque in it."""
    match part:
        case When():
            said = _expression(part.text)
            if part.sustained_for_minutes == 0:
                return said
            held = Atom(HELD, Comparison.AT_LEAST, float(part.sustained_for_minutes))
            return all_of(said, held)
        case Response():
            return Atom(part.name, Comparison.AT_LEAST, float(part.at_least.severity))
        case Group(need=need, of=parts):
            return Gate(need, tuple(formula_of(one) for one in parts))


def is_decidable(part: Condition) -> bool:
    """Whether everything that the condition says lies within the frame."""
    return next(opaques(formula_of(part)), None) is None


@lru_cache(maxsize=8192)
def _expression(text: str) -> Formula:
    try:
        reading = _Reading(_tokens(text))
        formula = reading.disjunction()
        reading.expect_end()
    except _Outside:
        return Opaque(text, condition.program(text).names)
    return formula


def _tokens(text: str) -> list[str]:
    found, position = [], 0
    stripped = text.rstrip()
    while position < len(stripped):
        hit = _TOKEN.match(stripped, position)
        if hit is None:
            raise _Outside
        found.append(hit.group().strip())
        position = hit.end()
    return found


@dataclass(slots=True)
class _Reading:
    """Recursive descent over the tokens; anything but the frame's own grammar is outside."""

    tokens: list[str]
    at: int = field(default=0)

    def disjunction(self) -> Formula:
        parts = [self.conjunction()]
        while self._take("||"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else any_of(*parts)

    def conjunction(self) -> Formula:
        parts = [self.unary()]
        while self._take("&&"):
            parts.append(self.unary())
        return parts[0] if len(parts) == 1 else all_of(*parts)

    def unary(self) -> Formula:
        if self._take("!"):
            return Not(self.unary())
        if self._take("("):
            inner = self.disjunction()
            if not self._take(")"):
                raise _Outside
            return inner
        return self._comparison()

    def expect_end(self) -> None:
        if self.at != len(self.tokens):
            raise _Outside

    def _comparison(self) -> Formula:
        if self._take("true"):
            return all_of()
        if self._take("false"):
            return any_of()
        left = self._side()
        sign = self._next()
        right = self._side()
        match left, right:
            case str(), float():
                return _compared(left, sign, right)
            case float(), str():
                return _compared(right, _MIRRORED.get(sign, sign), left)
            case _:
                raise _Outside

    def _side(self) -> str | float:
        """An indicator's name, or a number with its sign."""
        negative = self._take("-")
        token = self._next()
        if token[0].isdigit():
            return -float(token) if negative else float(token)
        if negative or token not in INDICATORS:
            raise _Outside
        return token

    def _take(self, token: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == token:
            self.at += 1
            return True
        return False

    def _next(self) -> str:
        if self.at == len(self.tokens):
            raise _Outside
        self.at += 1
        return self.tokens[self.at - 1]


def _compared(name: str, sign: str, limit: float) -> Formula:
    if sign in _COMPARISONS:
        return Atom(name, _COMPARISONS[sign], limit)
    if sign not in ("==", "!="):
        raise _Outside
    same = all_of(
        Atom(name, Comparison.AT_LEAST, limit),
        Atom(name, Comparison.AT_MOST, limit),
    )
    return same if sign == "==" else Not(same)

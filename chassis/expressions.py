"""Expressions in CEL: compiled with types, evaluated on what is known, undetermined by the rest.

A missing value never counts as false: `a || b` is true when a is true and nobody knows b, and
undetermined, naming b, when a is false. Beside CEL's own functions there are `ceil` and `floor`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from chassis.errors import Invalid

LONGEST = 4000  # characters; a rule that needs more is several rules

# how a variable's type may be given: by CEL's own name, or as the Python type of its values
_TYPES: Mapping[Any, cel.Type] = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "string": cel.Type.STRING,
    bool: cel.Type.BOOL,
    int: cel.Type.INT,
    float: cel.Type.DOUBLE,
    str: cel.Type.STRING,
    datetime: cel.Type.TIMESTAMP,
    timedelta: cel.Type.DURATION,
    list[str]: cel.Type.List(cel.Type.STRING),
    list[float]: cel.Type.List(cel.Type.DOUBLE),
    dict[str, float]: cel.Type.Map(cel.Type.STRING, cel.Type.DOUBLE),
    dict[str, str]: cel.Type.Map(cel.Type.STRING, cel.Type.STRING),
}
_ROUNDINGS = (("ceil", math.ceil), ("floor", math.floor))  # a need is counted in whole units
_LITERAL = re.compile(r"""r?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|//[^\n]*""")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?!\s*\()")
_PLACE = re.compile(r"<input>:(\d+):(\d+): ([^\n]*)")
_ABSENT = "No value with name"
_WRONG_TYPE = ("Unexpected value type", "cannot be interpreted as")


class ExpressionInvalid(Invalid):
    """The text is no expression over the variables; says where and why."""

    slug = "expression-invalid"

    def __init__(self, message: str, *, line: int, column: int, offset: int) -> None:
        super().__init__(message, line=line, column=column)
        self.line = line
        self.column = column
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Undetermined:
    """What is known does not decide; `missing` names what the expression reads and nobody knows.

    `reason` says why when everything was known, like a division by zero.
    """

    missing: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression; `kind` is the CEL name of its result's type, like "bool", "double"."""

    text: str
    kind: str
    names: tuple[str, ...]
    _compiled: cel.Expression = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, object]) -> Any:  # noqa: ANN401 - what the expression gives
        """Return the result, or Undetermined when a value that is absent or None would decide it.

        Raises TypeError for a value that is not of its variable's type.
        """
        known = {name: values[name] for name in self.names if values.get(name) is not None}
        result = self._compiled.eval(data=known)
        if result.type() != cel.Type.ERROR:
            return result.plain_value()
        reason = str(result.value())
        if any(sign in reason for sign in _WRONG_TYPE):
            raise TypeError(f"{self.text}: {reason}")
        missing = tuple(name for name in self.names if name not in known)
        return Undetermined(missing, None if _ABSENT in reason else reason)


def compile(text: str, variables: Mapping[str, Any]) -> Program:
    """Return the program for `text`; `variables` gives the type of each name's values.

    Types: "bool", "int", "double", "string", or as in Python bool, int, float, str, datetime,
    timedelta, list[str], list[float], dict[str, float], dict[str, str]. Raises ExpressionInvalid with line, column (from 1) and offset (from 0).
    """
    if len(text) > LONGEST:
        message = f"An expression has at most {LONGEST} characters."
        raise ExpressionInvalid(message, line=1, column=LONGEST + 1, offset=LONGEST)
    try:
        compiled = _environment(tuple(sorted(variables.items()))).compile(text)
    except RuntimeError as error:
        raise _invalid(text, str(error)) from error
    kind = str(compiled.return_type().name()).lower()
    return Program(text, kind, names_in(text, variables), compiled)


def names_in(text: str, variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return those of the variables that the text reads, in its order, without compiling it."""
    written = _NAME.findall(_LITERAL.sub(" ", text))
    return tuple(name for name in dict.fromkeys(written) if name in variables)


@lru_cache(maxsize=32)
def _environment(variables: tuple[tuple[str, Any], ...]) -> cel.Env:
    return cel.NewEnv(
        variables={name: _TYPES[kind] for name, kind in variables},
        functions=[_rounding(name, function) for name, function in _ROUNDINGS],
    )


def _rounding(name: str, function: Callable[[float], int]) -> cel.FunctionDecl:
    """`ceil(double)` and `floor(double)`, which CEL has only in an extension of other names."""
    double = cel.Type.DOUBLE

    def rounded(value: float) -> float:
        return float(function(value)) if math.isfinite(value) else value

    return cel.FunctionDecl(
        name, [cel.Overload(f"{name}_double", double, [double], False, rounded)]
    )


def _invalid(text: str, reason: str) -> ExpressionInvalid:
    found = _PLACE.search(reason)
    if found is None:
        return ExpressionInvalid(reason, line=1, column=1, offset=0)
    line, column, message = int(found[1]), int(found[2]), found[3]
    offset = sum(len(part) for part in text.splitlines(keepends=True)[: line - 1]) + column - 1
    return ExpressionInvalid(message, line=line, column=column, offset=offset)

"""The decidable frame: AND, OR, NOT and at-least-n over an indicator compared with a constant.

What CEL says beyond it is opaque: it can be asked for given facts, not decided for all.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from vocabulary import Comparison

HELD = "held_minutes"  # for how long the facts have stood as they are: what sustained-for asks


@dataclass(frozen=True, slots=True)
class Atom:
    """One indicator compared with one constant."""

    indicator: str
    comparison: Comparison
    limit: float


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression outside the frame, with the indicators that it reads."""

    text: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of `of`."""

    of: "Formula"


@dataclass(frozen=True, slots=True)
class Gate:
    """At least `need` of `of`; none needed is true, one of nothing is false."""

    need: int
    of: tuple["Formula", ...]


Formula = Atom | Opaque | Not | Gate


def all_of(*parts: Formula) -> Formula:
    """Every part."""
    return Gate(len(parts), parts)


def any_of(*parts: Formula) -> Formula:
    """At least one part."""
    return Gate(1, parts)


def atoms(formula: Formula) -> Iterator[Atom]:
    """Every comparison in the formula."""
    match formula:
        case Atom():
            yield formula
        case Not(of=inner):
            yield from atoms(inner)
        case Gate(of=parts):
            for part in parts:
                yield from atoms(part)


def opaques(formula: Formula) -> Iterator[Opaque]:
    """Every part that lies outside the frame."""
    match formula:
        case Opaque():
            yield formula
        case Not(of=inner):
            yield from opaques(inner)
        case Gate(of=parts):
            for part in parts:
                yield from opaques(part)


def holds(
    formula: Formula,
    values: Mapping[str, float],
    ask: Callable[[Opaque, Mapping[str, float]], bool | None] | None = None,
) -> bool | None:
    """Whether the formula holds for these values; None while what is absent could decide it.

    `ask` answers what is opaque; without it that is undecided.
    """
    match formula:
        case Atom(name, comparison, limit):
            value = values.get(name)
            return None if value is None else comparison.holds(value, limit)
        case Opaque():
            return None if ask is None else ask(formula, values)
        case Not(of=inner):
            answer = holds(inner, values, ask)
            return None if answer is None else not answer
        case Gate(need=need, of=parts):
            return _gate(need, parts, values, ask)


def only_rises(formula: Formula, indicator: str) -> bool:
    """Whether more of the indicator can never make the formula hold less, by its signs alone."""
    match formula:
        case Atom(name, comparison):
            return name != indicator or comparison in (Comparison.ABOVE, Comparison.AT_LEAST)
        case Opaque(names=names):
            return indicator not in names
        case Not(of=inner):
            return _only_falls(inner, indicator)
        case Gate(of=parts):
            return all(only_rises(part, indicator) for part in parts)


def given(formula: Formula, indicator: str, value: float) -> Formula:
    """The formula once that indicator has this value."""
    match formula:
        case Atom(name, comparison, limit) if name == indicator:
            return all_of() if comparison.holds(value, limit) else any_of()
        case Not(of=inner):
            return Not(given(inner, indicator, value))
        case Gate(need=need, of=parts):
            return Gate(need, tuple(given(part, indicator, value) for part in parts))
        case _:
            return formula


def _only_falls(formula: Formula, indicator: str) -> bool:
    match formula:
        case Atom(name, comparison):
            return name != indicator or comparison in (Comparison.BELOW, Comparison.AT_MOST)
        case Opaque(names=names):
            return indicator not in names
        case Not(of=inner):
            return only_rises(inner, indicator)
        case Gate(of=parts):
            return all(_only_falls(part, indicator) for part in parts)


def _gate(
    need: int,
    parts: tuple[Formula, ...],
    values: Mapping[str, float],
    ask: Callable[[Opaque, Mapping[str, float]], bool | None] | None,
) -> bool | None:
    sure, possible = 0, len(parts)
    if need <= 0:
        return True
    for part in parts:
        answer = holds(part, values, ask)
        if answer is True:
            sure += 1
            if sure >= need:
                return True
        elif answer is False:
            possible -= 1
            if possible < need:
                return False
    return False if possible < need else None

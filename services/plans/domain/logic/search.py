"""The smallest facts that make a formula hold: narrowed by what must be, then tried half by half.

A formula of the frame asks most of what it asks of single indicators; that is settled by cutting
what an indicator can be. Only what is left open is tried, at the thresholds that would decide it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from services.plans.domain import condition
from services.plans.domain.logic.formula import Atom, Formula, Gate, Not, Opaque, atoms

MOST_STEPS = 2_000  # some 1 s: a plan of 40 thresholds over 12 indicators takes below 100

Spaces = Mapping[str, Sequence[float]]  # what each indicator may be, ascending


class TooMany(Exception):
    """The search has taken more steps than it may."""


class _Conflict(Exception):
    """Nothing is left that an indicator could be."""


@dataclass(slots=True)
class Search:
    """One search; `met_opaque` once an answer hung on what lies outside the frame."""

    formula: Formula
    spaces: Spaces
    steps: int = 0
    met_opaque: bool = False

    def smallest(self) -> dict[str, float] | None:
        """Values for which the formula holds, the smallest in the order of the spaces, or None.

        Raises `TooMany`.
        """
        if not all(self.spaces.values()):
            return None
        left = dict(self.spaces)
        found = self._example(left)
        if found is None:
            return None
        for name in self.spaces:
            found = self._least(name, left, found=found)
            left[name] = (found[name],)
        return found

    def _least(self, name: str, left: Spaces, *, found: dict[str, float]) -> dict[str, float]:
        """What holds with the smallest value of `name`, the ones before it being settled."""
        for value in self.spaces[name]:
            if value >= found[name]:
                break
            smaller = self._example({**left, name: (value,)})
            if smaller is not None:
                return smaller
        return found

    def _example(self, spaces: Spaces) -> dict[str, float] | None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooMany
        try:
            left = _narrowed(self.formula, spaces)
        except _Conflict:
            return None
        if could_hold(self.formula, left):
            return {name: values[0] for name, values in left.items()}
        open_atom = _undecided(self.formula, left)
        if open_atom is None:
            self.met_opaque = True
            return None
        for half in _halves(left[open_atom.indicator], open_atom):
            found = self._example({**left, open_atom.indicator: half})
            if found is not None:
                return found
        return None


def could_hold(formula: Formula, spaces: Spaces) -> bool | None:
    """Whether the formula holds for all values of the spaces (True), for none (False), or neither.

    None says too little rather than too much: each comparison is looked at alone.
    """
    match formula:
        case Atom(name, comparison, limit):
            values = spaces[name]
            low, high = comparison.holds(values[0], limit), comparison.holds(values[-1], limit)
            return low if low is high else None
        case Opaque():
            return None
        case Not(of=inner):
            answer = could_hold(inner, spaces)
            return None if answer is None else not answer
        case Gate(need=need, of=parts):
            return condition.at_least(need, [could_hold(part, spaces) for part in parts])


def is_in_order(values: Mapping[str, float], name: str) -> bool:
    """Whether the value of `name` fits those of the indicators that it cannot exceed, or they it."""
    value, above = values[name], bounded_by(name)
    return all(
        not (other in above and value > one) and not (name in bounded_by(other) and one > value)
        for other, one in values.items()
    )


@cache
def bounded_by(name: str) -> tuple[str, ...]:
    """The indicators that `name` never exceeds, the nearest first."""
    registered = condition.registered(name)
    if registered is None or registered.at_most is None:
        return ()
    return (registered.at_most, *bounded_by(registered.at_most))


def _narrowed(formula: Formula, spaces: Spaces) -> dict[str, Sequence[float]]:
    """The spaces without what cannot be if the formula holds. Raises `_Conflict`."""
    left = dict(spaces)
    before = -1
    while before != (before := sum(map(len, left.values()))):
        _require(formula, left, wanted=True)
        _keep_order(left)
    return left


def _require(formula: Formula, left: dict[str, Sequence[float]], *, wanted: bool) -> None:
    """Cut from `left` what cannot be if the formula is to be as wanted."""
    match formula:
        case Atom(name, comparison, limit):
            _cut(left, name, [one for one in left[name] if comparison.holds(one, limit) is wanted])
        case Opaque():
            pass
        case Not(of=inner):
            _require(inner, left, wanted=not wanted)
        case Gate(need=need, of=parts):
            _require_parts(need, parts, left, wanted=wanted)


def _require_parts(
    need: int, parts: Sequence[Formula], left: dict[str, Sequence[float]], *, wanted: bool
) -> None:
    """Parts that are all needed, or of which none more may be, are as the gate has to be."""
    answers = [could_hold(part, left) for part in parts]
    sure = sum(answer is True for answer in answers)
    possible = sum(answer is not False for answer in answers)
    if (possible < need) if wanted else (sure >= need):
        raise _Conflict
    if (possible == need) if wanted else (sure == need - 1):
        for part, answer in zip(parts, answers, strict=True):
            if answer is None:
                _require(part, left, wanted=wanted)


def _keep_order(left: dict[str, Sequence[float]]) -> None:
    for name in left:
        for above in bounded_by(name):
            if above in left:
                high = left[above][-1]
                _cut(left, name, [one for one in left[name] if one <= high])
                low = left[name][0]
                _cut(left, above, [one for one in left[above] if one >= low])


def _cut(left: dict[str, Sequence[float]], name: str, values: Sequence[float]) -> None:
    if not values:
        raise _Conflict
    left[name] = values


def _undecided(formula: Formula, left: Spaces) -> Atom | None:
    """A comparison that the answer hangs on, from the smallest part that is open."""
    if could_hold(formula, left) is not None:
        return None
    match formula:
        case Atom():
            return formula
        case Opaque():
            return None
        case Not(of=inner):
            return _undecided(inner, left)
        case Gate(of=parts):
            by_size = sorted(parts, key=lambda part: sum(1 for _ in atoms(part)))
            found = (_undecided(part, left) for part in by_size)
            return next((atom for atom in found if atom is not None), None)


def _halves(values: Sequence[float], at: Atom) -> tuple[list[float], list[float]]:
    """The values on either side of the limit, the smaller ones first."""
    first = at.comparison.holds(values[0], at.limit)
    return (
        [one for one in values if at.comparison.holds(one, at.limit) is first],
        [one for one in values if at.comparison.holds(one, at.limit) is not first],
    )

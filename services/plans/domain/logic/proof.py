"""Whether any facts at all make a formula hold: searched over every threshold boundary.

Between two neighbouring thresholds a formula of the frame cannot change its answer, so one value
for each threshold and each gap stands for all. What is opaque is asked for sampled values.
"""

import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from services.plans.domain import condition
from services.plans.domain.logic.formula import (
    HELD,
    Formula,
    Not,
    Opaque,
    all_of,
    atoms,
    given,
    holds,
    only_rises,
    opaques,
)
from services.plans.domain.logic.search import Search, TooMany, bounded_by, is_in_order
from vocabulary import Indicator

SAMPLES = 2_000  # of the values when something is opaque
_kept = lru_cache(maxsize=8192)  # a formula says the same for ever: some 2,000 plans' worth
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_HELD = Indicator(HELD, "double", "min", "plans", "事实保持时间", "time held", minimum=0)


class Method(StrEnum):
    """How an answer was found. SAMPLED and GAVE_UP say nothing about facts that were not tried."""

    DECIDED = "DECIDED"
    SAMPLED = "SAMPLED"
    GAVE_UP = "GAVE_UP"


@dataclass(frozen=True, slots=True)
class Found:
    """Facts that make the formula hold, or None; `tried` counts what was looked at."""

    facts: Mapping[str, float] | None
    method: Method
    tried: int


@_kept
def find(formula: Formula) -> Found:
    """Facts for which the formula holds.

    DECIDED without facts: there are none. Ranges and orders of the registry are kept: no share
    above 1, never more rain in one hour than in three. The same formula gives the same facts.
    """
    search = Search(formula, _spaces(formula))
    try:
        facts = search.smallest()
    except TooMany:
        return Found(None, Method.GAVE_UP, search.steps)
    if facts is not None or not search.met_opaque:
        return Found(facts, Method.DECIDED, search.steps)
    return _sampled(formula, search.spaces)


@_kept
def falling(formula: Formula, name: str) -> tuple[float, float, Mapping[str, float]] | None:
    """Two neighbouring values of `name`, the lower of which makes the formula hold and the higher not.

    With the other facts that both need; None when there are none, none within the frame, or none
    found in as many steps as one search may take.
    """
    if only_rises(formula, name):
        return None
    values, steps = _spaces(formula).get(name, ()), 0
    for low, high in pairwise(values):
        lost = all_of(given(formula, name, low), Not(given(formula, name, high)))
        search = Search(lost, _beside(_spaces(formula), name, low=low, high=high), steps)
        try:
            facts = search.smallest()
        except TooMany:
            return None
        if facts is not None:
            return low, high, facts
        steps = search.steps
    return None


def _spaces(formula: Formula) -> dict[str, Sequence[float]]:
    """For each indicator one value for every threshold and every gap that its range allows.

    Indicators that bound one another share their thresholds: then comparing values decides.
    """
    limits: dict[str, set[float]] = {}
    for atom in atoms(formula):
        limits.setdefault(_chain(atom.indicator), set()).add(atom.limit)
    named = {atom.indicator for atom in atoms(formula)}
    for opaque in opaques(formula):
        numbers = {float(text) for text in _NUMBER.findall(opaque.text)}
        for name in opaque.names:
            limits.setdefault(_chain(name), set()).update(numbers)
            named.add(name)
    return {name: _values(name, sorted(limits[_chain(name)])) for name in sorted(named)}


def _beside(
    spaces: Mapping[str, Sequence[float]], name: str, *, low: float, high: float
) -> dict[str, Sequence[float]]:
    """What the others may be while `name` goes from `low` to `high` and nothing else changes."""
    return {
        other: [
            value
            for value in values
            if is_in_order({other: value, name: high}, other)
            and is_in_order({other: value, name: low}, other)
        ]
        for other, values in spaces.items()
        if other != name
    }


def _values(name: str, limits: Sequence[float]) -> list[float]:
    """Ascending: the facts shown to a person should be as small as they can be."""
    registered = condition.registered(name) or _HELD
    tried = [limits[0] - 1, *limits, limits[-1] + 1] if limits else [0.0]
    tried += [(low + high) / 2 for low, high in pairwise(limits)]
    if registered.whole:
        tried = [one for value in tried for one in (math.floor(value), math.ceil(value))]
    for bound in (registered.minimum, registered.maximum):
        if math.isfinite(bound):
            tried.append(bound)
    return sorted({float(one) for one in tried if registered.minimum <= one <= registered.maximum})


def _chain(name: str) -> str:
    """The last of the indicators that bound one another, which stands for all of them."""
    return (name, *bounded_by(name))[-1]


def _sampled(formula: Formula, spaces: Mapping[str, Sequence[float]]) -> Found:
    chance = random.Random(0)  # noqa: S311 - the same samples each time
    for number, values in enumerate(_samples(spaces, chance), start=1):
        if all(is_in_order(values, name) for name in values) and holds(formula, values, _ask):
            return Found(values, Method.SAMPLED, number)
    return Found(None, Method.SAMPLED, SAMPLES)


def _samples(
    spaces: Mapping[str, Sequence[float]], chance: random.Random
) -> Iterator[dict[str, float]]:
    for _ in range(SAMPLES):
        yield {
            name: chance.choice(values)
            if chance.random() < 0.5
            else chance.uniform(min(values), max(values))
            for name, values in spaces.items()
        }


def _ask(opaque: Opaque, values: Mapping[str, float]) -> bool | None:
    return condition.read(condition.When(opaque.text), values).holds

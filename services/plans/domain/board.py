"""All comparisons of all plans side by side, so that thousands are asked at once.

Nearly every expression of a plan is one figure beside one limit. Asked one by one they cost more
than all else of an evaluation together; as arrays, 2,000 plans of 17 take about a millisecond.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.plans.domain.compiled import CompiledPlan
from services.plans.domain.facts import Facts
from services.plans.domain.logic import Atom
from vocabulary import Comparison

_UNKNOWN, _NO, _YES = (np.uint8(ord(letter)) for letter in "?01")
_UPWARD = frozenset({Comparison.ABOVE, Comparison.AT_LEAST})
_STRICT = frozenset({Comparison.ABOVE, Comparison.BELOW})


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """One entry an atom, plan by plan; downward comparisons are upward ones of the negatives."""

    names: tuple[str, ...]
    spans: dict[CompiledPlan, tuple[int, int, int]]  # its number, where its atoms begin and end
    owner: NDArray[np.intp]
    name: NDArray[np.intp]
    sign: NDArray[np.float64]
    limit: NDArray[np.float64]
    strict: NDArray[np.bool_]

    @classmethod
    def of(cls, plans: Sequence[CompiledPlan]) -> "Board":
        """The board of these plans."""
        columns: dict[str, int] = {}
        spans: dict[CompiledPlan, tuple[int, int, int]] = {}
        found: list[tuple[int, int, Atom]] = []
        for number, one in enumerate(plans):
            begin = len(found)
            for question in one.atoms.values():
                if question.atom is not None:
                    column = columns.setdefault(question.atom.indicator, len(columns))
                    found.append((number, column, question.atom))
            spans[one] = (number, begin, len(found))
        signs = np.array([1.0 if atom.comparison in _UPWARD else -1.0 for *_, atom in found])
        return cls(
            names=tuple(columns),
            spans=spans,
            owner=np.array([number for number, *_ in found], dtype=np.intp),
            name=np.array([column for _, column, _ in found], dtype=np.intp),
            sign=signs,
            limit=signs * np.array([atom.limit for *_, atom in found]),
            strict=np.array([atom.comparison in _STRICT for *_, atom in found], dtype=bool),
        )

    def gists(
        self, asked: Sequence[CompiledPlan], facts: Callable[[CompiledPlan], Facts]
    ) -> list[str]:
        """What each of these says of its facts, in short, as `CompiledPlan.gist_of` says it."""
        seen = [facts(one) for one in asked]
        rows = {id(one): row for row, one in enumerate({id(one): one for one in seen}.values(), 1)}
        row_of = np.zeros(len(self.spans), dtype=np.intp)  # row 0: nothing is asked
        for one, its_facts in zip(asked, seen, strict=True):
            row_of[self.spans[one][0]] = rows[id(its_facts)]
        states = self._states(list({id(one): one for one in seen}.values()), row_of)
        return [
            one.gist(states[self.spans[one][1] : self.spans[one][2]], its_facts.values)
            for one, its_facts in zip(asked, seen, strict=True)
        ]

    def _states(self, seen: Sequence[Facts], row_of: NDArray[np.intp]) -> str:
        """A letter for each atom, by the facts in the row of its plan."""
        known = np.full((len(seen) + 1, max(1, len(self.names))), np.nan)
        for row, facts in enumerate(seen, start=1):
            values = facts.values
            known[row, : len(self.names)] = [values.get(name, np.nan) for name in self.names]
        value = known[row_of[self.owner], self.name]
        above, limit = value * self.sign, self.limit
        holds = (above > limit) | ((above == limit) & ~self.strict)
        letters = np.where(np.isnan(value), _UNKNOWN, np.where(holds, _YES, _NO))
        return letters.astype(np.uint8).tobytes().decode("ascii")

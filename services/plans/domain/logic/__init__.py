"""Conditions as logic: what can be decided about them for all facts, not only for those at hand."""

from services.plans.domain.logic.compiled import Asked, compiled, steps
from services.plans.domain.logic.formula import (
    HELD,
    Atom,
    Formula,
    Gate,
    Not,
    Opaque,
    all_of,
    any_of,
    atoms,
    given,
    holds,
    opaques,
)
from services.plans.domain.logic.proof import Found, Method, falling, find
from services.plans.domain.logic.reading import formula_of, is_decidable

__all__ = [
    "HELD",
    "Asked",
    "Atom",
    "Formula",
    "Found",
    "Gate",
    "Method",
    "Not",
    "Opaque",
    "all_of",
    "any_of",
    "atoms",
    "compiled",
    "falling",
    "find",
    "formula_of",
    "given",
    "holds",
    "is_decidable",
    "opaques",
    "steps",
]

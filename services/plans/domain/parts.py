"""The parts of a plan, each once: at the least severe level where it stands as it is."""

from collections.abc import Iterator
from typing import TypeVar

from services.plans.domain.plan import Level, Measure, Plan, Requirement, Step

P = TypeVar("P", Step, Measure, Requirement)


def ascending(plan: Plan) -> list[Level]:
    """The levels from least to most severe: in the order in which they build on one another."""
    return sorted(plan.levels, key=lambda one: one.level.severity)


def steps(plan: Plan) -> Iterator[tuple[Level, Step]]:
    """Each step with the level where it first stands."""
    return _each((level, one) for level in ascending(plan) for one in level.steps)


def measures(plan: Plan) -> Iterator[tuple[Level, Measure]]:
    """Each measure with the level where it first stands."""
    return _each((level, one) for level in ascending(plan) for one in level.measures)


def requirements(plan: Plan) -> Iterator[tuple[Level, Requirement]]:
    """Each requirement with the level where it first stands."""
    return _each((level, one) for level in ascending(plan) for one in level.requirements)


def _each(parts: Iterator[tuple[Level, P]]) -> Iterator[tuple[Level, P]]:
    seen: set[P] = set()
    for level, one in parts:
        if one not in seen:
            seen.add(one)
            yield level, one

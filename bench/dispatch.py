"""Dispatch: min-cost flow beside the severity-ordered greedy and first-come greedy, same cases, same run.

    python -m bench.dispatch [--seeds 3]

Prints, for each case, the median time of each (the greedy's holds the making of all arcs, the
flow's does not), how much dearer each greedy is than the flow (severity-weighted minutes with
unmet needs priced), and the needs that only the flow meets.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from services.guarantee import store
from services.guarantee.domain import allocation
from services.guarantee.domain.allocation import Allocation, Line, Problem, Supply
from vocabulary import Place

T = TypeVar("T")
CAPABILITIES = tuple(f"capability-{number}" for number in range(12))
SEVERAL = 0.3  # share of resources with more than one capability
NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # 12:00 in the city


@dataclass(frozen=True, slots=True)
class Case:
    """So many resources for so many incidents of one to four needs of up to `most` each."""

    name: str
    resources: int
    incidents: int
    most: int


CASES = (
    Case("a city's day", 200, 20, 3),
    Case("a storm", 1_000, 100, 3),
    Case("a disaster", 2_000, 200, 4),
    Case("a disaster, too little", 2_000, 200, 8),
    Case("a province", 5_000, 500, 4),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(parser.parse_args().seeds)
    rule = store.dispatch_rules()[0]
    print(f"rule {rule.name}, {len(seeds)} seeds, unmet priced {rule.unmet_minutes:g} min a unit\n")
    print(
        f"{'case':24}{'resources':>10}{'units':>7}"
        f"{'flow ms':>10}{'greedy ms':>11}{'greedy':>9}{'first come':>12}{'only flow meets':>17}"
    )
    for case in CASES:
        print(row(case, [problem(case, random.Random(seed)) for seed in seeds]))


def row(case: Case, problems: list[Problem]) -> str:
    runs = [measured(one) for one in problems]
    units = statistics.mean(sum(line.quantity for line in one.lines) for one in problems)
    flow_ms, greedy_ms, dearer, first_come, more = (
        statistics.median(column) for column in zip(*runs, strict=True)
    )
    return (
        f"{case.name:24}{case.resources:>10}{units:>7.0f}{flow_ms:>10.1f}{greedy_ms:>11.1f}"
        f"{dearer:>+9.1%}{first_come:>+12.1%}{more:>17.0f}"
    )


def measured(stated: Problem) -> tuple[float, float, float, float, float]:
    """Milliseconds of flow and greedy, the extra cost of both greedies, and needs only the flow meets."""
    both_ms, solution = timed(lambda: allocation.solve(stated))
    greedy_ms, _ = timed(lambda: allocation.fall_back(stated))
    # of equal severity the greedy serves in the order of arrival
    arrived = replace(stated, lines=tuple(replace(one, severity=1) for one in stated.lines))
    first_come = priced(stated, allocation.fall_back(arrived).chosen)
    flow, greedy = solution.chosen, solution.baseline
    return (
        both_ms - greedy_ms,
        greedy_ms,
        greedy.cost_minutes / flow.cost_minutes - 1,
        first_come / flow.cost_minutes - 1,
        sum(greedy.unmet.values()) - sum(flow.unmet.values()),
    )


def timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return (time.perf_counter() - started) * 1000, result


def priced(stated: Problem, found: Allocation) -> float:
    """What an allocation costs under the severities of the problem."""
    severity = {one.id: one.severity for one in stated.lines}
    travelled = sum(
        one.quantity * (one.travel_minutes or 0.0) * severity[one.line_id]
        for one in found.assignments
    )
    missing = sum(quantity * severity[id] for id, quantity in found.unmet.items())
    return travelled + missing * stated.rule.unmet_minutes


def problem(case: Case, chance: random.Random) -> Problem:
    def place() -> Place:
        return Place(113.0 + chance.random(), 34.3 + chance.random() * 0.7)

    supplies = tuple(
        Supply(
            resource_id=f"res_{number}",
            capabilities=frozenset(
                chance.sample(CAPABILITIES, 2 if chance.random() < SEVERAL else 1)
            ),
            unit="unit",
            available=1,
            place=place(),
        )
        for number in range(case.resources)
    )
    lines = []
    for incident in range(case.incidents):
        here, severity = place(), chance.randint(1, 4)
        lines += [
            Line(
                id=f"req_{incident}_{number}",
                capability=capability,
                unit="unit",
                quantity=chance.randint(1, case.most),
                severity=severity,
                place=here,
            )
            for number, capability in enumerate(chance.sample(CAPABILITIES, chance.randint(1, 4)))
        ]
    return Problem(
        supplies=supplies, lines=tuple(lines), rule=store.dispatch_rules()[0], depart_at=NOON
    )


if __name__ == "__main__":
    main()

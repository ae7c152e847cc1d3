"""Who is sent where: the problem, min-cost flow over all arcs, and the severity-ordered greedy beside it (GUAR-3).

Costs are whole centi-minutes of travel times severity; what is not met has a price in the same
unit. The flow is exact: no arc is left out. Source: Ahuja, Magnanti & Orlin, Network Flows, ch. 9-10.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from services.guarantee.domain import travel
from services.guarantee.domain.ledger import Ledger
from services.guarantee.domain.rule import DispatchRule
from vocabulary import Mode, Place

CENTI = 100  # centi-minutes a minute
Ints = NDArray[np.int64]


class Method(StrEnum):
    """How an allocation was found."""

    FLOW = "FLOW"
    GREEDY = "GREEDY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A resource that could be sent; `available` is 0 while it is held or not ready."""

    resource_id: str
    capabilities: frozenset[str]
    unit: str
    available: int
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One need; `barred` may not serve it, `reserve_price` marks cover that should stay."""

    id: str
    capability: str
    unit: str
    quantity: int
    severity: int
    place: Place | None
    barred: frozenset[str] = frozenset()
    reserve_price: float | None = None

    @property
    def is_reserve(self) -> bool:
        """Whether it only keeps cover: what it gets stays where it is."""
        return self.reserve_price is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is there, what is needed, and how to weigh it."""

    supplies: tuple[Supply, ...]
    lines: tuple[Line, ...]
    rule: DispatchRule
    depart_at: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """So much of a resource for a need; travel None is unknown."""

    line_id: str
    resource_id: str
    quantity: int
    travel_minutes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Who is sent where, and what it costs in severity-weighted minutes with what is not met."""

    method: Method
    assignments: tuple[Assignment, ...]
    unmet: Mapping[str, int]
    cost_minutes: float
    travel_minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The allocation to carry out, and the greedy one that explains what it is worth."""

    chosen: Allocation
    baseline: Allocation

    @property
    def saved_minutes(self) -> float:
        """Severity-weighted minutes that the chosen allocation saves over the baseline."""
        return self.baseline.cost_minutes - self.chosen.cost_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The record of one solving: by what, under which rule, and what it was worth."""

    id: str
    pool: str
    mode: Mode
    solved_at: datetime
    method: Method
    rule: str
    requirement_ids: tuple[str, ...]
    cost_minutes: float
    baseline_cost_minutes: float
    travel_minutes: float
    baseline_travel_minutes: float
    unmet: Mapping[str, int]
    baseline_unmet: Mapping[str, int]
    lost: int
    travel_quality: str = travel.QUALITY
    exercise_id: str | None = None
    version: int = 0


def record_of(
    identity: str, problem: Problem, solution: Solution, *, pool: str, ledger: Ledger, lost: int
) -> Solved:
    """Return the record of a solution of which `lost` assignments were taken by others meanwhile."""
    chosen, baseline = solution.chosen, solution.baseline
    return Solved(
        id=identity,
        pool=pool,
        mode=ledger.mode,
        exercise_id=ledger.exercise_id,
        solved_at=problem.depart_at,
        method=chosen.method,
        rule=problem.rule.name,
        requirement_ids=tuple(one.id for one in problem.lines if not one.is_reserve),
        cost_minutes=chosen.cost_minutes,
        baseline_cost_minutes=baseline.cost_minutes,
        travel_minutes=chosen.travel_minutes,
        baseline_travel_minutes=baseline.travel_minutes,
        unmet=chosen.unmet,
        baseline_unmet=baseline.unmet,
        lost=lost,
    )


@dataclass(frozen=True, slots=True)
class _Arcs:
    """Every pair that fits: supply index, line index, minutes (NaN unknown), cost a unit."""

    supply: Ints
    line: Ints
    minutes: NDArray[np.float64]
    cost: Ints


def solve(problem: Problem) -> Solution:
    """Return the cheapest allocation with the greedy one beside it."""
    arcs = _arcs(problem)
    return Solution(chosen=_flow(problem, arcs), baseline=_greedy(problem, arcs))


def fall_back(problem: Problem) -> Solution:
    """Return the greedy allocation as the one to carry out, when the solver did not answer."""
    baseline = _greedy(problem, _arcs(problem))
    return Solution(chosen=baseline, baseline=baseline)


def _arcs(problem: Problem) -> _Arcs:
    supplies, lines = problem.supplies, problem.lines
    minutes = travel.minutes_between(
        [one.place for one in supplies],
        [one.place for one in lines],
        depart_at=problem.depart_at,
        rule=problem.rule,
    )
    allowed = _allowed(supplies, lines)
    supply, line = np.nonzero(allowed)
    chosen = minutes[supply, line]
    assumed = np.where(np.isnan(chosen), problem.rule.unknown_travel_minutes, chosen)
    weight = np.array([_weight(one) for one in lines], dtype=np.int64)
    cost = np.rint(assumed * CENTI).astype(np.int64) * weight[line]
    return _Arcs(supply.astype(np.int64), line.astype(np.int64), chosen, cost)


def _allowed(supplies: Sequence[Supply], lines: Sequence[Line]) -> NDArray[np.bool_]:
    """Return which supply may serve which line, worked out once for each pair of capability and unit."""
    available = np.array([one.available > 0 for one in supplies], dtype=np.bool_)
    place = {one.resource_id: index for index, one in enumerate(supplies)}
    allowed = np.zeros((len(supplies), len(lines)), dtype=np.bool_)
    capable: dict[tuple[str, str], NDArray[np.bool_]] = {}
    barred: dict[frozenset[str], list[int]] = {}
    for column, line in enumerate(lines):
        key = (line.capability, line.unit)
        if key not in capable:
            capable[key] = available & np.array(
                [key[0] in one.capabilities and key[1] == one.unit for one in supplies],
                dtype=np.bool_,
            )
        allowed[:, column] = capable[key]
        if line.barred not in barred:
            barred[line.barred] = [place[one] for one in line.barred if one in place]
        allowed[barred[line.barred], column] = False
    return allowed


def _weight(line: Line) -> int:
    return 1 if line.is_reserve else line.severity


def _price(line: Line, rule: DispatchRule) -> int:
    """Return what one unit not met costs, in weighted centi-minutes."""
    minutes = rule.unmet_minutes if line.reserve_price is None else line.reserve_price
    return round(minutes * CENTI) * _weight(line)


def _flow(problem: Problem, arcs: _Arcs) -> Allocation:
    """Solve source → supply → line, with a priced arc source → line for what is not met."""
    supplies, lines = problem.supplies, problem.lines
    available = np.array([one.available for one in supplies], dtype=np.int64)
    demand = np.array([one.quantity for one in lines], dtype=np.int64)
    source, first_line = len(supplies), len(supplies) + 1
    every_supply, every_line = np.arange(len(supplies)), np.arange(len(lines))
    prices = np.array([_price(one, problem.rule) for one in lines], dtype=np.int64)
    network = min_cost_flow.SimpleMinCostFlow()
    between = network.add_arcs_with_capacity_and_unit_cost(
        arcs.supply,
        arcs.line + first_line,
        np.minimum(available[arcs.supply], demand[arcs.line]),
        arcs.cost,
    )
    network.add_arcs_with_capacity_and_unit_cost(
        np.full(len(supplies), source), every_supply, available, np.zeros(len(supplies), np.int64)
    )
    network.add_arcs_with_capacity_and_unit_cost(
        np.full(len(lines), source), every_line + first_line, demand, prices
    )
    network.set_nodes_supplies(every_line + first_line, -demand)
    network.set_node_supply(source, int(demand.sum()))
    if network.solve() != network.OPTIMAL:
        raise RuntimeError("a flow that may leave everything unmet always has a solution")
    quantities = network.flows(between) if len(arcs.line) else np.zeros(0, np.int64)
    return _allocation(problem, arcs, np.asarray(quantities), Method.FLOW)


def _greedy(problem: Problem, arcs: _Arcs) -> Allocation:
    """Serve the most severe need first from what is nearest: what a desk does by hand."""
    left = [one.available for one in problem.supplies]
    supply_of = arcs.supply.tolist()
    quantities = [0] * len(supply_of)
    cheapest_first = _by_line(problem, arcs)
    ranked = sorted(
        range(len(problem.lines)), key=lambda index: (-problem.lines[index].severity, index)
    )
    for index in ranked:
        line = problem.lines[index]
        wanted = 0 if line.is_reserve else line.quantity
        for arc in cheapest_first[index]:
            if wanted == 0:
                break
            taken = min(wanted, left[supply_of[arc]])
            quantities[arc] = taken
            left[supply_of[arc]] -= taken
            wanted -= taken
    return _allocation(problem, arcs, np.array(quantities, dtype=np.int64), Method.GREEDY)


def _by_line(problem: Problem, arcs: _Arcs) -> list[list[int]]:
    """Return the arcs into each line, cheapest first."""
    ranked = np.lexsort((arcs.cost, arcs.line))
    bounds = np.searchsorted(arcs.line[ranked], np.arange(len(problem.lines) + 1))
    return [ranked[bounds[one] : bounds[one + 1]].tolist() for one in range(len(problem.lines))]


def _allocation(problem: Problem, arcs: _Arcs, quantities: Ints, method: Method) -> Allocation:
    """Return the flow in words of the domain; what reserves got is left out."""
    lines = problem.lines
    unmet = {one.id: one.quantity for one in lines if not one.is_reserve}
    assignments, cost, driven = [], 0, 0.0
    for arc in np.flatnonzero(quantities):
        line, supply = lines[arcs.line[arc]], problem.supplies[arcs.supply[arc]]
        if line.is_reserve:
            continue
        quantity, minutes = int(quantities[arc]), float(arcs.minutes[arc])
        known = None if np.isnan(minutes) else minutes
        assignments.append(Assignment(line.id, supply.resource_id, quantity, known))
        unmet[line.id] -= quantity
        cost += quantity * int(arcs.cost[arc])
        driven += quantity * (known or 0.0)
    cost += sum(unmet[one.id] * _price(one, problem.rule) for one in lines if not one.is_reserve)
    return Allocation(
        method=method,
        assignments=tuple(sorted(assignments, key=lambda one: (one.resource_id, one.line_id))),
        unmet={key: quantity for key, quantity in unmet.items() if quantity > 0},
        cost_minutes=cost / CENTI,
        travel_minutes=driven,
    )

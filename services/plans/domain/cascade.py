"""Plans that set off plans: responses in force as facts, who reads them, and circles among them.

A response counts for every plan of its division or of one below it that reads its emergency type,
but never for the plan that it is the response of: nothing holds itself in force.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from chassis.errors import Conflict
from services.plans.domain.activation import Activation
from services.plans.domain.compiled import CompiledPlan
from services.plans.domain.condition import RESPONSE
from services.plans.domain.facts import Note
from services.plans.domain.plan import Plan
from vocabulary import Figure, is_within, matches

MOST_ROUNDS = 8  # plans deep; an earthquake's chain, with landslides, roads and supply, has four


class PlansInCircle(Conflict):
    """Plans would hold one another in force for ever, each for the other's sake."""

    slug = "plans-in-circle"


def responses(
    one: CompiledPlan, in_force: Sequence[Activation], now: datetime
) -> tuple[Mapping[str, Figure], Mapping[str, Note]]:
    """The responses that the plan reads, as figures with their sources; 0 is none in force."""
    figures: dict[str, Figure] = {}
    notes: dict[str, Note] = {}
    for kind in one.responses:
        name = f"{RESPONSE}{kind}"
        found = _highest(kind, one.plan, in_force)
        if found is None:
            figures[name] = Figure(name, 0.0, "1", "plans", now, now)
            continue
        figures[name] = Figure(name, _severity(found), "1", found.id, _since(found), now)
        notes[name] = Note(
            f"{found.plan_title_zh}正在实施 {found.level}（{found.id}）",
            f"{found.plan_title_en} is in force at {found.level} ({found.id})",
        )
    return figures, notes


def changed(before: Iterable[Activation], after: Iterable[Activation]) -> list[Activation]:
    """The activations whose level in force is another than before; what is over, as it was."""
    old, new = ({one.id: one for one in group} for group in (before, after))
    return [
        one
        for id, one in sorted((old | new).items())
        if _level(old.get(id)) is not _level(new.get(id))
    ]


def sets_off(plan: Plan, other: CompiledPlan) -> bool:
    """Whether a response under the plan is a fact for the other one."""
    return plan.plan_id != other.plan.plan_id and is_read(
        other, emergency_type=plan.emergency_type, jurisdiction=plan.jurisdiction
    )


def is_read(other: CompiledPlan, *, emergency_type: str, jurisdiction: str) -> bool:
    """Whether the plan reads responses to that type of emergency in that division."""
    return any(matches(emergency_type, kind) for kind in other.responses) and is_within(
        other.plan.jurisdiction, jurisdiction
    )


def check_circles(one: CompiledPlan, others: Sequence[CompiledPlan]) -> None:
    """Pass when no response under the plan comes back to it as a fact. Raises `PlansInCircle`."""
    beside = [other for other in others if other.plan.plan_id != one.plan.plan_id]
    circle = _way_back(one, beside)
    if circle is None:
        return
    names = " → ".join([*circle, circle[0]])
    raise PlansInCircle(
        f"{names}: each is a reason of the next, so that none of them would ever end.",
        remedy="Let one of them decide by what is measured, not by the other's response.",
        plans=list(circle),
    )


def _way_back(one: CompiledPlan, others: Sequence[CompiledPlan]) -> tuple[str, ...] | None:
    """The shortest way over other plans from the plan to itself."""
    ways: dict[str, tuple[CompiledPlan, ...]] = {one.plan.plan_id: (one,)}
    ahead = [one]
    for last in ahead:  # grows while it is gone through
        way = ways[last.plan.plan_id]
        if len(way) > 1 and sets_off(last.plan, one):
            return tuple(step.plan.plan_id for step in way)
        for other in others:
            if other.plan.plan_id not in ways and sets_off(last.plan, other):
                ways[other.plan.plan_id] = (*way, other)
                ahead.append(other)
    return None


def _highest(kind: str, plan: Plan, in_force: Sequence[Activation]) -> Activation | None:
    """The most severe response here or above here; of several the one that has stood longest."""
    found = [
        one
        for one in in_force
        if one.level is not None
        and one.plan_id != plan.plan_id
        and matches(one.emergency_type, kind)
        and is_within(plan.jurisdiction, one.jurisdiction)
    ]
    return min(found, key=weight, default=None)


def weight(one: Activation) -> tuple[float, datetime, str]:
    """The order in which responses count: the most severe first, then what has stood longest."""
    return -_severity(one), _since(one), one.id


def _severity(one: Activation) -> float:
    return float(one.level.severity) if one.level is not None else 0.0


def _since(one: Activation) -> datetime:
    return one.history[-1].at if one.history else one.created_at


def _level(one: Activation | None) -> object:
    return one.level if one is not None else None

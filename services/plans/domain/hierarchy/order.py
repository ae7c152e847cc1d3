"""Which plan stands above which: as the plan says, and as the hierarchy has it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.plans.domain.hierarchy.rule import Above, Where, hierarchy_rule
from services.plans.domain.plan import Plan, in_force
from vocabulary import area, matches


@dataclass(frozen=True, slots=True)
class Superior:
    """A plan that another has to conform to; `plan` None: no version of it rules here.

    `declared`: the subordinate names it. `due`: the hierarchy has it above the subordinate.
    """

    plan_id: str
    plan: Plan | None
    declared: bool
    due: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A plan in the tree of plans, with the ids of the plans next above and below it.

    `depth` counts from the plans that nothing in the tree stands above.
    """

    plan: Plan
    superiors: tuple[str, ...]
    subordinates: tuple[str, ...]
    depth: int


class Ruling:
    """The versions that rule, found by division."""

    def __init__(self, plans: Iterable[Plan]) -> None:
        self.by_id: dict[str, Plan] = {one.plan_id: one for one in plans}
        self._by_division: dict[str, list[Plan]] = {}
        for one in self.by_id.values():
            self._by_division.setdefault(area.prefix(one.jurisdiction), []).append(one)

    def of(self, code: str) -> Sequence[Plan]:
        """The plans for exactly that division."""
        return self._by_division.get(area.prefix(code), ())


def superiors(plan: Plan, ruling: Ruling, *, at: datetime) -> list[Superior]:
    """The plans above `plan`, by id: those that it names, and those that the hierarchy names."""
    due = {one.plan_id: one for one in _due(plan, ruling, at=at) if one.plan_id != plan.plan_id}
    ids = sorted({*plan.superiors, *due} - {plan.plan_id})
    return [
        Superior(id, ruling.by_id.get(id), declared=id in plan.superiors, due=id in due)
        for id in ids
    ]


def subordinates(superior: Plan, versions: Iterable[Plan], *, at: datetime) -> list[Plan]:
    """Those of the versions, all that were published in the superior's division, that stand below."""
    published = list(versions)
    ruling = Ruling(in_force(published, at))
    return [
        one
        for one in published
        if any(above.plan_id == superior.plan_id for above in superiors(one, ruling, at=at))
    ]


def tree(ruling: Ruling, *, at: datetime) -> list[Place]:
    """Every plan that rules, from those that nothing stands above downwards, by id within a depth."""
    above: dict[str, tuple[str, ...]] = {
        one.plan_id: tuple(
            found.plan_id for found in superiors(one, ruling, at=at) if found.plan is not None
        )
        for one in ruling.by_id.values()
    }
    below: dict[str, list[str]] = {}
    for id in sorted(above):
        for superior in above[id]:
            below.setdefault(superior, []).append(id)
    depths = _depths(above)
    return [
        Place(ruling.by_id[id], above[id], tuple(below.get(id, ())), depths[id])
        for id in sorted(above, key=lambda one: (depths[one], one))
    ]


def _due(plan: Plan, ruling: Ruling, *, at: datetime) -> Iterator[Plan]:
    rule = hierarchy_rule(at).kinds[plan.kind]
    for asked in rule.conforms_to:
        yield from _nearest(plan, asked, ruling=ruling)


def _nearest(plan: Plan, asked: Above, *, ruling: Ruling) -> list[Plan]:
    here, *above = area.chain(plan.jurisdiction)
    divisions = {
        Where.HERE: [here],
        Where.ABOVE: above,
        Where.NEAREST: [here, *above],
    }[asked.at]
    for code in divisions:
        found = [
            one
            for one in ruling.of(code)
            if one.kind is asked.kind and one.plan_id != plan.plan_id and share_a_type(plan, one)
        ]
        if found:
            return found
    return []


def share_a_type(one: Plan, other: Plan) -> bool:
    """Whether some emergency is of a type of both plans."""
    return any(
        matches(mine, theirs) or matches(theirs, mine)
        for mine in one.emergency_types
        for theirs in other.emergency_types
    )


def _depths(above: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """How far each is below the top; where plans stand above one another, the circle is cut."""
    depths: dict[str, int] = {}
    waiting = dict(above)
    while waiting:
        ready = [id for id, higher in waiting.items() if all(one in depths for one in higher)]
        for id in ready or [min(waiting)]:
            known = [depths[one] for one in waiting.pop(id) if one in depths]
            depths[id] = max(known, default=-1) + 1
    return depths

"""Published versions by what bears on them: indicators, emergency types, divisions, responses."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from services.plans.domain import cascade
from services.plans.domain.activation import Activation
from services.plans.domain.board import Board
from services.plans.domain.compiled import CompiledPlan
from services.plans.domain.evaluation import Cause, CauseKind
from services.plans.domain.facts import Facts
from services.plans.domain.plan import in_force, turns
from vocabulary import is_within, matches


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Every published version, and the ways in which a change of facts finds those it bears on."""

    plans: tuple[CompiledPlan, ...]
    _by_id: Mapping[str, Sequence[CompiledPlan]]
    _by_reading: Mapping[tuple[str, str], Sequence[CompiledPlan]]
    _by_place: Mapping[str, Sequence[CompiledPlan]]
    _readers: Sequence[CompiledPlan]
    _turns: Sequence[datetime]
    _board: Board
    _in_force: dict[int, Mapping[str, CompiledPlan]] = field(default_factory=dict, repr=False)

    def versions(self, plan_id: str) -> Sequence[CompiledPlan]:
        """The published versions of the plan."""
        return self._by_id.get(plan_id, ())

    def reading(self, indicator: str, jurisdiction: str) -> Sequence[CompiledPlan]:
        """Those that decide by the indicator of the division."""
        return self._by_reading.get((jurisdiction, indicator), ())

    def concerned(
        self, emergency_type: str | None, areas: Collection[str]
    ) -> Sequence[CompiledPlan]:
        """Those that something of the type in the areas bears on; type None is any type."""
        return [
            one
            for place, plans in self._by_place.items()
            if any(is_within(area, place) or is_within(place, area) for area in areas)
            for one in plans
            if emergency_type is None
            or any(matches(emergency_type, prefix) for prefix in one.plan.emergency_types)
        ]

    def readers(self, emergency_type: str, jurisdiction: str) -> Sequence[CompiledPlan]:
        """Those for which a response to the type in the division is a fact."""
        return [
            one
            for one in self._readers
            if cascade.is_read(one, emergency_type=emergency_type, jurisdiction=jurisdiction)
        ]

    def set_off(self, changed: Iterable[Activation]) -> dict[str, Cause]:
        """The plans for which these are facts, each with the one that weighs most as its cause."""
        due: dict[str, Cause] = {}
        for one in sorted(changed, key=cascade.weight):
            for other in self.readers(one.emergency_type, one.jurisdiction):
                if other.plan.plan_id != one.plan_id:
                    due.setdefault(other.plan.plan_id, Cause(CauseKind.ACTIVATION, one.id))
        return due

    def reached(self, plan_ids: Iterable[str]) -> frozenset[str]:
        """These plans and all that they may set off, directly or by way of others."""
        found: set[str] = set()
        ahead = list(plan_ids)
        while ahead:
            plan_id = ahead.pop()
            if plan_id not in found:
                found.add(plan_id)
                ahead += self._next(plan_id)
        return frozenset(found)

    def ruling(
        self, plan_ids: Iterable[str], *, bound: Mapping[str, str], at: datetime
    ) -> dict[str, CompiledPlan]:
        """The version that rules each plan: the one it is bound to by an open activation, else in force."""
        effective = self._effective(at)
        found = {plan_id: effective.get(plan_id) for plan_id in sorted(plan_ids)}
        for plan_id, version in bound.items():
            if plan_id in found:
                found[plan_id] = self._version(plan_id, version) or found[plan_id]
        return {plan_id: one for plan_id, one in found.items() if one is not None}

    def may_rule(self, at: datetime) -> Sequence[CompiledPlan]:
        """Of every plan the version in force, and those to come."""
        now = self._effective(at).values()
        standing = (one for one in self.plans if one.plan.is_standing)
        return [*now, *(one for one in standing if one.plan.effective_from > at)]

    def gists(
        self, asked: Sequence[CompiledPlan], facts: Callable[[CompiledPlan], Facts]
    ) -> list[str]:
        """What each of these says of its facts, in short."""
        return self._board.gists(asked, facts)

    def beside(self, one: CompiledPlan) -> "Index":
        """These versions and one more, in place of what it was before."""
        return index((*(other for other in self.plans if other.plan.id != one.plan.id), one))

    def _next(self, plan_id: str) -> Iterable[str]:
        return [
            other.plan.plan_id
            for one in (self.versions(plan_id) if self._readers else ())
            for other in self.readers(one.plan.emergency_type, one.plan.jurisdiction)
        ]

    def _version(self, plan_id: str, wanted: str) -> CompiledPlan | None:
        found = (one for one in self.versions(plan_id) if one.plan.plan_version == wanted)
        return next(found, None)

    def _effective(self, at: datetime) -> Mapping[str, CompiledPlan]:
        """What is in force, which changes only when a version's period begins or ends."""
        turn = bisect_right(self._turns, at)
        if turn not in self._in_force:
            ready = {one.plan.id: one for one in self.plans}
            ruling = in_force([one.plan for one in self.plans], at)
            self._in_force[turn] = {one.plan_id: ready[one.id] for one in ruling}
        return self._in_force[turn]


@lru_cache(maxsize=4)  # one for each state of what is published; the last few may still be asked
def index(plans: tuple[CompiledPlan, ...]) -> Index:
    """The versions indexed; the same versions give the same index."""
    by_id: dict[str, list[CompiledPlan]] = {}
    by_reading: dict[tuple[str, str], list[CompiledPlan]] = {}
    by_place: dict[str, list[CompiledPlan]] = {}
    for one in plans:
        by_id.setdefault(one.plan.plan_id, []).append(one)
        by_place.setdefault(one.plan.jurisdiction, []).append(one)
        for name in one.indicators:
            by_reading.setdefault((one.plan.jurisdiction, name), []).append(one)
    readers = [one for one in plans if one.responses]
    instants = sorted({instant for one in plans for instant in turns(one.plan)})
    return Index(plans, by_id, by_reading, by_place, readers, instants, Board.of(plans))

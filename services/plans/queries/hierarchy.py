"""The hierarchy of plans as readers see it: the rule, what stands above and below, the whole tree."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.runtime import read_at
from services.plans import domain, store
from services.plans.queries.plan import PlanVersionView, plan_view
from services.plans.queries.surroundings import ruling_above
from services.plans.queries.views import View
from vocabulary import OrganizationKind, is_within


class AboveView(View, frozen=True):
    """Plans of one kind that a plan has to conform to, and for which division."""

    kind: domain.PlanKind
    at: domain.Where


class TierView(View, frozen=True):
    """A level of government at which the kind exists, and the phases that its steps have to cover."""

    tier: domain.Tier
    phases: tuple[domain.Phase, ...]


class KindRuleView(View, frozen=True):
    """What one kind of plan may regulate, who issues it, and under which plans."""

    kind: domain.PlanKind
    regulates_zh: str
    regulates_en: str
    tiers: tuple[TierView, ...]
    issued_by: tuple[OrganizationKind, ...]
    classes: domain.Extent
    binds: domain.Extent
    carries: domain.Extent
    conforms_to: tuple[AboveView, ...]


class HierarchyRuleView(View, frozen=True):
    """One version of the hierarchy of plans."""

    version: str
    effective_from: datetime
    source: str
    kinds: tuple[KindRuleView, ...]


class PlanPlaceView(View, frozen=True):
    """A plan's version that rules, and the plans next above and below it, by plan id.

    `superiors` are those that rule here; `depth` counts from plans that nothing stands above.
    """

    plan: PlanVersionView
    depth: int
    superiors: tuple[str, ...]
    subordinates: tuple[str, ...]


def hierarchy_rule(at: datetime) -> HierarchyRuleView:
    """The version in force at `at`."""
    rule = domain.hierarchy_rule(at)
    return HierarchyRuleView(
        version=rule.version,
        effective_from=rule.effective_from,
        source=rule.source,
        kinds=tuple(_kind(one) for one in rule.kinds.values()),
    )


async def plan_tree(db: AsyncConnection, jurisdiction: str, *, at: datetime) -> list[PlanPlaceView]:
    """The plans that rule in the division and within it, with those above them, the top first."""
    inside = await _ruling_within(db, jurisdiction, at=at)
    above = await ruling_above(db, inside, at=at)
    ruling = domain.Ruling([*above, *inside])
    return [
        PlanPlaceView(
            plan=plan_view(place.plan),
            depth=place.depth,
            superiors=place.superiors,
            subordinates=place.subordinates,
        )
        for place in domain.tree(ruling, at=at)
        if is_within(place.plan.jurisdiction, jurisdiction)
        or is_within(jurisdiction, place.plan.jurisdiction)
    ]


async def plan_superiors(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[PlanVersionView]]:
    """For each version the ruling versions of the plans above it: those it names and those due."""
    at = read_at(db)
    plans = await _versions(db, keys)
    ruling = domain.Ruling(await ruling_above(db, plans, at=at))
    found = {one.id: domain.superiors(one, ruling, at=at) for one in plans}
    return {
        id: [plan_view(one.plan) for one in above if one.plan is not None]
        for id, above in found.items()
    }


async def plan_subordinates(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[PlanVersionView]]:
    """For each version the ruling versions of the plans that stand under its plan."""
    at = read_at(db)
    found: dict[str, list[PlanVersionView]] = {}
    for one in await _versions(db, keys):
        inside = await _ruling_within(db, one.jurisdiction, at=at)
        ruling = domain.Ruling([*await ruling_above(db, inside, at=at), *inside])
        found[one.id] = [
            plan_view(each)
            for each in inside
            if any(above.plan_id == one.plan_id for above in domain.superiors(each, ruling, at=at))
        ]
    return found


async def _versions(db: AsyncConnection, ids: Iterable[str]) -> list[domain.Plan]:
    return await documents.find(db, store.plan, domain.Plan, store.plan.c.id.in_(list(ids)))


async def _ruling_within(db: AsyncConnection, code: str, *, at: datetime) -> list[domain.Plan]:
    return domain.in_force(await store.settled_within(db, code), at)


def _kind(rule: domain.KindRule) -> KindRuleView:
    return KindRuleView(
        kind=rule.kind,
        regulates_zh=rule.regulates.zh,
        regulates_en=rule.regulates.en,
        tiers=tuple(TierView(tier=tier, phases=phases) for tier, phases in rule.tiers.items()),
        issued_by=rule.issued_by,
        classes=rule.classes,
        binds=rule.binds,
        carries=rule.carries,
        conforms_to=tuple(AboveView(kind=one.kind, at=one.at) for one in rule.conforms_to),
    )

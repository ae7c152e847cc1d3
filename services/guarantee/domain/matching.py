"""From requirements and inventory to a dispatch problem, and from its answer to reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor

from services.guarantee.domain import resource as inventory
from services.guarantee.domain.allocation import Line, Problem, Supply
from services.guarantee.domain.jurisdiction import Jurisdiction, middle
from services.guarantee.domain.organization import Organization
from services.guarantee.domain.requirement import Requirement, Shortage, place_of
from services.guarantee.domain.resource import Resource
from services.guarantee.domain.rule import DispatchRule, Reserve, TierRule
from vocabulary import Place, distance_m, is_within

# Why something is missing: the first that holds.
NO_SUCH_CAPABILITY = "NO_SUCH_CAPABILITY"
UNITS_DIFFER = "UNITS_DIFFER"
BEYOND_REACH = "BEYOND_REACH"
NONE_READY = "NONE_READY"
ALL_COMMITTED = "ALL_COMMITTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What dispatch looks at: needs, inventory with what is held of it, and who owns what where."""

    requirements: tuple[Requirement, ...]
    resources: tuple[Resource, ...]
    held: Mapping[str, float]
    owners: Mapping[str, Organization]
    jurisdictions: Mapping[str, Jurisdiction]
    incident_places: Mapping[str, Place]
    tiers: TierRule
    rule: DispatchRule
    at: datetime

    def available(self, resource: Resource) -> int:
        """Return how much of it can be sent now, in whole units."""
        if not inventory.is_usable(resource, self.at):
            return 0
        return max(0, floor(resource.quantity - self.held.get(resource.id, 0.0)))

    def reach(self, resource: Resource, jurisdiction: str) -> int:
        """Return how far out the resource is for a jurisdiction: 0 is own forces."""
        owner = self.owners.get(resource.owner)
        kind = None if owner is None else owner.kind
        return self.tiers.rank(inventory.tier_of(resource, kind, jurisdiction=jurisdiction))

    def place(self, requirement: Requirement) -> Place | None:
        """Return where it is needed, as well as that is known."""
        known = self.jurisdictions.get(requirement.jurisdiction)
        return place_of(
            requirement,
            incidents=self.incident_places,
            middle=None if known is None else middle(known),
        )


def problem_of(picture: Picture) -> Problem:
    """Return the dispatch problem: fractions of a need are rounded up, those of a stock down."""
    barred = _barred(picture)
    lines = [
        Line(
            id=one.id,
            capability=one.capability,
            unit=one.unit,
            quantity=ceil(one.outstanding),
            severity=one.severity,
            place=picture.place(one),
            barred=barred[one.jurisdiction, one.tier] | set(one.excluded),
        )
        for one in sorted(picture.requirements, key=_rank)
        if one.outstanding > 0
    ]
    return Problem(
        supplies=tuple(
            Supply(
                resource_id=one.id,
                capabilities=frozenset(one.capabilities),
                unit=one.unit,
                available=picture.available(one),
                place=one.place,
            )
            for one in picture.resources
        ),
        lines=(*lines, *_reserves(picture)),
        rule=picture.rule,
        depart_at=picture.at,
    )


def _rank(requirement: Requirement) -> tuple[int, datetime, str, str, str]:
    """Return an order that two runs of the same events share: ids, which differ, come last."""
    return (
        -requirement.severity,
        requirement.raised_at,
        requirement.jurisdiction,
        requirement.key,
        requirement.id,
    )


def shortage_of(requirement: Requirement, picture: Picture, *, sent: frozenset[str]) -> Shortage:
    """Return why something is missing, what it weighs, and what is nearest but was not `sent`."""
    capable = [one for one in picture.resources if requirement.capability in one.capabilities]
    same_unit = [one for one in capable if one.unit == requirement.unit]
    limit = picture.tiers.rank(requirement.tier)
    near = [one for one in same_unit if picture.reach(one, requirement.jurisdiction) <= limit]
    return Shortage(
        reason=_reason(capable, same_unit, near, at=picture.at),
        price_minutes=requirement.outstanding * picture.rule.unmet_minutes * requirement.severity,
        nearest_alternative=_nearest(
            requirement, [one for one in same_unit if one.id not in sent], picture
        ),
    )


def _reason(
    capable: Sequence[Resource],
    same_unit: Sequence[Resource],
    near: Sequence[Resource],
    *,
    at: datetime,
) -> str:
    ladder = (
        (NO_SUCH_CAPABILITY, capable),
        (UNITS_DIFFER, same_unit),
        (BEYOND_REACH, near),
        (NONE_READY, [one for one in near if inventory.is_usable(one, at)]),
    )
    return next((reason for reason, found in ladder if not found), ALL_COMMITTED)


def _nearest(requirement: Requirement, capable: Sequence[Resource], picture: Picture) -> str | None:
    """Return the nearest of them: held elsewhere, not ready, or of a farther tier."""
    place = picture.place(requirement)
    ranked = sorted(
        (one for one in capable if one.id not in requirement.excluded),
        key=lambda one: (_metres(one.place, place), one.id),
    )
    return next((one.id for one in ranked), None)


def _metres(one: Place | None, other: Place | None) -> float:
    return float("inf") if one is None or other is None else distance_m(one, other)


def _barred(picture: Picture) -> dict[tuple[str, str], frozenset[str]]:
    """Return what lies beyond the reach of each jurisdiction at each tier that is asked for."""
    asked = {(one.jurisdiction, one.tier) for one in picture.requirements}
    return {
        (jurisdiction, tier): frozenset(
            one.id
            for one in picture.resources
            if picture.reach(one, jurisdiction) > picture.tiers.rank(tier)
        )
        for jurisdiction, tier in asked
    }


def _reserves(picture: Picture) -> list[Line]:
    pools = {one.pool for one in picture.requirements}
    districts = [
        one
        for one in picture.jurisdictions.values()
        if one.boundary_geojson is not None
        and any(is_within(one.id, pool) and one.id != pool for pool in pools)
    ]
    return [_reserve(rule, district) for rule in picture.rule.reserves for district in districts]


def _reserve(rule: Reserve, district: Jurisdiction) -> Line:
    return Line(
        id=f"reserve:{district.id}:{rule.capability}",
        capability=rule.capability,
        unit=rule.unit,
        quantity=rule.quantity,
        severity=1,
        place=middle(district),
        reserve_price=rule.price_minutes,
    )

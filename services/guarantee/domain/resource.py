"""Inventory: what there is, where, whose, and whether it can be sent (GUAR-2)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Invalid
from services.guarantee.domain.jurisdiction import Jurisdiction, is_inside
from services.guarantee.domain.organization import Organization
from services.guarantee.domain.rule import TierRule
from vocabulary import OrganizationKind, Place, is_within, parents


class ResourceKind(StrEnum):
    """Kinds of mission.md."""

    TEAM = "TEAM"
    EQUIPMENT = "EQUIPMENT"
    MATERIAL = "MATERIAL"
    VEHICLE = "VEHICLE"
    SHELTER = "SHELTER"
    MEDICAL_CAPACITY = "MEDICAL_CAPACITY"
    EXPERT = "EXPERT"
    FUND = "FUND"


class Readiness(StrEnum):
    """Only READY is sent."""

    READY = "READY"
    MAINTENANCE = "MAINTENANCE"
    OUT_OF_SERVICE = "OUT_OF_SERVICE"


class PlaceOutsideJurisdiction(Invalid):
    """The place does not lie in the division that holds the resource."""

    slug = "place-outside-jurisdiction"


class OwnerUnknown(Invalid):
    """Neither the owner nor the place says which division holds the resource."""

    slug = "owner-unknown"


class TierUnknown(Invalid):
    """The tier is none of the mobilisation tiers."""

    slug = "tier-unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One thing that is in one place at a time (`is_whole`), or a stock that can be divided.

    `place_given` keeps the coordinates as they were typed, `tier` overrides what the owner says.
    """

    id: str
    name_zh: str
    name_en: str
    kind: ResourceKind
    capabilities: tuple[str, ...]
    quantity: float
    unit: str
    is_whole: bool
    owner: str
    jurisdiction: str
    place: Place | None = None
    place_given: str | None = None
    readiness: Readiness = Readiness.READY
    readiness_reason: str | None = None
    qualification_expires_at: datetime | None = None
    tier: str | None = None
    version: int = 0


def checked(resource: Resource, *, home: Jurisdiction | None, tiers: TierRule) -> Resource:
    """Return the resource. Raises PlaceOutsideJurisdiction and TierUnknown."""
    if resource.place is not None and home is not None and not is_inside(resource.place, home):
        raise PlaceOutsideJurisdiction(
            f"{resource.place.longitude}, {resource.place.latitude} is not in {home.name_en}.",
            field=("place",),
            remedy="Check the order (longitude, latitude) and the coordinate system (crs).",
        )
    codes = [tier.code for tier in tiers.tiers]
    if resource.tier is not None and resource.tier not in codes:
        raise TierUnknown(
            f"{resource.tier} is none of {', '.join(codes)}.",
            field=("tier",),
            remedy="Leave it out.",
        )
    return resource


def home_of(
    stated: str | None,
    *,
    owner: Organization | None,
    place: Place | None,
    jurisdictions: Iterable[Jurisdiction],
) -> str:
    """Return the division that holds a resource: as stated, else its owner's, else where it stands.

    Raises OwnerUnknown.
    """
    if stated is not None or owner is not None:
        return stated or (owner.jurisdiction if owner is not None else "")
    around = [
        one.id
        for one in jurisdictions
        if place is not None and one.boundary_geojson is not None and is_inside(place, one)
    ]
    if not around:
        raise OwnerUnknown(
            "The owner is not known here and no division contains the place.",
            field=("owner",),
            remedy="Give the jurisdiction, or register the organization first.",
        )
    return max(around, key=lambda code: (len(parents(code)), code))


def used_up(resource: Resource, quantity: float) -> Resource:
    """Return the stock without what was used of it."""
    return replace(resource, quantity=max(0.0, resource.quantity - quantity))


def is_usable(resource: Resource, at: datetime) -> bool:
    """Whether it can be sent: ready, and its qualification not run out."""
    expires = resource.qualification_expires_at
    return resource.readiness is Readiness.READY and (expires is None or expires > at)


def out_of_service(resource: Resource, reason: str) -> Resource:
    """Return the resource as one that reported itself unable; its keeper makes it ready again."""
    return replace(resource, readiness=Readiness.OUT_OF_SERVICE, readiness_reason=reason)


def tier_of(resource: Resource, owner: OrganizationKind | None, *, jurisdiction: str) -> str:
    """Return the mobilisation tier at which a jurisdiction reaches the resource.

    Society and market by who owns it; else own forces, neighbours (same parent), or the level above.
    """
    if resource.tier is not None:
        return resource.tier
    if owner in {OrganizationKind.ENTERPRISE, OrganizationKind.SOCIAL_ORGANIZATION}:
        return "SOCIAL_FORCES_AND_MARKET"
    if is_within(resource.jurisdiction, jurisdiction):
        return "OWN_FORCES"
    if is_within(jurisdiction, resource.jurisdiction):
        return "HIGHER_GOVERNMENT"
    shared = next(iter(parents(jurisdiction)), None)
    is_neighbour = shared is not None and is_within(resource.jurisdiction, shared)
    return "NEIGHBOURING_JURISDICTIONS" if is_neighbour else "HIGHER_GOVERNMENT"

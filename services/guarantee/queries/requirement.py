"""Reads of requirements and of what is missing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from chassis.paging import Page, PageRequest
from services.guarantee.domain.requirement import Requirement, RequirementStatus
from services.guarantee.queries.views import PlaceView, document, place_view
from services.guarantee.store.tables import REQUIREMENT

_SHORT = (
    RequirementStatus.UNMET,
    RequirementStatus.PARTLY_MET,
    RequirementStatus.UNKNOWN,
)


class RequirementView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A need; `quantity` null is unknown, `unmetQuantity` then too, `since` when people first had to know."""

    id: str
    version: int
    key: str
    activation_id: str
    incident_id: str | None
    mode: str
    exercise_id: str | None
    jurisdiction: str
    capability: str
    quantity: float | None
    met_quantity: float
    unmet_quantity: float | None
    unit: str
    severity: int
    status: str
    place: PlaceView | None
    raised_at: datetime
    needed_by: datetime | None
    tier: str
    next_tier: str | None
    unmet_price: float | None
    reason: str | None
    nearest_alternative: str | None
    since: datetime | None


def requirement_view(requirement: Requirement) -> RequirementView:
    """Show a requirement."""
    return RequirementView(
        id=requirement.id,
        version=requirement.version,
        key=requirement.key,
        activation_id=requirement.activation_id,
        incident_id=requirement.incident_id,
        mode=requirement.mode,
        exercise_id=requirement.exercise_id,
        jurisdiction=requirement.jurisdiction,
        capability=requirement.capability,
        quantity=requirement.quantity,
        met_quantity=requirement.met_quantity,
        unmet_quantity=None if requirement.quantity is None else requirement.outstanding,
        unit=requirement.unit,
        severity=requirement.severity,
        status=requirement.status,
        place=place_view(requirement.place),
        raised_at=requirement.raised_at,
        needed_by=requirement.needed_by,
        tier=requirement.tier,
        next_tier=requirement.next_tier,
        unmet_price=requirement.unmet_price,
        reason=requirement.reason,
        nearest_alternative=requirement.nearest_alternative,
        since=requirement.short_since,
    )


async def requirement(db: AsyncConnection, id: str) -> RequirementView:
    """Return one requirement. Raises NotFound."""
    return requirement_view(await documents.load(db, REQUIREMENT, id, Requirement))


async def requirements(
    db: AsyncConnection,
    request: PageRequest,
    *,
    mode: str,
    status: str | None,
    activation_id: str | None,
) -> Page[RequirementView]:
    """Return a page of requirements, by id."""
    where: list[ColumnElement[bool]] = [REQUIREMENT.c.mode == mode]
    if status is not None:
        where.append(REQUIREMENT.c.status == status)
    if activation_id is not None:
        where.append(REQUIREMENT.c.activation_id == activation_id)
    return await paging.page(
        db,
        select(cast(REQUIREMENT.c.doc, Text)).where(*where),
        request,
        order_by=[REQUIREMENT.c.raised_at.desc(), REQUIREMENT.c.id.desc()],
        view=_view,
    )


async def requirements_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, RequirementView]:
    """Return the requirements that exist, by id."""
    found = await documents.find(db, REQUIREMENT, Requirement, REQUIREMENT.c.id.in_(keys))
    return {one.id: requirement_view(one) for one in found}


async def requirements_by_activation(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[RequirementView]]:
    """Return all requirements of each activation."""
    found = await documents.find(
        db, REQUIREMENT, Requirement, REQUIREMENT.c.activation_id.in_(keys)
    )
    return {
        key: [requirement_view(one) for one in found if one.activation_id == key] for key in keys
    }


async def unmet_by_activation(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[RequirementView]]:
    """Return what is missing, or of unknown quantity, for each activation."""
    found = await documents.find(
        db,
        REQUIREMENT,
        Requirement,
        REQUIREMENT.c.activation_id.in_(keys),
        REQUIREMENT.c.status.in_(_SHORT),
    )
    return {
        key: [requirement_view(one) for one in found if one.activation_id == key] for key in keys
    }


async def unmet_by_incident(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[RequirementView]]:
    """Return what is missing, or of unknown quantity, for each incident."""
    found = await documents.find(
        db,
        REQUIREMENT,
        Requirement,
        REQUIREMENT.c.incident_id.in_(keys),
        REQUIREMENT.c.status.in_(_SHORT),
    )
    return {key: [requirement_view(one) for one in found if one.incident_id == key] for key in keys}


def _view(row: Row[Any]) -> RequirementView:
    return requirement_view(document(row[0], Requirement))

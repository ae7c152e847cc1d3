"""Reads of the inventory, with what is free of each resource."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from chassis.paging import Page, PageRequest
from services.guarantee import store
from services.guarantee.domain.ledger import REAL, Ledger
from services.guarantee.domain.resource import Resource
from services.guarantee.queries.views import PlaceView, document, ledger_of, place_view, prefix_of
from services.guarantee.store.tables import BOOKING, RESOURCE


class ResourceView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One thing or stock; `available` is what is not held at the moment, ready or not."""

    id: str
    version: int
    name_zh: str
    name_en: str
    kind: str
    capabilities: tuple[str, ...]
    quantity: float
    available: float
    unit: str
    is_whole: bool
    owner: str
    jurisdiction: str
    place: PlaceView | None
    place_given: str | None
    readiness: str
    readiness_reason: str | None
    qualification_expires_at: datetime | None
    tier: str | None


def resource_view(resource: Resource, held: float) -> ResourceView:
    """Show a resource of which `held` is out."""
    return ResourceView(
        id=resource.id,
        version=resource.version,
        name_zh=resource.name_zh,
        name_en=resource.name_en,
        kind=resource.kind,
        capabilities=resource.capabilities,
        quantity=resource.quantity,
        available=max(0.0, resource.quantity - held),
        unit=resource.unit,
        is_whole=resource.is_whole,
        owner=resource.owner,
        jurisdiction=resource.jurisdiction,
        place=place_view(resource.place),
        place_given=resource.place_given,
        readiness=resource.readiness,
        readiness_reason=resource.readiness_reason,
        qualification_expires_at=resource.qualification_expires_at,
        tier=resource.tier,
    )


async def resource(db: AsyncConnection, id: str, *, ledger: Ledger = REAL) -> ResourceView:
    """Return one resource. Raises NotFound."""
    found = await documents.load(db, RESOURCE, id, Resource)
    held = await store.held(db, [id], ledger)
    return resource_view(found, held.get(id, 0.0))


async def resources(
    db: AsyncConnection,
    request: PageRequest,
    *,
    ledger: Ledger,
    capability: str | None,
    owner: str | None,
    jurisdiction: str | None,
) -> Page[ResourceView]:
    """Return a page of the inventory by id; `jurisdiction` includes what lies in it."""
    where: list[ColumnElement[bool]] = []
    if capability is not None:
        where.append(RESOURCE.c.capabilities.contains([capability]))
    if owner is not None:
        where.append(RESOURCE.c.owner == owner)
    if jurisdiction is not None:
        where.append(RESOURCE.c.jurisdiction.startswith(prefix_of(jurisdiction)))
    held = (
        select(func.coalesce(func.sum(BOOKING.c.quantity), 0.0))
        .where(
            BOOKING.c.resource_id == RESOURCE.c.id,
            *store.in_ledger(ledger),
            func.upper_inf(BOOKING.c.during),
        )
        .scalar_subquery()
    )
    return await paging.page(
        db,
        select(cast(RESOURCE.c.doc, Text), held).where(*where),
        request,
        order_by=[RESOURCE.c.id],
        view=_view,
    )


async def resources_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, ResourceView]:
    """Return the resources that exist, by id."""
    found = await documents.find(db, RESOURCE, Resource, RESOURCE.c.id.in_(keys))
    held = await store.held(db, keys, ledger_of(args))
    return {one.id: resource_view(one, held.get(one.id, 0.0)) for one in found}


def _view(row: Sequence[Any]) -> ResourceView:
    text, held, *_ = row
    return resource_view(document(text, Resource), held)

"""Reads of jurisdictions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from services.org.domain import Jurisdiction
from services.org.queries import views
from services.org.store import tables


class JurisdictionView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A division; `boundary` is GeoJSON, WGS 84."""

    id: str
    code: str
    version: int
    name_zh: str
    name_en: str
    parent: str | None
    population: int | None
    area_km2: float | None
    boundary: dict[str, Any] | None
    state: str


async def jurisdiction(db: AsyncConnection, code: str) -> JurisdictionView:
    """Return the division. Raises NotFound."""
    return jurisdiction_view(await documents.load(db, tables.jurisdiction, code, Jurisdiction))


async def jurisdictions(
    db: AsyncConnection, request: paging.PageRequest, *, within: str | None
) -> paging.Page[JurisdictionView]:
    """Return the divisions, by code; with `within` that one and those in it."""
    table = tables.jurisdiction
    where = [views.within(table.c.id, within)] if within else []
    return await paging.page(
        db,
        views.whole(table, *where),
        request,
        order_by=[table.c.id],
        view=views.decode(Jurisdiction, jurisdiction_view),
    )


async def jurisdictions_by_code(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, JurisdictionView]:
    """Return the divisions of these codes."""
    table = tables.jurisdiction
    shape = views.decode(Jurisdiction, jurisdiction_view)
    return await views.by_key(db, views.whole(table), table.c.id, keys, shape=shape)


async def jurisdictions_by_parent(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[JurisdictionView]]:
    """Return the divisions directly under each code."""
    table = tables.jurisdiction
    return await views.lists_by_key(
        db,
        views.whole(table),
        table.c.parent,
        keys,
        shape=views.decode(Jurisdiction, jurisdiction_view),
        order_by=[table.c.id],
    )


def jurisdiction_view(one: Jurisdiction) -> JurisdictionView:
    """The division as readers see it."""
    return JurisdictionView(
        id=one.id,
        code=one.id,
        version=one.version,
        name_zh=one.name_zh,
        name_en=one.name_en,
        parent=one.parent,
        population=one.population,
        area_km2=one.area_km2,
        boundary=json.loads(one.boundary_geojson) if one.boundary_geojson else None,
        state=one.state.value,
    )

"""Reads of organizations."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from services.org.domain import Organization, lineage
from services.org.domain import accountable as holder
from services.org.queries import views
from services.org.store import tables
from vocabulary.area import is_code


class OrganizationView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A unit with its place in the tree and what it is for."""

    id: str
    version: int
    name_zh: str
    name_en: str
    kind: str
    jurisdiction: str
    parent: str | None
    functions: tuple[str, ...]
    emergency_types: tuple[str, ...]


async def organization(db: AsyncConnection, organization_id: str) -> OrganizationView:
    """Return the organization. Raises NotFound."""
    table = tables.organization
    return organization_view(await documents.load(db, table, organization_id, Organization))


async def organizations(
    db: AsyncConnection, request: paging.PageRequest, *, within: str | None
) -> paging.Page[OrganizationView]:
    """Return the organizations, by id; with `within` those of that division and in it."""
    table = tables.organization
    where = [views.within(table.c.jurisdiction, within)] if within else []
    return await paging.page(
        db,
        views.whole(table, *where),
        request,
        order_by=[table.c.id],
        view=views.decode(Organization, organization_view),
    )


async def organizations_by_id(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, OrganizationView]:
    """Return the organizations of these ids."""
    table = tables.organization
    shape = views.decode(Organization, organization_view)
    return await views.by_key(db, views.whole(table), table.c.id, keys, shape=shape)


async def accountable(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, OrganizationView]:
    """Under each `<division>/<function>` who holds the function there or nearest above (ORG-6)."""
    asked = {key: key.partition("/") for key in keys if is_code(key.partition("/")[0])}
    codes = {code for division, _, _ in asked.values() for code in lineage(division)}
    table = tables.organization
    known = await documents.find(db, table, Organization, table.c.jurisdiction.in_(codes))
    found = {
        key: holder(known, function, division).organization
        for key, (division, _, function) in asked.items()
    }
    return {key: organization_view(one) for key, one in found.items() if one is not None}


def organization_view(one: Organization) -> OrganizationView:
    """The organization as readers see it."""
    return OrganizationView(
        id=one.id,
        version=one.version,
        name_zh=one.name_zh,
        name_en=one.name_en,
        kind=one.kind.value,
        jurisdiction=one.jurisdiction,
        parent=one.parent,
        functions=one.functions,
        emergency_types=one.emergency_types,
    )

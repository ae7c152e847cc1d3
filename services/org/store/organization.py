"""Organizations as rows."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Organization, lineage
from services.org.store import tables


async def get_organization(db: AsyncConnection, organization_id: str) -> Organization:
    """Return the organization. Raises NotFound `organization-not-found`."""
    return await documents.load(db, tables.organization, organization_id, Organization)


async def find_organization(
    db: AsyncConnection, organization_id: str, *, lock: bool = False
) -> Organization | None:
    """Return the organization, or None."""
    table = tables.organization
    found = await documents.find(db, table, Organization, table.c.id == organization_id, lock=lock)
    return found[0] if found else None


async def organizations_over(db: AsyncConnection, jurisdiction: str) -> list[Organization]:
    """Return the organizations of the division and of every division above it."""
    table = tables.organization
    return await documents.find(
        db, table, Organization, table.c.jurisdiction.in_(lineage(jurisdiction))
    )


async def organizations_in(db: AsyncConnection, codes: Iterable[str]) -> list[Organization]:
    """Return the organizations of exactly these divisions."""
    table = tables.organization
    return await documents.find(db, table, Organization, table.c.jurisdiction.in_(list(codes)))


async def put_organization(db: AsyncConnection, organization: Organization) -> Organization:
    """Store the organization."""
    return await documents.save(db, tables.organization, organization)

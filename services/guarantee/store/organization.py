"""Copies of org's organizations as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.organization import Organization
from services.guarantee.store.tables import ORGANIZATION


async def organizations_of(db: AsyncConnection, jurisdiction: str) -> list[Organization]:
    """Return the known organizations of a jurisdiction."""
    ours = ORGANIZATION.c.jurisdiction == jurisdiction
    return await documents.find(db, ORGANIZATION, Organization, ours)


async def all_organizations(db: AsyncConnection) -> dict[str, Organization]:
    """Return every known organization by id."""
    return {one.id: one for one in await documents.find(db, ORGANIZATION, Organization)}


async def find_organization(db: AsyncConnection, id: str) -> Organization | None:
    """Return the organization, its row locked, or None."""
    found = await documents.find(db, ORGANIZATION, Organization, ORGANIZATION.c.id == id, lock=True)
    return found[0] if found else None


async def put_organization(db: AsyncConnection, organization: Organization) -> Organization:
    """Store the copy."""
    return await documents.save(db, ORGANIZATION, organization)

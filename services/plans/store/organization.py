"""The organizations that org publishes: our copy."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import Organization
from services.plans.store.tables import metadata

organization = documents.table("organization", metadata)


async def find_organization(db: AsyncConnection, id: str) -> Organization | None:
    """The copy, or None when it has not come yet."""
    found = await documents.find(db, organization, Organization, organization.c.id == id)
    return found[0] if found else None


async def all_organizations(db: AsyncConnection) -> list[Organization]:
    """Every copy."""
    return await documents.find(db, organization, Organization)


async def put_organization(db: AsyncConnection, one: Organization) -> Organization:
    """Store the copy and return it as stored."""
    return await documents.save(db, organization, one)

"""The divisions that org publishes: our copy."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import Jurisdiction
from services.plans.store.tables import metadata

jurisdiction = documents.table("jurisdiction", metadata)


async def find_jurisdiction(db: AsyncConnection, id: str) -> Jurisdiction | None:
    """The copy, or None when it has not come yet."""
    found = await documents.find(db, jurisdiction, Jurisdiction, jurisdiction.c.id == id)
    return found[0] if found else None


async def all_jurisdictions(db: AsyncConnection) -> list[Jurisdiction]:
    """Every copy."""
    return await documents.find(db, jurisdiction, Jurisdiction)


async def put_jurisdiction(db: AsyncConnection, one: Jurisdiction) -> Jurisdiction:
    """Store the copy and return it as stored."""
    return await documents.save(db, jurisdiction, one)

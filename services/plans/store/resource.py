"""What guarantee holds: our copy."""

from sqlalchemy import Column, Index, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import Resource
from services.plans.store.tables import metadata
from vocabulary import area

resource = documents.table(
    "resource",
    metadata,
    Column("jurisdiction", Text, nullable=False),
    Index("resource_of_jurisdiction", "jurisdiction"),
)


async def find_resource(db: AsyncConnection, id: str) -> Resource | None:
    """The copy, or None when it has not come yet."""
    found = await documents.find(db, resource, Resource, resource.c.id == id)
    return found[0] if found else None


async def resources_within(db: AsyncConnection, code: str) -> list[Resource]:
    """Every copy of what the division and those within it hold."""
    within = resource.c.jurisdiction.startswith(area.prefix(code), autoescape=True)
    return await documents.find(db, resource, Resource, within)


async def some_resources(db: AsyncConnection) -> list[Resource]:
    """One copy, whatever it is: then the inventory has come here."""
    return await documents.find(db, resource, Resource, limit=1)


async def put_resource(db: AsyncConnection, one: Resource) -> Resource:
    """Store the copy and return it as stored."""
    return await documents.save(db, resource, one)

"""The inventory as rows."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.resource import Resource
from services.guarantee.store.tables import RESOURCE


async def find_resource(db: AsyncConnection, id: str) -> Resource | None:
    """Return the resource, its row locked, or None."""
    found = await documents.find(db, RESOURCE, Resource, RESOURCE.c.id == id, lock=True)
    return found[0] if found else None


async def resources_able(db: AsyncConnection, capabilities: Sequence[str]) -> list[Resource]:
    """Return the resources that have one of the capabilities, unlocked."""
    able = RESOURCE.c.capabilities.overlap(list(capabilities))
    return await documents.find(db, RESOURCE, Resource, able)


async def resources_after(db: AsyncConnection, after: str, *, limit: int) -> list[Resource]:
    """Return the next resources by id, locked: what is told of them is what they are."""
    return await documents.find(
        db, RESOURCE, Resource, RESOURCE.c.id > after, limit=limit, lock=True
    )


async def lock_resources(db: AsyncConnection, ids: Sequence[str]) -> dict[str, Resource]:
    """Return the resources as they are now, locked in the order of their ids."""
    found = await documents.find(db, RESOURCE, Resource, RESOURCE.c.id.in_(ids), lock=True)
    return {one.id: one for one in found}


async def put_resource(db: AsyncConnection, resource: Resource) -> Resource:
    """Store the resource."""
    return await documents.save(db, RESOURCE, resource, capabilities=list(resource.capabilities))

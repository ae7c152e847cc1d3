"""The legal provisions that guarantee publishes: our copy."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import Provision
from services.plans.store.tables import metadata

provision = documents.table("provision", metadata)


async def find_provision(db: AsyncConnection, id: str) -> Provision | None:
    """The copy, or None when it has not come yet."""
    found = await documents.find(db, provision, Provision, provision.c.id == id)
    return found[0] if found else None


async def all_provisions(db: AsyncConnection) -> list[Provision]:
    """Every copy."""
    return await documents.find(db, provision, Provision)


async def put_provision(db: AsyncConnection, one: Provision) -> Provision:
    """Store the copy and return it as stored."""
    return await documents.save(db, provision, one)

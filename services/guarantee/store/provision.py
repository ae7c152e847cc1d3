"""Legal provisions as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.provision import Provision
from services.guarantee.store.tables import PROVISION


async def find_provision(db: AsyncConnection, id: str) -> Provision | None:
    """Return the provision, its row locked, or None."""
    found = await documents.find(db, PROVISION, Provision, PROVISION.c.id == id, lock=True)
    return found[0] if found else None


async def put_provision(db: AsyncConnection, provision: Provision) -> Provision:
    """Store the provision."""
    return await documents.save(db, PROVISION, provision)

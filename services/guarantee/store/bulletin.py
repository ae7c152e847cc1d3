"""Bulletins as rows; what was told stands open to everybody."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import EVERYBODY
from services.guarantee.domain.bulletin import Bulletin
from services.guarantee.store.tables import BULLETIN


async def get_bulletin(db: AsyncConnection, id: str) -> Bulletin:
    """Return the bulletin, its row locked. Raises NotFound."""
    return await documents.load(db, BULLETIN, id, Bulletin, lock=True)


async def put_bulletin(db: AsyncConnection, bulletin: Bulletin) -> Bulletin:
    """Store the bulletin."""
    open_to = EVERYBODY if bulletin.is_public else None
    return await documents.save(db, BULLETIN, bulletin, open_to=open_to)

"""Bulletins as rows: told, open to everybody; not told, sealed with their incident."""

from sqlalchemy import literal
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import EVERYBODY
from services.guarantee.domain.bulletin import Bulletin
from services.guarantee.store.incident import sealed_with
from services.guarantee.store.tables import BULLETIN


async def get_bulletin(db: AsyncConnection, id: str) -> Bulletin:
    """Return the bulletin, its row locked. Raises NotFound."""
    return await documents.load(db, BULLETIN, id, Bulletin, lock=True)


async def put_bulletin(db: AsyncConnection, bulletin: Bulletin) -> Bulletin:
    """Store the bulletin."""
    open_to = EVERYBODY if bulletin.is_public else None
    sealed = literal(value=False) if bulletin.is_public else sealed_with(bulletin.incident_id)
    return await documents.save(db, BULLETIN, bulletin, open_to=open_to, incident_sealed=sealed)

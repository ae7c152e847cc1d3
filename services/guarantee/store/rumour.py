"""Rumours as rows, sealed with their incident."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.rumour import Rumour
from services.guarantee.store.incident import sealed_with
from services.guarantee.store.tables import RUMOUR


async def get_rumour(db: AsyncConnection, id: str) -> Rumour:
    """Return the rumour, its row locked. Raises NotFound."""
    return await documents.load(db, RUMOUR, id, Rumour, lock=True)


async def put_rumour(db: AsyncConnection, rumour: Rumour) -> Rumour:
    """Store the rumour."""
    sealed = sealed_with(rumour.incident_id)
    return await documents.save(db, RUMOUR, rumour, incident_sealed=sealed)

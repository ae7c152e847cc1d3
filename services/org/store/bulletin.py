"""Copies of guarantee's bulletins as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Bulletin
from services.org.store import tables


async def bulletins_of(db: AsyncConnection, incident_id: str) -> list[Bulletin]:
    """Return what the public was told of the incident, the oldest first."""
    table = tables.bulletin
    found = await documents.find(db, table, Bulletin, table.c.incident_id == incident_id)
    return sorted(found, key=lambda one: (one.published_at, one.id))


async def put_bulletin(db: AsyncConnection, bulletin: Bulletin) -> None:
    """Keep the copy; a second time changes nothing."""
    present = await documents.find(
        db, tables.bulletin, Bulletin, tables.bulletin.c.id == bulletin.id, lock=True
    )
    if not present:
        await documents.save(db, tables.bulletin, bulletin)

"""Jurisdictions as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Jurisdiction
from services.org.store import tables


async def find_jurisdiction(
    db: AsyncConnection, code: str, *, lock: bool = False
) -> Jurisdiction | None:
    """Return the division, or None."""
    table = tables.jurisdiction
    found = await documents.find(db, table, Jurisdiction, table.c.id == code, lock=lock)
    return found[0] if found else None


async def put_jurisdiction(db: AsyncConnection, jurisdiction: Jurisdiction) -> Jurisdiction:
    """Store the division."""
    return await documents.save(db, tables.jurisdiction, jurisdiction)

"""Copies of org's jurisdictions as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.jurisdiction import Jurisdiction
from services.guarantee.store.tables import JURISDICTION


async def all_jurisdictions(db: AsyncConnection) -> list[Jurisdiction]:
    """Return every known division, by code."""
    return await documents.find(db, JURISDICTION, Jurisdiction)


async def find_jurisdiction(db: AsyncConnection, code: str) -> Jurisdiction | None:
    """Return the division, its row locked, or None."""
    found = await documents.find(
        db, JURISDICTION, Jurisdiction, JURISDICTION.c.id == code, lock=True
    )
    return found[0] if found else None


async def put_jurisdiction(db: AsyncConnection, jurisdiction: Jurisdiction) -> Jurisdiction:
    """Store the copy."""
    return await documents.save(db, JURISDICTION, jurisdiction)

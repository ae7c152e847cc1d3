"""Copies of org's incidents as rows."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.incident import Incident
from services.guarantee.store.tables import INCIDENT
from vocabulary import Place


async def find_incident(db: AsyncConnection, id: str) -> Incident | None:
    """Return the incident, its row locked, or None."""
    found = await documents.find(db, INCIDENT, Incident, INCIDENT.c.id == id, lock=True)
    return found[0] if found else None


async def places_of(db: AsyncConnection, ids: Sequence[str]) -> dict[str, Place]:
    """Return where those of the incidents are whose place is known."""
    if not ids:
        return {}
    found = await documents.find(db, INCIDENT, Incident, INCIDENT.c.id.in_(ids))
    return {one.id: one.place for one in found if one.place is not None}


async def put_incident(db: AsyncConnection, incident: Incident) -> Incident:
    """Store the copy."""
    return await documents.save(db, INCIDENT, incident)

"""Copies of org's incidents as rows."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, any_, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.incident import Incident
from services.guarantee.store.tables import (
    ACTIVATION,
    ALLOCATION,
    BULLETIN,
    DISPATCH,
    INCIDENT,
    REQUIREMENT,
    RUMOUR,
)
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


async def is_sealed(db: AsyncConnection, incident_id: str | None) -> bool:
    """Whether the incident is sealed; what belongs to none, or to one unknown, is not."""
    return bool(await db.scalar(select(sealed_with(incident_id))))


def sealed_with(incident_id: str | None) -> ColumnElement[bool]:
    """What the column `incident_sealed` of a row of the incident holds."""
    if incident_id is None:
        return literal(value=False)
    sealed = select(INCIDENT.c.sealed).where(INCIDENT.c.id == incident_id).scalar_subquery()
    return func.coalesce(sealed, False)


async def seal_with(db: AsyncConnection, incident: Incident) -> None:
    """Seal what the incident requires, is sent and led to with it, or open it with it.

    What the public was told stays told. A solving for several incidents stays sealed while one is.
    """
    for table in (REQUIREMENT, DISPATCH, ACTIVATION, RUMOUR):
        belongs = table.c.incident_id == incident.id
        await db.execute(table.update().where(belongs).values(incident_sealed=incident.sealed))
    untold = (BULLETIN.c.incident_id == incident.id) & BULLETIN.c.published_at.is_(None)
    await db.execute(BULLETIN.update().where(untold).values(incident_sealed=incident.sealed))
    need, solved = REQUIREMENT.c, ALLOCATION.c
    needed = func.array(select(need.id).where(need.incident_id == incident.id).scalar_subquery())
    sealed = exists().where(need.id == any_(solved.requirement_ids), need.incident_sealed)
    concerned = ALLOCATION.update().where(solved.requirement_ids.overlap(needed))
    await db.execute(concerned.values(incident_sealed=sealed))


async def put_incident(db: AsyncConnection, incident: Incident) -> Incident:
    """Store the copy."""
    return await documents.save(db, INCIDENT, incident)

"""Incidents that org has declared: our copy."""

from sqlalchemy import Boolean, Column, Index, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import Visible
from services.plans.domain import Incident
from services.plans.store.tables import metadata
from vocabulary import Mode

incident = documents.table(
    "incident",
    metadata,
    Column("mode", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("jurisdiction", Text),
    Column("sealed", Boolean),
    Index("incident_open", "mode", "is_open"),
    visible=Visible(area="jurisdiction", sealed="sealed"),
)


async def find_incident(db: AsyncConnection, id: str) -> Incident | None:
    """The copy, or None when it has not come yet."""
    found = await documents.find(db, incident, Incident, incident.c.id == id)
    return found[0] if found else None


async def open_incidents(db: AsyncConnection, mode: Mode) -> list[Incident]:
    """The incidents whose facts still bear on plans."""
    return await documents.find(
        db, incident, Incident, incident.c.mode == mode, incident.c.is_open.is_(True)
    )


async def put_incident(db: AsyncConnection, one: Incident) -> Incident:
    """Store the copy and return it as stored."""
    return await documents.save(db, incident, one)

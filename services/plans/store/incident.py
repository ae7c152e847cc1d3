"""Incidents that org has declared: our copy."""

from collections.abc import Sequence

from sqlalchemy import Boolean, Column, ColumnElement, Index, Text, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import Visible
from services.plans.domain import Incident
from services.plans.store.tables import metadata, played_in
from vocabulary import Mode

incident = documents.table(
    "incident",
    metadata,
    Column("mode", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("jurisdiction", Text),
    Column("sealed", Boolean),
    Column("exercise_id", Text),
    Index("incident_open", "mode", "is_open"),
    visible=Visible(area="jurisdiction", sealed="sealed"),
)


async def find_incident(db: AsyncConnection, id: str) -> Incident | None:
    """The copy, or None when it has not come yet."""
    found = await documents.find(db, incident, Incident, incident.c.id == id)
    return found[0] if found else None


async def open_incidents(
    db: AsyncConnection, mode: Mode, *, exercise_id: str | None = None
) -> list[Incident]:
    """The incidents whose facts still bear on plans."""
    return await documents.find(
        db,
        incident,
        Incident,
        played_in(incident, mode, exercise_id),
        incident.c.is_open.is_(True),
    )


def sealed_with(incidents: Sequence[str]) -> ColumnElement[bool]:
    """What the column `incident_sealed` of a row that rests on these incidents holds."""
    if not incidents:
        return literal(value=False)
    return exists().where(incident.c.id.in_(list(incidents)), incident.c.sealed.is_(True))


async def is_sealed(db: AsyncConnection, incidents: Sequence[str]) -> bool:
    """Whether one of the incidents is sealed."""
    return bool(await db.scalar(select(sealed_with(incidents))))


async def put_incident(db: AsyncConnection, one: Incident) -> Incident:
    """Store the copy and return it as stored."""
    return await documents.save(db, incident, one)

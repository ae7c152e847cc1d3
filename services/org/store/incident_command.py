"""Incident commands as rows: one an incident."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import ENDED, IncidentCommand
from services.org.store import tables
from services.org.store.incident import sealed_with


async def find_command(db: AsyncConnection, incident_id: str) -> IncidentCommand | None:
    """Return the incident's command, or None."""
    table = tables.incident_command
    found = await documents.find(db, table, IncidentCommand, table.c.incident_id == incident_id)
    return found[0] if found else None


async def commands_held(db: AsyncConnection, organization_id: str) -> list[str]:
    """Return the incidents, not ended, whose command the organization holds."""
    command, incident = tables.incident_command, tables.incident
    held = (
        select(command.c.incident_id)
        .join(incident, incident.c.id == command.c.incident_id)
        .where(command.c.organization_id == organization_id)
        .where(incident.c.status.not_in(sorted(ENDED)))
    )
    return list(await db.scalars(held.order_by(command.c.incident_id)))


async def put_command(db: AsyncConnection, command: IncidentCommand) -> IncidentCommand:
    """Store the command; a second one of the same incident is refused by the database."""
    sealed = sealed_with(command.incident_id)
    return await documents.save(db, tables.incident_command, command, incident_sealed=sealed)

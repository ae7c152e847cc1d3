"""What activations connect: the signals and warnings that led to an incident's response."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.guarantee.store.tables import ACTIVATION


async def causes_by_incident(
    db: AsyncConnection, incident_ids: Sequence[str], kind: str
) -> dict[str, set[str]]:
    """Return, for each incident, the ids of that kind which caused one of its activations."""
    statement = select(ACTIVATION.c.incident_id, ACTIVATION.c.causes).where(
        ACTIVATION.c.incident_id.in_(incident_ids)
    )
    found: dict[str, set[str]] = {one: set() for one in incident_ids}
    for incident_id, causes in await db.execute(statement):
        split = (cause.partition(":") for cause in causes)
        found[incident_id] |= {id for prefix, _, id in split if prefix == kind}
    return found

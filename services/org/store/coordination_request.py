"""Coordination requests as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import OPEN_REQUEST, CoordinationRequest, coordination_parties
from services.org.store import tables
from services.org.store.incident import sealed_with


async def get_coordination_request(db: AsyncConnection, request_id: str) -> CoordinationRequest:
    """Return the request, ours until the unit of work ends. Raises NotFound."""
    table = tables.coordination_request
    return await documents.load(db, table, request_id, CoordinationRequest, lock=True)


async def open_requests_of_exercise(
    db: AsyncConnection, exercise_id: str
) -> list[CoordinationRequest]:
    """Return the requests of the exercise that wait for something, locked."""
    table = tables.coordination_request
    where = [table.c.exercise_id == exercise_id, table.c.status.in_(sorted(OPEN_REQUEST))]
    return await documents.find(db, table, CoordinationRequest, *where, lock=True)


async def put_coordination_request(
    db: AsyncConnection, request: CoordinationRequest
) -> CoordinationRequest:
    """Store the request."""
    table, seen_by = tables.coordination_request, sorted(coordination_parties(request))
    sealed = sealed_with(request.incident_id)
    return await documents.save(db, table, request, seen_by=seen_by, incident_sealed=sealed)

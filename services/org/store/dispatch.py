"""Dispatches as this service heard of them."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import OUT, Dispatch
from services.org.store import tables


async def find_dispatch(db: AsyncConnection, dispatch_id: str) -> Dispatch | None:
    """Return the dispatch, ours until the unit of work ends, or None."""
    table = tables.dispatch
    found = await documents.find(db, table, Dispatch, table.c.id == dispatch_id, lock=True)
    return found[0] if found else None


async def dispatches_out(db: AsyncConnection, incident_id: str) -> list[Dispatch]:
    """Return what was sent to the incident and has not come back."""
    table = tables.dispatch
    return await documents.find(
        db, table, Dispatch, table.c.incident_id == incident_id, table.c.status.in_(sorted(OUT))
    )


async def put_dispatch(db: AsyncConnection, dispatch: Dispatch) -> Dispatch:
    """Store the dispatch."""
    return await documents.save(db, tables.dispatch, dispatch)

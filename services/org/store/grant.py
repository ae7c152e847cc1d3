"""Delegations as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Grant
from services.org.store import tables


async def get_grant(
    db: AsyncConnection, grant_id: str, *, expected_version: int | None = None
) -> Grant:
    """Return the delegation, its row locked. Raises NotFound `grant-not-found`, VersionConflict."""
    return await documents.load(
        db, tables.grant, grant_id, Grant, lock=True, expected_version=expected_version
    )


async def find_grant(db: AsyncConnection, grant_id: str) -> Grant | None:
    """Return the delegation, or None."""
    found = await documents.find(db, tables.grant, Grant, tables.grant.c.id == grant_id, lock=True)
    return found[0] if found else None


async def grants_through(db: AsyncConnection, grant_id: str) -> list[Grant]:
    """Return the delegations that came through this one and stand, their rows locked."""
    table = tables.grant
    return await documents.find(
        db,
        table,
        Grant,
        table.c.chain.contains([grant_id]),
        table.c.revoked_at.is_(None),
        lock=True,
    )


async def put_grant(db: AsyncConnection, grant: Grant) -> Grant:
    """Store the delegation."""
    return await documents.save(db, tables.grant, grant)

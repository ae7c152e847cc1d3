"""Records of solvings as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.allocation import Solved
from services.guarantee.store.tables import ALLOCATION


async def put_allocation(db: AsyncConnection, solved: Solved) -> Solved:
    """Store the record."""
    return await documents.save(db, ALLOCATION, solved)

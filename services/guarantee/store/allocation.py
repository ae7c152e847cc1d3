"""Records of solvings as rows."""

from sqlalchemy import exists
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.allocation import Solved
from services.guarantee.store.tables import ALLOCATION, REQUIREMENT


async def put_allocation(db: AsyncConnection, solved: Solved) -> Solved:
    """Store the record, sealed while one of the needs that it is about is."""
    need = REQUIREMENT.c
    sealed = exists().where(need.id.in_(list(solved.requirement_ids)), need.incident_sealed)
    return await documents.save(
        db,
        ALLOCATION,
        solved,
        requirement_ids=list(solved.requirement_ids),
        incident_sealed=sealed,
    )

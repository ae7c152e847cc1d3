"""Routes of solvings: what dispatch decided, and what that was worth."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis import edge
from chassis.edge import Edge
from chassis.paging import Page, PageRequest
from services.guarantee import queries
from services.guarantee.api.bodies import Code
from services.guarantee.queries import AllocationView
from vocabulary import Mode

router = APIRouter(tags=["allocations"])


@router.get("/v1/allocations", responses=edge.answers(Page[AllocationView]))
async def list_allocations(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Annotated[Mode, Query()] = Mode.REAL,
    pool: Annotated[Code | None, Query()] = None,
) -> Response:
    """List solvings beside the severity-ordered greedy, newest first."""
    return await edge.read(lambda db: queries.allocations(db, page, mode=mode, pool=pool))

"""Routes of detections and of the rules that raise them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import edge, paging
from chassis.edge import Edge
from services.analytics import queries
from vocabulary import Mode

router = APIRouter(tags=["detections"])


@router.get("/v1/detections", responses=edge.answers(paging.Page[queries.DetectionView]))
async def detections(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[paging.PageRequest, Depends(edge.page)],
    jurisdiction: Annotated[str | None, Query(pattern=r"^\d{6,12}$")] = None,
    mode: Mode = Mode.REAL,
    state: Literal["RAISED", "CLEARED"] | None = None,
) -> Response:
    """The detections, newest first; `state` narrows to those that stand or that were cleared."""
    return await edge.read(
        lambda db: queries.detections(db, page, jurisdiction=jurisdiction, mode=mode, state=state)
    )


@router.get("/v1/rules", responses=edge.answers(queries.RulesView))
async def rules(edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """The metrics taken, the indicators made of them, and the detection rules, in force now."""

    async def read(_: AsyncConnection) -> queries.RulesView:
        return queries.rules(at=edge.runtime.clock.now())

    return await edge.read(read)

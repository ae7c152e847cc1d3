"""The batch read of situations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import edge
from chassis.edge import BatchBody, Edge
from services.analytics import queries
from services.analytics.api.indicator import expect_batch, masked, mode_of

router = APIRouter(tags=["batch"])


@router.post(
    "/v1/batch/situations", responses=edge.answers(dict[str, queries.SituationView | None])
)
async def batch_situations(body: BatchBody, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """By jurisdiction code what counts there now; `args.mode` is REAL unless given."""
    expect_batch(body.keys)
    mode = mode_of(body.args)

    async def read(db: AsyncConnection) -> object:
        now = edge.runtime.clock.now()
        return masked(await queries.situations(db, body.keys, mode=mode, now=now), body.fields)

    return await edge.read(read)

"""What an operator asks of any service: its digest and its timers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import digest, edge, timers
from chassis.edge import Edge
from chassis.unit_of_work import UnitOfWork

OPERATOR = frozenset({"operator"})
MOST_TIMERS = 500
router = APIRouter(prefix="/v1/operator", tags=["operator"])


class TimerView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A timer that waits; one with attempts has failed as often, a stopped one is not retried."""

    key: str
    due_at: datetime
    command: str
    attempts: int
    last_error: str | None
    stopped_at: datetime | None


class TimersView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Timers, those in trouble first."""

    nodes: list[TimerView]


@router.get("/digest", responses=edge.answers(digest.DigestView))
async def read_digest(
    edge: Annotated[Edge, Depends(edge.edge)],
    rows: Annotated[bool, Query(description="The canonical rows as well.")] = False,
) -> Response:
    """Say the canonical business state, for comparing two runs."""
    metadata = edge.request.app.state.service.metadata
    detail = digest.Detail.ROWS if rows else digest.Detail.HASHES

    async def compute(db: AsyncConnection) -> digest.DigestView:
        return await digest.compute(db, metadata, detail)

    return await edge.read(compute, roles=OPERATOR)


@router.get("/timers", responses=edge.answers(TimersView))
async def list_timers(edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """List what waits to fall due."""

    async def find(db: AsyncConnection) -> TimersView:
        found = await timers.listed(db, limit=MOST_TIMERS)
        return TimersView(
            nodes=[msgspec.convert(t, TimerView, from_attributes=True) for t in found]
        )

    return await edge.read(find, roles=OPERATOR)


@router.post("/timers/{key:path}/retry", responses=edge.answers(dict[str, str]))
async def retry_timer(key: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Try a failed timer again at once."""

    async def again(uow: UnitOfWork) -> dict[str, str]:
        await timers.retry(uow.db, key)
        uow.scheduled = True
        return {"key": key}

    return await edge.operate(again, "retry_timer", kind="timer", id=key)

"""Business time of a rehearsal: set from outside, kept across restarts, refused in production."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import edge, progress, stamp, timers, traffic
from chassis.clock import aware
from chassis.edge import Body, Edge
from chassis.errors import Conflict
from chassis.operator import OPERATOR
from chassis.progress import ProgressView
from chassis.runtime import Runtime
from chassis.settings import Deployment
from chassis.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1/rehearsal", tags=["rehearsal"])


class NotARehearsal(Conflict):
    """Only a rehearsal's business time can be set and waited for."""

    slug = "not-a-rehearsal"


class ClockGoesBack(Conflict):
    """Business time was set later already."""

    slug = "clock-goes-back"


class SetClock(Body):
    """The business time from now on."""

    now: AwareDatetime


class ClockView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The business time."""

    now: datetime


class NextDueView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """When the earliest timer falls due; null when none is waiting."""

    due_at: datetime | None


class QuiescentView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whether nothing is under way: no unsent event, no waiting message, no due timer."""

    quiescent: bool
    outbox: int
    pending: int
    timers: int


@router.put("/clock", responses=edge.answers(ClockView))
async def set_clock(body: SetClock, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Set business time; timers that fall due by then fire in due order."""
    expect_rehearsal(edge.runtime)

    async def set_now(uow: UnitOfWork) -> ClockView:
        instant = aware(body.now)
        if (await stamp.read(uow.db)).is_after(instant):
            raise ClockGoesBack("Business time cannot go back.", field=("now",), now=uow.now)
        await stamp.set_now(uow.db, instant)
        return ClockView(now=instant)

    service = edge.runtime.service
    answer = await edge.operate(set_now, "set_clock", kind="service", id=service)
    edge.runtime.clock.set(body.now)
    edge.runtime.timers_changed.set()
    return answer


@router.get("/clock", responses=edge.answers(ClockView))
async def read_clock(edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Say the business time."""
    expect_rehearsal(edge.runtime)

    async def now(_: AsyncConnection) -> ClockView:
        return ClockView(now=edge.runtime.clock.now())

    return await edge.read(now, roles=OPERATOR)


@router.get("/next-due", responses=edge.answers(NextDueView))
async def next_due(edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Say when the earliest timer falls due."""
    expect_rehearsal(edge.runtime)

    async def earliest(db: AsyncConnection) -> NextDueView:
        return NextDueView(due_at=await timers.next_due(db))

    return await edge.read(earliest, roles=OPERATOR)


@router.get("/quiescent", responses=edge.answers(QuiescentView))
async def quiescent(edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Say whether everything caused so far has happened."""
    expect_rehearsal(edge.runtime)
    runtime = edge.runtime
    subscriptions = edge.request.app.state.service.subscriptions

    async def count(db: AsyncConnection) -> QuiescentView:
        # what is heard becomes timers and events, so the receiving end is counted first
        heard = await traffic.pending(runtime, subscriptions)
        due = await timers.due_count(db, runtime.clock.now())
        said = await traffic.unsent(runtime)
        return QuiescentView(
            quiescent=heard + due + said == 0, outbox=said, pending=heard, timers=due
        )

    return await edge.read(count, roles=OPERATOR)


@router.get("/progress", responses=edge.answers(ProgressView))
async def read_progress(edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Count what was said and taken: where it balances in all services, everything has happened."""
    expect_rehearsal(edge.runtime)
    runtime = edge.runtime
    subscriptions = edge.request.app.state.service.subscriptions

    async def look(db: AsyncConnection) -> ProgressView:
        return await progress.look(db, runtime.service, subscriptions, now=runtime.clock.now())

    return await edge.read(look, roles=OPERATOR)


def expect_rehearsal(runtime: Runtime) -> None:
    """Pass in a rehearsal. Raises NotARehearsal."""
    if runtime.settings.deployment is not Deployment.REHEARSAL:
        raise NotARehearsal("This is a production deployment; its clock is the real one.")

"""Routes of rumours: noted, decided, listed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands, queries
from services.guarantee.api.bodies import Code, Expecting, Identity, Instant, Line, Reason, Text
from services.guarantee.domain.rumour import Rumour, RumourStatus
from services.guarantee.queries import RumourView
from vocabulary import Mode

router = APIRouter(tags=["rumours"])
_ONE = edge.answers(RumourView)


class NoteRumour(Body):
    """What is claimed, where and when it was seen; of an incident, it takes division and mode."""

    claim: Text
    seen_where: Line
    seen_at: Instant
    jurisdiction: Code
    incident_id: Identity | None = None
    mode: Mode = Mode.REAL


class DecideRumour(Expecting):
    """What was found."""

    status: RumourStatus
    finding: Reason


@router.post("/v1/rumours", status_code=201, responses=_ONE)
async def note_rumour(body: NoteRumour, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Keep a claim until somebody has looked."""

    async def note(uow: UnitOfWork) -> RumourView:
        form = Rumour(
            id=uow.new_id("rum"),
            claim=body.claim,
            seen_where=body.seen_where,
            seen_at=body.seen_at,
            jurisdiction=body.jurisdiction,
            incident_id=body.incident_id,
            mode=body.mode,
            noted_at=uow.now,
            noted_by=uow.caller.subject,
        )
        return queries.rumour_view(await commands.note_rumour(uow, form))

    return await edge.command(note, status=201)


@router.post("/v1/rumours/{id}/decide", responses=_ONE)
async def decide_rumour(
    id: str, body: DecideRumour, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say what was found."""

    async def decide(uow: UnitOfWork) -> RumourView:
        decided = await commands.decide_rumour(
            uow,
            id,
            body.status,
            finding=body.finding,
            expected_version=body.expected_version,
        )
        return queries.rumour_view(decided)

    return await edge.command(decide)


@router.get("/v1/rumours", responses=edge.answers(Page[RumourView]))
async def list_rumours(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Annotated[Mode, Query()] = Mode.REAL,
    status: Annotated[RumourStatus | None, Query()] = None,
    jurisdiction: Annotated[Code | None, Query()] = None,
) -> Response:
    """List rumours, newest first."""
    return await edge.read(
        lambda db: queries.rumours(db, page, mode=mode, status=status, jurisdiction=jurisdiction)
    )


@router.get("/v1/rumours/{id}", responses=_ONE)
async def get_rumour(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one rumour."""
    return await edge.read(lambda db: queries.rumour(db, id))


router.include_router(edge.batch("rumours", RumourView, queries.rumours_by_id))

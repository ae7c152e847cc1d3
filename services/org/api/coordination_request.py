"""Routes of coordination requests: asked, answered, completed, directed; and who answers how fast."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, Field

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Because, Code, Expecting, Identity, Line, Reason, Text
from services.org.queries import CoordinationRequestView, PairFiguresView
from vocabulary import Mode

router = APIRouter(tags=["coordination"])
_ONE = edge.answers(CoordinationRequestView)


class NeedBody(Body):
    """So much of a capability."""

    capability: Line
    quantity: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    unit: Line


class RequestCoordination(Body):
    """What is asked of whom; of an incident, it takes the incident's division and mode."""

    from_organization: Identity
    to_organization: Identity
    title: Line
    text: Text
    need: NeedBody | None = None
    urgency: domain.Urgency
    needed_by: AwareDatetime | None = None
    incident: Identity | None = None
    mode: Mode = Mode.REAL


class AcceptRequest(Expecting):
    """By when help is there, and what of it is left out."""

    promised_by: AwareDatetime | None = None
    limited: Reason | None = None


class DeclineRequest(Because):
    """On which ground, and in words."""

    ground: domain.DeclineGround


class CompleteRequest(Expecting):
    """What came of it."""

    result: Reason


class DirectRequest(Because):
    """Whether it is to be done."""

    direction: domain.Direction


@router.post("/v1/coordination-requests", status_code=201, responses=_ONE)
async def request_coordination(
    body: RequestCoordination, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Ask another organization for help."""

    async def ask(uow: UnitOfWork) -> CoordinationRequestView:
        need = body.need
        draft = domain.CoordinationRequest(
            id=uow.new_id("crq"),
            title=body.title,
            text=body.text,
            need=domain.Need(capability=need.capability, quantity=need.quantity, unit=need.unit)
            if need
            else None,
            urgency=body.urgency,
            from_organization=body.from_organization,
            to_organization=body.to_organization,
            jurisdiction="",
            incident_id=body.incident,
            mode=body.mode,
            needed_by=body.needed_by,
            requested_at=uow.now,
            requested_by=uow.caller.person or uow.caller.subject,
            answer_due_at=uow.now,
            rule="",
        )
        return queries.coordination_request_view(await commands.request_coordination(uow, draft))

    return await edge.command(ask, status=201)


@router.post("/v1/coordination-requests/{request_id}/acknowledge", responses=_ONE)
async def acknowledge_request(
    request_id: str, body: Expecting, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say that the caller's organization knows."""

    async def acknowledge(uow: UnitOfWork) -> CoordinationRequestView:
        return queries.coordination_request_view(
            await commands.acknowledge_request(
                uow, request_id, expected_version=body.expected_version
            )
        )

    return await edge.command(acknowledge)


@router.post("/v1/coordination-requests/{request_id}/accept", responses=_ONE)
async def accept_request(
    request_id: str, body: AcceptRequest, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Promise help for the organization that is asked."""

    async def accept(uow: UnitOfWork) -> CoordinationRequestView:
        return queries.coordination_request_view(
            await commands.accept_request(
                uow,
                request_id,
                promised_by=body.promised_by,
                limited=body.limited,
                expected_version=body.expected_version,
            )
        )

    return await edge.command(accept)


@router.post("/v1/coordination-requests/{request_id}/decline", responses=_ONE)
async def decline_request(
    request_id: str, body: DeclineRequest, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Refuse with a ground; the common superior is asked to direct it."""

    async def decline(uow: UnitOfWork) -> CoordinationRequestView:
        return queries.coordination_request_view(
            await commands.decline_request(
                uow,
                request_id,
                ground=body.ground,
                reason=body.reason,
                expected_version=body.expected_version,
            )
        )

    return await edge.command(decline)


@router.post("/v1/coordination-requests/{request_id}/complete", responses=_ONE)
async def complete_request(
    request_id: str, body: CompleteRequest, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say that help was given, and what came of it."""

    async def complete(uow: UnitOfWork) -> CoordinationRequestView:
        return queries.coordination_request_view(
            await commands.complete_request(
                uow, request_id, result=body.result, expected_version=body.expected_version
            )
        )

    return await edge.command(complete)


@router.post("/v1/coordination-requests/{request_id}/withdraw", responses=_ONE)
async def withdraw_request(
    request_id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Take the request back."""

    async def withdraw(uow: UnitOfWork) -> CoordinationRequestView:
        return queries.coordination_request_view(
            await commands.withdraw_request(
                uow, request_id, reason=body.reason, expected_version=body.expected_version
            )
        )

    return await edge.command(withdraw)


@router.post("/v1/coordination-requests/{request_id}/direct", responses=_ONE)
async def direct_request(
    request_id: str, body: DirectRequest, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say for the common superior whether it is to be done."""

    async def direct(uow: UnitOfWork) -> CoordinationRequestView:
        return queries.coordination_request_view(
            await commands.direct_request(
                uow,
                request_id,
                direction=body.direction,
                reason=body.reason,
                expected_version=body.expected_version,
            )
        )

    return await edge.command(direct)


@router.get("/v1/coordination-requests", responses=edge.answers(Page[CoordinationRequestView]))
async def coordination_requests(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Mode = Mode.REAL,
    jurisdiction: Code | None = None,
    incident: Identity | None = None,
    from_organization: Annotated[Identity | None, Query(alias="fromOrganization")] = None,
    to_organization: Annotated[Identity | None, Query(alias="toOrganization")] = None,
    status: Annotated[list[domain.CoordinationStatus], Query()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """List requests, the newest first."""
    return await edge.read(
        lambda db: queries.coordination_requests(
            db,
            page,
            mode=mode,
            status=status,
            jurisdiction=jurisdiction,
            incident_id=incident,
            from_organization=from_organization,
            to_organization=to_organization,
        )
    )


@router.get("/v1/coordination-figures", responses=edge.answers(list[PairFiguresView]))
async def coordination_figures(
    edge: Annotated[Edge, Depends(edge.edge)],
    jurisdiction: Code,
    since: AwareDatetime,
    mode: Mode = Mode.REAL,
) -> Response:
    """Tell who answers whom how fast, the slowest pair first."""
    now = edge.runtime.clock.now()
    return await edge.read(
        lambda db: queries.coordination_figures(
            db, jurisdiction=jurisdiction, since=since, mode=mode, now=now
        )
    )


@router.get("/v1/coordination-requests/{request_id}", responses=_ONE)
async def coordination_request(
    request_id: str, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Show one request."""
    return await edge.read(lambda db: queries.coordination_request(db, request_id))


_LIST = list[CoordinationRequestView]
router.include_router(
    edge.batch(
        "coordination-requests", CoordinationRequestView, queries.coordination_requests_by_id
    )
)
router.include_router(
    edge.batch(
        "coordination-requests-by-incident", _LIST, queries.coordination_requests_by_incident
    )
)

"""Routes of dispatches: what crews and commanders report."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from chassis import edge
from chassis.edge import Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands, queries
from services.guarantee.api.bodies import Because, Expecting
from services.guarantee.domain.dispatch import DispatchStatus
from services.guarantee.queries import DispatchView
from vocabulary import Mode

router = APIRouter(tags=["dispatches"])


class ReturnDispatch(Expecting):
    """What is back; of a stock, how much was not used."""

    quantity: Annotated[float | None, Field(ge=0, allow_inf_nan=False)] = None


@router.post("/v1/dispatches/{id}/acknowledge", responses=edge.answers(DispatchView))
async def acknowledge_dispatch(
    id: str, body: Expecting, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say that the crew has the order."""
    return await _report(edge, id, body, DispatchStatus.ACKNOWLEDGED)


@router.post("/v1/dispatches/{id}/en-route", responses=edge.answers(DispatchView))
async def report_en_route(
    id: str, body: Expecting, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say that it is on its way."""
    return await _report(edge, id, body, DispatchStatus.EN_ROUTE)


@router.post("/v1/dispatches/{id}/on-scene", responses=edge.answers(DispatchView))
async def report_on_scene(
    id: str, body: Expecting, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say that it has arrived."""
    return await _report(edge, id, body, DispatchStatus.ON_SCENE)


@router.post("/v1/dispatches/{id}/unable", responses=edge.answers(DispatchView))
async def report_unable(
    id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say that it cannot go, or go on, and why."""

    async def report(uow: UnitOfWork) -> DispatchView:
        unable = await commands.report_unable(
            uow, id, expected_version=body.expected_version, reason=body.reason
        )
        return queries.dispatch_view(unable)

    return await edge.command(report)


@router.post("/v1/dispatches/{id}/release", responses=edge.answers(DispatchView))
async def release_dispatch(
    id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Let it go, or call it off before it has moved."""

    async def release(uow: UnitOfWork) -> DispatchView:
        released = await commands.release_dispatch(
            uow, id, expected_version=body.expected_version, reason=body.reason
        )
        return queries.dispatch_view(released)

    return await edge.command(release)


@router.post("/v1/dispatches/{id}/return", responses=edge.answers(DispatchView))
async def return_dispatch(
    id: str, body: ReturnDispatch, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say that it is back."""

    async def bring_back(uow: UnitOfWork) -> DispatchView:
        returned = await commands.return_dispatch(
            uow, id, expected_version=body.expected_version, quantity=body.quantity
        )
        return queries.dispatch_view(returned)

    return await edge.command(bring_back)


@router.get("/v1/dispatches", responses=edge.answers(Page[DispatchView]))
async def list_dispatches(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Annotated[Mode, Query()] = Mode.REAL,
    status: Annotated[DispatchStatus | None, Query()] = None,
    activation_id: Annotated[str | None, Query(alias="activationId")] = None,
    incident_id: Annotated[str | None, Query(alias="incidentId")] = None,
) -> Response:
    """List dispatches, newest first."""
    return await edge.read(
        lambda db: queries.dispatches(
            db,
            page,
            mode=mode,
            status=status,
            activation_id=activation_id,
            incident_id=incident_id,
        )
    )


@router.get("/v1/dispatches/{id}", responses=edge.answers(DispatchView))
async def get_dispatch(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one dispatch."""
    return await edge.read(lambda db: queries.dispatch(db, id))


async def _report(edge: Edge, id: str, body: Expecting, status: DispatchStatus) -> Response:
    async def report(uow: UnitOfWork) -> DispatchView:
        moved = await commands.report_dispatch(
            uow, id, status, expected_version=body.expected_version
        )
        return queries.dispatch_view(moved)

    return await edge.command(report)


router.include_router(edge.batch("dispatches", DispatchView, queries.dispatches_by_id))
for _name, _read in (
    ("dispatches-by-activation", queries.dispatches_by_activation),
    ("dispatches-by-incident", queries.dispatches_by_incident),
):
    router.include_router(edge.batch(_name, list[DispatchView], _read))

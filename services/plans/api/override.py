"""Overrides: asked for by who commands, decided by an authority, listed."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain, queries
from services.plans.api.activation import Reason, signature
from services.plans.queries import OverrideFiguresView, OverrideView
from vocabulary import Mode

router = APIRouter(tags=["overrides"])

AnEdge = Annotated[Edge, Depends(edge.edge)]
Minutes = Annotated[int, Field(ge=1, le=525_600)]  # a year; the rule bounds it further
Decide = Callable[[UnitOfWork], Awaitable[domain.Override]]


class AskOverride(Body):
    """Which refused measure is to pass, for how long, and why."""

    measure: str = Field(min_length=1, max_length=200)
    minutes: Minutes
    reason: Reason


class GrantOverride(Body):
    """Why it passes, and if for less long than was asked."""

    reason: Reason
    minutes: Minutes | None = None
    expected_version: int | None = None


class CloseOverride(Body):
    """Why it does not pass, or passes no more."""

    reason: Reason
    expected_version: int | None = None


@router.post(
    "/v1/activations/{id}/overrides", status_code=201, responses=edge.answers(OverrideView)
)
async def ask_override(id: str, body: AskOverride, edge: AnEdge) -> Response:
    """Ask those who hold the missing authority, or stand above them, to let the measure pass."""
    by = signature(edge, body.reason)

    async def ask(uow: UnitOfWork) -> domain.Override:
        return await commands.ask_override(
            uow, id, measure=body.measure, minutes=body.minutes, by=by
        )

    return await _decide(edge, ask, status=201)


@router.post("/v1/overrides/{id}/grant", responses=edge.answers(OverrideView))
async def grant_override(id: str, body: GrantOverride, edge: AnEdge) -> Response:
    """Let the measure pass from now on, until the time is over; never by who asked."""
    by = signature(edge, body.reason)

    async def grant(uow: UnitOfWork) -> domain.Override:
        return await commands.grant_override(
            uow, id, minutes=body.minutes, by=by, expected_version=body.expected_version
        )

    return await _decide(edge, grant)


@router.post("/v1/overrides/{id}/decline", responses=edge.answers(OverrideView))
async def decline_override(id: str, body: CloseOverride, edge: AnEdge) -> Response:
    """Leave the measure refused."""
    by = signature(edge, body.reason)

    async def decline(uow: UnitOfWork) -> domain.Override:
        return await commands.decline_override(
            uow, id, by=by, expected_version=body.expected_version
        )

    return await _decide(edge, decline)


@router.post("/v1/overrides/{id}/end", responses=edge.answers(OverrideView))
async def end_override(id: str, body: CloseOverride, edge: AnEdge) -> Response:
    """End the override before its time, or take back what was asked."""
    by = signature(edge, body.reason)

    async def end(uow: UnitOfWork) -> domain.Override:
        return await commands.end_override(uow, id, by=by, expected_version=body.expected_version)

    return await _decide(edge, end)


@router.get("/v1/overrides", responses=edge.answers(Page[OverrideView]))
async def list_overrides(
    edge: AnEdge,
    page: Annotated[PageRequest, Depends(edge.page)],
    jurisdiction: str | None = None,
    activation_id: Annotated[str | None, Query(alias="activationId")] = None,
    state: domain.OverrideState | None = None,
    mode: Mode = Mode.REAL,
) -> Response:
    """Overrides, the newest first."""
    return await edge.read(
        lambda db: queries.overrides(
            db,
            page,
            jurisdiction=jurisdiction,
            activation_id=activation_id,
            state=state,
            mode=mode,
        )
    )


@router.get("/v1/overrides/{id}", responses=edge.answers(OverrideView))
async def get_override(id: str, edge: AnEdge) -> Response:
    """One override."""
    return await edge.read(lambda db: queries.override(db, id))


router.include_router(edge.batch("overrides", OverrideView, queries.overrides_by_id))
router.include_router(
    edge.batch("overridesByActivation", list[OverrideView], queries.overrides_by_activation)
)
router.include_router(
    edge.batch(
        "overrideFiguresByActivation", OverrideFiguresView, queries.override_figures_by_activation
    )
)
router.include_router(
    edge.batch(
        "overrideFiguresByIncident", OverrideFiguresView, queries.override_figures_by_incident
    )
)


async def _decide(edge: Edge, decide: Decide, *, status: int = 200) -> Response:
    async def command(uow: UnitOfWork) -> OverrideView:
        return queries.override_view(await decide(uow))

    return await edge.command(command, status=status)

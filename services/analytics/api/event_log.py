"""Routes of the log: events, hand-offs between services, and the ledger of the warehouse.

Events tell of everything, sealed or not: they are the operator's, where the operator is one.
"""

import dataclasses
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import edge, paging
from chassis.edge import Edge
from services.analytics import commands, queries
from vocabulary import Mode

router = APIRouter(tags=["events"])
OPERATOR = frozenset({"operator"})


class LinksView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Every hand-off between services that the log shows."""

    nodes: list[queries.LinkView]


class LedgersView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The way of every kind of row into the warehouse."""

    nodes: list[queries.LedgerView]


@router.get("/v1/events", responses=edge.answers(paging.Page[queries.EventView]))
async def events(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[paging.PageRequest, Depends(edge.page)],
    correlation: Annotated[str | None, Query(max_length=64)] = None,
    service: Literal["org", "plans", "guarantee", "analytics"] | None = None,
    mode: Mode = Mode.REAL,
) -> Response:
    """What all services said, in the order in which the log heard it."""
    desk: commands.Desk = edge.request.app.state.desk

    async def read(_: AsyncConnection) -> paging.Page[queries.EventView]:
        return await queries.events(
            await desk.warehouse(),
            page,
            areas=_operated(edge),
            correlation=correlation,
            service=service,
            mode=mode,
        )

    return await edge.read(read, roles=OPERATOR)


@router.get("/v1/links", responses=edge.answers(LinksView))
async def links(
    edge: Annotated[Edge, Depends(edge.edge)],
    since: AwareDatetime | None = None,
    correlation: Annotated[str | None, Query(max_length=64)] = None,
    mode: Mode = Mode.REAL,
) -> Response:
    """Which service acted on which event of which other, how often, and how long it took."""
    desk: commands.Desk = edge.request.app.state.desk

    async def read(_: AsyncConnection) -> LinksView:
        found = await queries.links(
            await desk.warehouse(),
            areas=_operated(edge),
            mode=mode,
            since=since,
            correlation=correlation,
        )
        return LinksView(nodes=found)

    return await edge.read(read, roles=OPERATOR)


@router.get("/v1/operator/warehouse", responses=edge.answers(LedgersView), tags=["operator"])
async def warehouse_ledger(edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """How many rows were accepted, are on their way, and are in the warehouse."""
    desk: commands.Desk = edge.request.app.state.desk

    async def read(db: AsyncConnection) -> LedgersView:
        return LedgersView(nodes=await queries.ledger(db, await desk.warehouse()))

    return await edge.read(read, roles=OPERATOR)


def _operated(edge: Edge) -> list[str]:
    """What the codes of the areas begin with in which the caller is an operator."""
    policy = edge.runtime.policy
    if policy is None:
        return []
    granted = tuple(grant for grant in edge.caller.grants if grant.role in OPERATOR)
    operator = dataclasses.replace(edge.caller, grants=granted)
    scope = policy.scope(operator, now=edge.runtime.clock.now())
    return [pattern.removesuffix("%") for pattern in scope.areas]

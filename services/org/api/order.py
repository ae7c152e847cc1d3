"""Routes of orders: issued, receipted, lifted."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Because, Code, Expecting, Identity
from services.org.queries import OrderView
from vocabulary import Mode

router = APIRouter(tags=["orders"])


class IssueOrder(Expecting):
    """Which measures are ordered (all that the law does not refuse, when absent), and by which post."""

    measures: tuple[Identity, ...] | None = None
    post: Identity | None = None


class ReceiptStatus(StrEnum):
    """What an addressee says."""

    CONFIRMED = "CONFIRMED"
    DONE = "DONE"


class ReceiptOrder(Body):
    """What the caller's organization says of an order that is addressed to it."""

    status: ReceiptStatus
    expected_version: int | None = None


@router.post("/v1/orders/{order_id}/issue", responses=edge.answers(OrderView))
async def issue_order(
    order_id: str, body: IssueOrder, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Sign the draft: it gets its number and binds its addressees."""

    async def issue(uow: UnitOfWork) -> OrderView:
        order = await commands.issue_order(
            uow,
            order_id,
            expected_version=body.expected_version,
            measures=body.measures,
            post=body.post,
        )
        return queries.order_view(order)

    return await edge.command(issue)


@router.post("/v1/orders/{order_id}/receipts", responses=edge.answers(OrderView))
async def receipt_order(
    order_id: str, body: ReceiptOrder, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Confirm the order for the caller's organization, or say that it is carried out."""

    async def receipt(uow: UnitOfWork) -> OrderView:
        expected = body.expected_version
        if body.status is ReceiptStatus.CONFIRMED:
            order = await commands.confirm_order(uow, order_id, expected_version=expected)
        else:
            order = await commands.complete_order(uow, order_id, expected_version=expected)
        return queries.order_view(order)

    return await edge.command(receipt)


@router.post("/v1/orders/{order_id}/lift", responses=edge.answers(OrderView))
async def lift_order(
    order_id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """End the order."""

    async def lift(uow: UnitOfWork) -> OrderView:
        return queries.order_view(
            await commands.lift_order(
                uow, order_id, reason=body.reason, expected_version=body.expected_version
            )
        )

    return await edge.command(lift)


@router.get("/v1/orders", responses=edge.answers(Page[OrderView]))
async def orders(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Mode = Mode.REAL,
    jurisdiction: Code | None = None,
    activation: Identity | None = None,
    incident: Identity | None = None,
    status: Annotated[list[domain.OrderStatus], Query()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """List orders, the newest first."""
    return await edge.read(
        lambda db: queries.orders(
            db,
            page,
            mode=mode,
            jurisdiction=jurisdiction,
            status=status,
            activation=activation,
            incident=incident,
        )
    )


@router.get("/v1/orders/{order_id}", responses=edge.answers(OrderView))
async def order(order_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one order."""
    return await edge.read(lambda db: queries.order(db, order_id))


_LIST = list[OrderView]
router.include_router(edge.batch("orders", OrderView, queries.orders_by_id))
router.include_router(edge.batch("orders-by-incident", _LIST, queries.orders_by_incident))
router.include_router(edge.batch("drafts-by-activation", OrderView, queries.drafts_by_activation))
router.include_router(edge.batch("orders-by-activation", _LIST, queries.orders_by_activation))
router.include_router(edge.batch("orders-in-force", _LIST, queries.orders_in_force))

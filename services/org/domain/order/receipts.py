"""What addressees say of an order: delivered, confirmed, done."""

import dataclasses
from collections.abc import Callable
from datetime import datetime

from services.org.domain.order.state import (
    Order,
    OrderCompleted,
    OrderReceipted,
    OrderStatus,
    Receipt,
    expect_status,
)


def deliver(order: Order, organization_id: str, *, at: datetime) -> Order:
    """Record that the order reached the addressee; the first time stands."""
    return _with_receipt(order, organization_id, lambda one: _first(one, delivered_at=at))


def confirm_receipt(
    order: Order, organization_id: str, *, by: str, now: datetime
) -> tuple[Order, OrderReceipted | None]:
    """Record that the addressee has the order; no event the second time. Raises OrderStatusWrong."""
    receipt = _receipt(order, organization_id)
    if receipt.confirmed_at is not None:
        return order, None
    confirmed = _with_receipt(order, organization_id, lambda one: _confirmed(one, by=by, now=now))
    return confirmed, OrderReceipted(confirmed, organization_id)


def complete_order(
    order: Order, organization_id: str, *, by: str, now: datetime
) -> tuple[Order, OrderCompleted | None]:
    """Record that the addressee did what is ordered, which confirms it too; no event the second time.

    Raises OrderStatusWrong.
    """
    receipt = _receipt(order, organization_id)
    if receipt.done_at is not None:
        return order, None
    done = _with_receipt(
        order,
        organization_id,
        lambda one: dataclasses.replace(_confirmed(one, by=by, now=now), done_at=now),
    )
    return done, OrderCompleted(done, organization_id)


def _receipt(order: Order, organization_id: str) -> Receipt:
    expect_status(order, OrderStatus.ISSUED)
    return next(one for one in order.receipts if one.organization_id == organization_id)


def _with_receipt(
    order: Order, organization_id: str, change: Callable[[Receipt], Receipt]
) -> Order:
    receipts = tuple(
        change(one) if one.organization_id == organization_id else one for one in order.receipts
    )
    return dataclasses.replace(order, receipts=receipts)


def _first(receipt: Receipt, *, delivered_at: datetime) -> Receipt:
    return dataclasses.replace(receipt, delivered_at=receipt.delivered_at or delivered_at)


def _confirmed(receipt: Receipt, *, by: str, now: datetime) -> Receipt:
    return dataclasses.replace(
        receipt,
        delivered_at=receipt.delivered_at or now,
        confirmed_at=receipt.confirmed_at or now,
        confirmed_by=receipt.confirmed_by or by,
    )

"""Orders as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Order, OrderStatus, parties
from services.org.store import tables
from services.org.store.incident import sealed_with


async def get_order(
    db: AsyncConnection, order_id: str, *, expected_version: int | None = None
) -> Order:
    """Return the order, ours until the unit of work ends.

    Raises NotFound `order-not-found` and VersionConflict.
    """
    return await documents.load(
        db, tables.order, order_id, Order, lock=True, expected_version=expected_version
    )


async def orders_of_activation(db: AsyncConnection, activation_id: str) -> list[Order]:
    """Return the activation's orders, the oldest first, locked."""
    table = tables.order
    return await documents.find(db, table, Order, table.c.activation_id == activation_id, lock=True)


async def orders_of_override(db: AsyncConnection, override_id: str) -> list[Order]:
    """Return the orders that rest on the override, the oldest first, locked."""
    table = tables.order
    return await documents.find(db, table, Order, table.c.override_id == override_id, lock=True)


async def issued_orders_of_exercise(db: AsyncConnection, exercise_id: str) -> list[Order]:
    """Return the orders that bind somebody in the exercise, locked."""
    table = tables.order
    where = [table.c.exercise_id == exercise_id, table.c.status == OrderStatus.ISSUED]
    return await documents.find(db, table, Order, *where, lock=True)


async def put_order(db: AsyncConnection, order: Order) -> Order:
    """Store the order."""
    seen_by = sorted(set(parties(order)))
    sealed = sealed_with(order.incident_id)
    return await documents.save(db, tables.order, order, seen_by=seen_by, incident_sealed=sealed)

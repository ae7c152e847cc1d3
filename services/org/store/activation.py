"""Activations as this service heard of them."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Activation
from services.org.store import tables


async def find_activation(
    db: AsyncConnection, activation_id: str, *, lock: bool = False
) -> Activation | None:
    """Return the activation, or None."""
    table = tables.activation
    found = await documents.find(db, table, Activation, table.c.id == activation_id, lock=lock)
    return found[0] if found else None


async def put_activation(db: AsyncConnection, activation: Activation) -> Activation:
    """Store the activation."""
    return await documents.save(db, tables.activation, activation)

"""Copies of plans' activations as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.activation import Activation
from services.guarantee.store.incident import sealed_with
from services.guarantee.store.tables import ACTIVATION


async def find_activation(db: AsyncConnection, id: str) -> Activation | None:
    """Return the activation, its row locked, or None."""
    found = await documents.find(db, ACTIVATION, Activation, ACTIVATION.c.id == id, lock=True)
    return found[0] if found else None


async def put_activation(db: AsyncConnection, activation: Activation) -> Activation:
    """Store the copy, sealed with the incident that it answers."""
    return await documents.save(
        db,
        ACTIVATION,
        activation,
        causes=list(activation.causes),
        incident_sealed=sealed_with(activation.incident_id),
    )

"""Signals as this service knows them."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Signal
from services.org.store import tables
from services.org.store.number import hold


async def lock_signal(db: AsyncConnection, signal_id: str) -> Signal:
    """Return the signal, ours until the unit of work ends; blank when nothing is known of it yet.

    The signal and its answer arrive in either order and at once: the first of the two makes the
    row, the second waits for it.
    """
    await hold(db, f"signal/{signal_id}")
    found = await find_signal(db, signal_id)
    return found or Signal(id=signal_id)


async def get_signal(db: AsyncConnection, signal_id: str) -> Signal:
    """Return the signal, ours until the unit of work ends. Raises NotFound `signal-not-found`."""
    return await documents.load(db, tables.signal, signal_id, Signal, lock=True)


async def find_signal(db: AsyncConnection, signal_id: str) -> Signal | None:
    """Return the signal, or None."""
    found = await documents.find(db, tables.signal, Signal, tables.signal.c.id == signal_id)
    return found[0] if found else None


async def put_signal(db: AsyncConnection, signal: Signal) -> Signal:
    """Store the signal."""
    return await documents.save(db, tables.signal, signal)

"""Signals and the CAP messages that made them, as rows."""

import zlib
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.intake import SignalMessage
from services.guarantee.domain.signal import Signal, SignalStatus
from services.guarantee.store.tables import SIGNAL, SIGNAL_MESSAGE

CHAIN_LOCK = 0x434150  # advisory lock space: messages of one chain are taken in one after another


async def lock_chain(db: AsyncConnection, ids: Iterable[str]) -> None:
    """Hold all the ids until the unit of work ends, in one order, so that nobody waits in a ring."""
    for key in sorted({zlib.crc32(one.encode()) - 2**31 for one in ids}):
        await db.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK, key)))


async def find_message(db: AsyncConnection, id: str) -> SignalMessage | None:
    """Return the message of this id, or None."""
    found = await documents.find(db, SIGNAL_MESSAGE, SignalMessage, SIGNAL_MESSAGE.c.id == id)
    return found[0] if found else None


async def messages_about(db: AsyncConnection, id: str) -> list[SignalMessage]:
    """Return the messages received that reference the message of this id."""
    about = SIGNAL_MESSAGE.c.references.contains([id])
    return await documents.find(db, SIGNAL_MESSAGE, SignalMessage, about)


async def put_message(db: AsyncConnection, message: SignalMessage, original: bytes | None) -> None:
    """Keep the message with its original bytes, if it came as any."""
    await documents.save(
        db, SIGNAL_MESSAGE, message, references=list(message.references), original=original
    )


async def original(db: AsyncConnection, id: str) -> bytes | None:
    """Return the bytes as they came, or None when no message of this id came as CAP."""
    statement = select(SIGNAL_MESSAGE.c.original).where(SIGNAL_MESSAGE.c.id == id)
    found: bytes | None = await db.scalar(statement)
    return found


async def get_signal(db: AsyncConnection, id: str) -> Signal:
    """Return the signal, its row locked. Raises NotFound."""
    return await documents.load(db, SIGNAL, id, Signal, lock=True)


async def find_signals(db: AsyncConnection, ids: Sequence[str]) -> dict[str, Signal]:
    """Return those of the signals that exist, their rows locked, by id."""
    if not ids:
        return {}
    found = await documents.find(db, SIGNAL, Signal, SIGNAL.c.id.in_(ids), lock=True)
    return {one.id: one for one in found}


async def standing_in(db: AsyncConnection, exercise_id: str) -> list[Signal]:
    """Return the signals of the exercise that are in force, their rows locked."""
    ours = SIGNAL.c.exercise_id == exercise_id
    is_active = SIGNAL.c.status == SignalStatus.ACTIVE
    return await documents.find(db, SIGNAL, Signal, ours, is_active, lock=True)


async def put_signal(db: AsyncConnection, signal: Signal) -> Signal:
    """Store the signal."""
    return await documents.save(db, SIGNAL, signal)

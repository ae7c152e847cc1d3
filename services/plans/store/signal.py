"""Signals of specialist agencies: our copy, with what has taken the place of what."""

from sqlalchemy import Column, Index, Text, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import Signal, Status
from services.plans.store.tables import metadata, played_in
from vocabulary import Mode

signal = documents.table(
    "signal",
    metadata,
    Column("mode", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("superseded_by", Text),
    Column("exercise_id", Text),
    Index("signal_standing", "mode", "status"),
)


async def find_signal(db: AsyncConnection, id: str) -> Signal | None:
    """The copy, or None when it has not come yet."""
    found = await documents.find(db, signal, Signal, signal.c.id == id)
    return found[0] if found else None


async def standing_signals(
    db: AsyncConnection, mode: Mode, *, exercise_id: str | None = None
) -> list[Signal]:
    """Those that are active, and those superseded by one that has not come yet."""
    known = select(signal.c.id)
    return await documents.find(
        db,
        signal,
        Signal,
        played_in(signal, mode, exercise_id),
        or_(
            signal.c.status == Status.ACTIVE,
            and_(
                signal.c.status == Status.SUPERSEDED,
                signal.c.superseded_by.not_in(known),
            ),
        ),
    )


async def put_signal(db: AsyncConnection, one: Signal) -> Signal:
    """Store the copy and return it as stored."""
    return await documents.save(db, signal, one)

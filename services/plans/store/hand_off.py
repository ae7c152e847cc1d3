"""Hand-offs of exercises: our copy of what was owed in them."""

from collections.abc import Iterable

from sqlalchemy import Column, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import Visible
from services.plans.domain import HandOff
from services.plans.store.tables import metadata

hand_off = documents.table(
    "hand_off",
    metadata,
    Column("exercise_id", Text, nullable=False, index=True),
    Column("jurisdiction", Text, nullable=False),
    visible=Visible(area="jurisdiction"),
)


async def find_hand_offs(db: AsyncConnection, ids: Iterable[str]) -> dict[str, HandOff]:
    """Those of the hand-offs that are known, by id, locked until the unit of work ends."""
    where = hand_off.c.id.in_(list(ids))
    found = await documents.find(db, hand_off, HandOff, where, lock=True)
    return {one.id: one for one in found}


async def hand_offs_played(db: AsyncConnection, exercise_id: str) -> list[HandOff]:
    """Every hand-off of the exercise, the earliest first."""
    where = hand_off.c.exercise_id == exercise_id
    found = await documents.find(db, hand_off, HandOff, where)
    return sorted(found, key=lambda one: (one.owed_at, one.id))


async def put_hand_off(db: AsyncConnection, one: HandOff) -> HandOff:
    """Store the hand-off and return it as stored."""
    return await documents.save(db, hand_off, one)

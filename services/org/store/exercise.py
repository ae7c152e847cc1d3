"""Exercises as this service heard of them."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import Exercise
from services.org.store import tables


async def find_exercise(
    db: AsyncConnection, exercise_id: str, *, lock: bool = False
) -> Exercise | None:
    """Return the exercise, or None."""
    table = tables.exercise
    found = await documents.find(db, table, Exercise, table.c.id == exercise_id, lock=lock)
    return found[0] if found else None


async def put_exercise(db: AsyncConnection, exercise: Exercise) -> Exercise:
    """Store the exercise."""
    return await documents.save(db, tables.exercise, exercise)

"""Exercises: planned, running, over."""

from collections.abc import Collection

from sqlalchemy import Column, DateTime, Index, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import Exercise
from services.plans.store.tables import metadata

exercise = documents.table(
    "exercise",
    metadata,
    Column("state", Text, nullable=False),
    Column("plan_id", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("planned_from", DateTime(timezone=True), nullable=False),
    Index("exercise_of_plan", "plan_id", "planned_from"),
    Index("exercise_of_jurisdiction", "jurisdiction", "planned_from"),
)


async def get_exercise(
    db: AsyncConnection, id: str, *, expected_version: int | None = None
) -> Exercise:
    """The exercise, locked until the unit of work ends. Raises `exercise-not-found`."""
    return await documents.load(
        db, exercise, id, Exercise, lock=True, expected_version=expected_version
    )


async def find_exercise(db: AsyncConnection, id: str, *, lock: bool = False) -> Exercise | None:
    """The exercise, or None. Locks are taken in one order: exercises, plans, activations."""
    found = await documents.find(db, exercise, Exercise, exercise.c.id == id, lock=lock)
    return found[0] if found else None


async def exercises_of(db: AsyncConnection, ids: Collection[str]) -> dict[str, Exercise]:
    """Those of the exercises that there are, by id."""
    found = await documents.find(db, exercise, Exercise, exercise.c.id.in_(list(ids)))
    return {one.id: one for one in found}


async def put_exercise(db: AsyncConnection, one: Exercise) -> Exercise:
    """Store the exercise and return it as stored."""
    return await documents.save(db, exercise, one)

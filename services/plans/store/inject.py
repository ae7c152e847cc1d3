"""Injects: who runs the exercise sees them; everybody does once they have come."""

from collections.abc import Iterable

from sqlalchemy import Column, Integer, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import EVERYBODY, Visible
from services.plans.domain import Inject
from services.plans.store.tables import metadata

inject = documents.table(
    "inject",
    metadata,
    Column("exercise_id", Text, nullable=False, index=True),
    Column("offset_minutes", Integer, nullable=False),
    Column("organization_id", Text, nullable=False),
    Column("open_to", Text),
    visible=Visible(organizations=("organization_id", "open_to")),
)


async def get_inject(db: AsyncConnection, id: str) -> Inject:
    """The inject, locked until the unit of work ends. Raises `inject-not-found`."""
    return await documents.load(db, inject, id, Inject, lock=True)


async def injects_of(db: AsyncConnection, exercise_id: str) -> list[Inject]:
    """The script of the exercise, in the order in which its facts come."""
    order = [inject.c.offset_minutes, inject.c.id]
    return await documents.find(
        db, inject, Inject, inject.c.exercise_id == exercise_id, order_by=order
    )


async def put_inject(db: AsyncConnection, one: Inject) -> Inject:
    """Store the inject and return it as stored."""
    open_to = EVERYBODY if one.delivered_at is not None else None
    return await documents.save(db, inject, one, open_to=open_to)


async def put_injects(db: AsyncConnection, script: Iterable[Inject]) -> list[Inject]:
    """Store the script and return it as stored."""
    return [await put_inject(db, one) for one in script]

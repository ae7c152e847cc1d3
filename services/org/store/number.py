"""Numbers given out without gaps, and locks on things that have no row yet."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.org.store import tables


async def next_number(db: AsyncConnection, key: str) -> int:
    """Return the next number of `key`, from 1; whoever asks next waits until this unit of work ends.

    A unit of work that fails gives its number back, so that there are no gaps.
    """
    table = tables.counter
    statement = insert(table).values(key=key, value=1)
    taken = statement.on_conflict_do_update(
        index_elements=["key"], set_={"value": table.c.value + 1}
    ).returning(table.c.value)
    return int((await db.execute(taken)).scalar_one())


async def hold(db: AsyncConnection, key: str) -> None:
    """Make whoever holds the same key wait until this unit of work ends."""
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))

"""The beat of this service, and the outages that missing beats showed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.org.domain import Outage
from services.org.store import tables


async def last_beat(db: AsyncConnection, *, lock: bool = False) -> datetime | None:
    """Return when the last beat was recorded; None when none ever was."""
    statement = select(tables.beat.c.at)
    found = await db.execute(statement.with_for_update() if lock else statement)
    return found.scalar_one_or_none()


async def put_beat(db: AsyncConnection, at: datetime) -> None:
    """Record a beat; it never goes back."""
    statement = insert(tables.beat).values(id=1, at=at)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={"at": at}, where=tables.beat.c.at < at
        )
    )


async def put_outage(db: AsyncConnection, outage: Outage) -> None:
    """Record an outage; the same one once."""
    statement = insert(tables.outage).values(started_at=outage.started_at, ended_at=outage.ended_at)
    await db.execute(statement.on_conflict_do_nothing())


async def outages_between(db: AsyncConnection, start: datetime, end: datetime) -> list[Outage]:
    """Return the outages that touch the time from `start` to `end`."""
    table = tables.outage
    found = await db.execute(
        select(table.c.started_at, table.c.ended_at)
        .where(table.c.started_at < end, table.c.ended_at > start)
        .order_by(table.c.started_at)
    )
    return [Outage(row.started_at, row.ended_at) for row in found]

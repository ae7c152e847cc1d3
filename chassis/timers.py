"""Timers: rows of the unit of work that schedules them, fired once, in due order, by any replica.

The firing itself is in `chassis.firing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.clock import aware
from chassis.errors import missing
from chassis.tables.state import TIMER

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Listed:
    """A timer as the operator sees it."""

    key: str
    due_at: datetime
    command: str
    attempts: int
    last_error: str | None
    stopped_at: datetime | None


async def schedule(
    uow: UnitOfWork,
    key: str,
    *,
    due_at: datetime,
    command: str,
    payload: Mapping[str, object],
) -> None:
    """Leave exactly one timer of this key, due at `due_at`, in the transaction of `uow`."""
    values = {
        "due_at": aware(due_at),
        "command": command,
        "payload": dict(payload),
        "correlation_id": uow.correlation_id,
        "cause_id": uow.cause_id,
        "scheduled_at": uow.now,
        "attempts": 0,
        "retry_at": None,
        "stopped_at": None,
        "last_error": None,
    }
    statement = insert(TIMER).values(key=key, **values)
    await uow.db.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))
    uow.scheduled = True


async def unschedule(uow: UnitOfWork, key: str) -> None:
    """Leave no timer of this key."""
    await uow.db.execute(TIMER.delete().where(TIMER.c.key == key))


async def next_due(db: AsyncConnection) -> datetime | None:
    """Return when the earliest timer that is not stopped falls due."""
    earliest = select(func.min(TIMER.c.due_at)).where(TIMER.c.stopped_at.is_(None))
    due_at: datetime | None = await db.scalar(earliest)
    return due_at


async def due_count(db: AsyncConnection, now: datetime) -> int:
    """Return how many timers are due and not carried out, those that wait for a retry included."""
    due = select(func.count()).where(TIMER.c.due_at <= now, TIMER.c.stopped_at.is_(None))
    return await db.scalar(due) or 0


async def listed(db: AsyncConnection, *, limit: int) -> list[Listed]:
    """Return the timers, those in trouble first, then by due time."""
    trouble = TIMER.c.attempts.desc()
    names = [TIMER.c[name] for name in Listed.__slots__]
    rows = await db.execute(select(*names).order_by(trouble, TIMER.c.due_at).limit(limit))
    return [Listed(*row) for row in rows]


async def retry(db: AsyncConnection, key: str) -> None:
    """Have a stopped or waiting timer tried again at once. Raises NotFound."""
    values = {"stopped_at": None, "retry_at": None}
    changed = await db.execute(TIMER.update().where(TIMER.c.key == key).values(**values))
    if changed.rowcount == 0:
        raise missing("timer", key)

"""Timers: rows of the unit of work that schedules them, fired once, in due order, by any replica."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import insert

from chassis.clock import aware
from chassis.tables.state import TIMER

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitOfWork


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

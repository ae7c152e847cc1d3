"""Reads of tasks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from services.org.domain import Task
from services.org.queries import views
from services.org.store import tables
from vocabulary import Mode

_TABLE = tables.task


class TaskView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A step owed by one organization; null when nobody holds the function."""

    id: str
    version: int
    title_zh: str
    title_en: str
    status: str
    step: str
    function: str
    after: tuple[str, ...]
    organization_id: str | None
    activation_id: str
    incident_id: str | None
    jurisdiction: str
    created_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    finished_at: datetime | None
    note: str | None
    mode: str
    exercise_id: str | None


async def task(db: AsyncConnection, task_id: str) -> TaskView:
    """Return the task. Raises NotFound."""
    return task_view(await documents.load(db, _TABLE, task_id, Task))


async def tasks(
    db: AsyncConnection,
    request: paging.PageRequest,
    *,
    mode: Mode,
    organization: str | None,
    status: Sequence[str],
    incident: str | None,
    activation: str | None,
) -> paging.Page[TaskView]:
    """Return tasks, soonest due first."""
    given = [
        (_TABLE.c.mode, mode),
        (_TABLE.c.organization_id, organization),
        (_TABLE.c.incident_id, incident),
        (_TABLE.c.activation_id, activation),
    ]
    where = [column == value for column, value in given if value is not None]
    if status:
        where.append(_TABLE.c.status.in_(list(status)))
    return await paging.page(
        db,
        views.whole(_TABLE, *where),
        request,
        order_by=[_TABLE.c.due_at, _TABLE.c.id],
        view=views.decode(Task, task_view),
    )


async def tasks_by_id(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, TaskView]:
    """Return the tasks of these ids."""
    shape = views.decode(Task, task_view)
    return await views.by_key(db, views.whole(_TABLE), _TABLE.c.id, keys, shape=shape)


async def tasks_by_incident(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[TaskView]]:
    """Return the tasks of each incident, soonest due first."""
    return await _lists(db, _TABLE.c.incident_id, keys)


async def tasks_by_activation(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[TaskView]]:
    """Return the tasks of each activation, soonest due first."""
    return await _lists(db, _TABLE.c.activation_id, keys)


def task_view(one: Task) -> TaskView:
    """The task as readers see it."""
    return TaskView(
        id=one.id,
        version=one.version,
        title_zh=one.title_zh,
        title_en=one.title_en,
        status=one.status.value,
        step=one.step,
        function=one.function,
        after=one.after,
        organization_id=one.organization_id,
        activation_id=one.activation_id,
        incident_id=one.incident_id,
        jurisdiction=one.jurisdiction,
        created_at=one.created_at,
        due_at=one.due_at,
        acknowledged_at=one.acknowledged_at,
        finished_at=one.finished_at,
        note=one.note,
        mode=one.mode.value,
        exercise_id=one.exercise_id,
    )


async def _lists(
    db: AsyncConnection,
    column: Column[Any],
    keys: Sequence[str],
) -> dict[str, list[TaskView]]:
    return await views.lists_by_key(
        db,
        views.whole(_TABLE),
        column,
        keys,
        shape=views.decode(Task, task_view),
        order_by=[_TABLE.c.due_at, _TABLE.c.id],
    )

"""Tasks as rows."""

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import OPEN_TASK, Task
from services.org.store import tables
from services.org.store.incident import sealed_with


async def get_task(
    db: AsyncConnection, task_id: str, *, expected_version: int | None = None
) -> Task:
    """Return the task, ours until the unit of work ends.

    Raises NotFound `task-not-found` and VersionConflict.
    """
    return await documents.load(
        db, tables.task, task_id, Task, lock=True, expected_version=expected_version
    )


async def open_tasks_of_activation(db: AsyncConnection, activation_id: str) -> list[Task]:
    """Return the activation's tasks that are not finished, locked."""
    return await _open(db, tables.task.c.activation_id == activation_id, lock=True)


async def tasks_of_activation(db: AsyncConnection, activation_id: str) -> list[Task]:
    """Return the activation's tasks that were not taken back."""
    table = tables.task
    return await documents.find(
        db, table, Task, table.c.activation_id == activation_id, table.c.status != "CANCELLED"
    )


async def open_tasks_of_incident(db: AsyncConnection, incident_id: str) -> list[Task]:
    """Return the incident's tasks that are not finished."""
    return await _open(db, tables.task.c.incident_id == incident_id, lock=False)


async def put_task(db: AsyncConnection, task: Task) -> Task:
    """Store the task."""
    sealed = sealed_with(task.incident_id)
    return await documents.save(db, tables.task, task, incident_sealed=sealed)


async def _open(db: AsyncConnection, where: ColumnElement[bool], *, lock: bool) -> list[Task]:
    table = tables.task
    return await documents.find(
        db, table, Task, where, table.c.status.in_(sorted(OPEN_TASK)), lock=lock
    )

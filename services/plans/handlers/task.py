"""What org says of tasks: how the steps of plans go."""

from typing import TypeAlias

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.org import v1 as org
from services.plans import commands, domain

TaskEvent: TypeAlias = (
    org.TaskCreated
    | org.TaskAcknowledged
    | org.TaskCompleted
    | org.TaskDeclined
    | org.TaskCancelled
    | org.TaskOverdue
)


async def on_task(uow: UnitOfWork, event: Incoming[TaskEvent]) -> None:
    """The record of the step is as org last said it: every event carries the whole task."""
    said = event.body.task
    heard = domain.HeardTask(
        id=said.id,
        activation_id=said.activation_id,
        exercise_id=said.exercise_id,
        step=said.step,
        level=said.level,
        jurisdiction=said.jurisdiction,
        mode=said.mode,
        organization_id=said.organization_id,
        status=said.status,
        owed_at=said.created_at,
        due_at=said.due_at,
        acknowledged_at=said.acknowledged_at,
        finished_at=said.finished_at,
        system_was_up=said.system_was_up,
        as_of=event.time,
    )
    await commands.keep_step(uow, heard)


SUBSCRIPTION = Subscription(
    service="org",
    aggregate="task",
    on={
        "created.v1": (org.TaskCreated, on_task),
        "acknowledged.v1": (org.TaskAcknowledged, on_task),
        "completed.v1": (org.TaskCompleted, on_task),
        "declined.v1": (org.TaskDeclined, on_task),
        "cancelled.v1": (org.TaskCancelled, on_task),
        "overdue.v1": (org.TaskOverdue, on_task),
    },
)

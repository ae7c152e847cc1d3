"""Steps of activated plans, each owed by exactly one accountable organization (ORG-6)."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Conflict
from services.org.domain.activation import Activation, Step
from services.org.domain.organization import Accountable
from vocabulary import Mode, ResponseLevel


class TaskStatus(StrEnum):
    """OVERDUE is still open: it can be done late."""

    OWED = "OWED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    DECLINED = "DECLINED"
    OVERDUE = "OVERDUE"
    CANCELLED = "CANCELLED"


OPEN_TASK = frozenset(
    {TaskStatus.OWED, TaskStatus.ACKNOWLEDGED, TaskStatus.IN_PROGRESS, TaskStatus.OVERDUE}
)


class TaskNotOpen(Conflict):
    """The task is done, declined or cancelled."""

    slug = "task-not-open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A step owed by `organization_id`; absent when nobody holds the function, which is a violation.

    `level` was in force when it was owed. `system_was_up` is False when this system was away for
    part of the time allowed: then lateness counts against nobody (LINK-10).
    """

    id: str
    version: int = 0
    activation_id: str
    incident_id: str | None = None
    step: str
    title_zh: str
    title_en: str
    organization_id: str | None
    rivals: tuple[str, ...] = ()
    function: str
    after: tuple[str, ...] = ()
    status: TaskStatus = TaskStatus.OWED
    created_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None = None
    finished_at: datetime | None = None
    note: str | None = None
    mode: Mode
    exercise_id: str | None = None
    level: ResponseLevel | None = None
    system_was_up: bool | None = None
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class TaskCreated:
    """A step is owed."""

    task: Task


@dataclass(frozen=True, slots=True)
class TaskAcknowledged:
    """The accountable organization knows."""

    task: Task


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """The step is done."""

    task: Task


@dataclass(frozen=True, slots=True)
class TaskDeclined:
    """The accountable organization will not or cannot."""

    task: Task
    reason: str


@dataclass(frozen=True, slots=True)
class TaskCancelled:
    """The plan does not ask for the step any more."""

    task: Task


@dataclass(frozen=True, slots=True)
class TaskOverdue:
    """The time limit of the plan passed and the step is not done."""

    task: Task


def create_task(
    id: str, step: Step, activation: Activation, *, accountable: Accountable, at: datetime
) -> tuple[Task, TaskCreated]:
    """Owe the step from `at`, due after its time limit, by whoever is accountable."""
    organization = accountable.organization
    task = Task(
        id=id,
        activation_id=activation.id,
        incident_id=activation.incident_id,
        step=step.id,
        title_zh=step.title_zh or step.id,
        title_en=step.title_en or step.id,
        organization_id=organization.id if organization else None,
        rivals=accountable.rivals,
        function=step.function,
        after=step.after,
        created_at=at,
        due_at=at + timedelta(minutes=step.time_limit_minutes),
        mode=activation.mode,
        exercise_id=activation.exercise_id,
        level=activation.level,
        jurisdiction=activation.jurisdiction,
    )
    return task, TaskCreated(task)


def acknowledge_task(task: Task, *, now: datetime) -> tuple[Task, TaskAcknowledged | None]:
    """Record that its organization knows; no event when it did. Raises TaskNotOpen."""
    _check(task)
    if task.acknowledged_at is not None:
        return task, None
    late = task.status is TaskStatus.OVERDUE
    status = TaskStatus.OVERDUE if late else TaskStatus.ACKNOWLEDGED
    known = dataclasses.replace(task, status=status, acknowledged_at=now)
    return known, TaskAcknowledged(known)


def complete_task(task: Task, *, now: datetime, note: str | None) -> tuple[Task, TaskCompleted]:
    """Record that the step is done. Raises TaskNotOpen."""
    _check(task)
    done = dataclasses.replace(
        task,
        status=TaskStatus.DONE,
        acknowledged_at=task.acknowledged_at or now,
        finished_at=now,
        note=note,
    )
    return done, TaskCompleted(done)


def decline_task(task: Task, *, now: datetime, reason: str) -> tuple[Task, TaskDeclined]:
    """Record that it is not taken on, and why. Raises TaskNotOpen."""
    _check(task)
    declined = dataclasses.replace(task, status=TaskStatus.DECLINED, finished_at=now, note=reason)
    return declined, TaskDeclined(declined, reason)


def cancel_task(task: Task, *, now: datetime) -> tuple[Task, TaskCancelled | None]:
    """Take the step back; no event when it is not open."""
    if task.status not in OPEN_TASK:
        return task, None
    cancelled = dataclasses.replace(task, status=TaskStatus.CANCELLED, finished_at=now)
    return cancelled, TaskCancelled(cancelled)


def run_task_overdue(task: Task, *, now: datetime) -> tuple[Task, TaskOverdue | None]:
    """Record that the time limit passed; no event when the step is finished or raised already."""
    if task.status not in OPEN_TASK - {TaskStatus.OVERDUE} or now < task.due_at:
        return task, None
    overdue = dataclasses.replace(task, status=TaskStatus.OVERDUE)
    return overdue, TaskOverdue(overdue)


def tell_uptime(task: Task, *, system_was_up: bool | None) -> Task:
    """Keep whether this system was there; once it was away in the time allowed, it was (LINK-10)."""
    if task.system_was_up is False:
        return task
    return dataclasses.replace(task, system_was_up=system_was_up)


def _check(task: Task) -> None:
    if task.status not in OPEN_TASK:
        raise TaskNotOpen(f"The task is {task.status}.", currentStatus=task.status)

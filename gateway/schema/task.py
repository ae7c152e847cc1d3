"""Tasks: steps of an activated plan, each owed by one organization."""

from datetime import datetime
from enum import StrEnum

import strawberry

from gateway import fields
from gateway.schema.node import Node
from gateway.schema.permission import Permission
from gateway.schema.places import (
    ActivationRef,
    ExerciseRef,
    IncidentRef,
    Jurisdiction,
    Organization,
)
from vocabulary import Mode


@strawberry.enum
class TaskStatus(StrEnum):
    """How a task stands."""

    OWED = "OWED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    DECLINED = "DECLINED"
    OVERDUE = "OVERDUE"
    CANCELLED = "CANCELLED"


@strawberry.type(description="A step of an activated plan, owed by one organization.")
class Task(Node):
    """What one organization has to do, and by when."""

    version: int
    title: str = fields.label("title")
    status: TaskStatus
    step: str
    function: str
    after: list[str] = fields.listed("after", description="Steps that come before it.")
    organization: Organization | None = fields.joined(
        "Task.organization",
        description="The one accountable organization; null when none holds the function.",
    )
    activation: ActivationRef | None = fields.joined("Task.activation")
    incident: IncidentRef | None = fields.joined("Task.incident")
    jurisdiction: Jurisdiction | None = fields.joined("Task.jurisdiction")
    created_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    finished_at: datetime | None
    note: str | None
    mode: Mode
    exercise: ExerciseRef | None = fields.joined("Task.exercise")
    viewer_permissions: list[Permission] | None = fields.permissions("Task")

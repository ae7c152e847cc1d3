"""What is said of tasks."""

from chassis.messages import Message, Published
from contracts.org import v1 as contract
from services.org import domain
from services.org.events import wire

_Body = (
    contract.TaskCreated
    | contract.TaskAcknowledged
    | contract.TaskCompleted
    | contract.TaskDeclined
    | contract.TaskCancelled
    | contract.TaskOverdue
)

PUBLISHED = (
    Published(
        aggregate="task",
        event="created",
        body=contract.TaskCreated,
        meaning="A step of an activated plan is owed; organization absent: nobody holds the function.",
    ),
    Published(
        aggregate="task",
        event="acknowledged",
        body=contract.TaskAcknowledged,
        meaning="The accountable organization knows.",
    ),
    Published(
        aggregate="task",
        event="completed",
        body=contract.TaskCompleted,
        meaning="The step is done.",
    ),
    Published(
        aggregate="task",
        event="declined",
        body=contract.TaskDeclined,
        meaning="The accountable organization will not or cannot, for the reason given.",
    ),
    Published(
        aggregate="task",
        event="cancelled",
        body=contract.TaskCancelled,
        meaning="The plan does not ask for the step any more.",
    ),
    Published(
        aggregate="task",
        event="overdue",
        body=contract.TaskOverdue,
        meaning="The time limit of the plan passed; it can still be done late.",
    ),
)


def created(said: domain.TaskCreated) -> Message:
    """The task as it is owed."""
    return _message("created", said.task, contract.TaskCreated(task=_body(said.task)))


def acknowledged(said: domain.TaskAcknowledged) -> Message:
    """The task as acknowledged."""
    return _message("acknowledged", said.task, contract.TaskAcknowledged(task=_body(said.task)))


def completed(said: domain.TaskCompleted) -> Message:
    """The task as done."""
    return _message("completed", said.task, contract.TaskCompleted(task=_body(said.task)))


def declined(said: domain.TaskDeclined) -> Message:
    """The task and why it is not taken on."""
    body = contract.TaskDeclined(task=_body(said.task), reason=said.reason)
    return _message("declined", said.task, body)


def cancelled(said: domain.TaskCancelled) -> Message:
    """The task as taken back."""
    return _message("cancelled", said.task, contract.TaskCancelled(task=_body(said.task)))


def overdue(said: domain.TaskOverdue) -> Message:
    """The task past its time limit."""
    return _message("overdue", said.task, contract.TaskOverdue(task=_body(said.task)))


def _message(event: str, task: domain.Task, body: _Body) -> Message:
    return wire.message(
        body, aggregate="task", event=event, id=task.id, area=task.jurisdiction, mode=task.mode
    )


def _body(one: domain.Task) -> contract.Task:
    return contract.Task(
        id=one.id,
        activation_id=one.activation_id,
        incident_id=one.incident_id,
        step=one.step,
        title_zh=one.title_zh,
        title_en=one.title_en,
        organization_id=one.organization_id,
        function=one.function,
        status=one.status.value,
        due_at=one.due_at,
        mode=one.mode,
        exercise_id=one.exercise_id,
        jurisdiction=one.jurisdiction,
        created_at=one.created_at,
        acknowledged_at=one.acknowledged_at,
        finished_at=one.finished_at,
        level=one.level,
        system_was_up=one.system_was_up,
    )


MESSAGES = {
    domain.TaskCreated: created,
    domain.TaskAcknowledged: acknowledged,
    domain.TaskCompleted: completed,
    domain.TaskDeclined: declined,
    domain.TaskCancelled: cancelled,
    domain.TaskOverdue: overdue,
}

"""Commands on tasks: owed by the accountable organization, acknowledged, done, declined, taken back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.org import domain, events, store
from services.org.commands import obligation as obligations
from services.org.commands import outage, target


async def create_tasks(uow: UnitOfWork, activation: domain.Activation, *, at: datetime) -> None:
    """Owe each step of the activation that is not owed yet; due times count from `at`."""
    present = {one.step for one in await store.tasks_of_activation(uow.db, activation.id)}
    known = await store.organizations_over(uow.db, activation.jurisdiction)
    for step in activation.steps:
        if step.id not in present:
            await _create(uow, activation, step, known=known, at=at)


async def acknowledge_task(uow: UnitOfWork, task_id: str, *, expected_version: int) -> domain.Task:
    """Record that the caller's organization knows. Raises TaskNotOpen, NotFound."""
    task, by = await _get(uow, "acknowledge_task", task_id, expected_version)
    task, acknowledged = domain.acknowledge_task(task, now=uow.now)
    return await _settle(uow, task, acknowledged, by=by)


async def complete_task(
    uow: UnitOfWork, task_id: str, *, expected_version: int, note: str | None = None
) -> domain.Task:
    """Record that the step is done. Raises TaskNotOpen, NotFound."""
    task, by = await _get(uow, "complete_task", task_id, expected_version)
    task = await _excused(uow, task)
    task, done = domain.complete_task(task, now=uow.now, note=note)
    return await _settle(uow, task, done, by=by)


async def decline_task(
    uow: UnitOfWork, task_id: str, *, expected_version: int, reason: str
) -> domain.Task:
    """Record that the organization will not or cannot. Raises TaskNotOpen, NotFound."""
    task, by = await _get(uow, "decline_task", task_id, expected_version)
    task, declined = domain.decline_task(task, now=uow.now, reason=reason)
    return await _settle(uow, task, declined, by=by)


async def cancel_tasks(
    uow: UnitOfWork, activation: domain.Activation, *, keep: Iterable[str]
) -> None:
    """Take back the open tasks of the activation whose steps are not in `keep`."""
    kept = set(keep)
    for one in await store.open_tasks_of_activation(uow.db, activation.id):
        if one.step in kept:
            continue
        task, cancelled = domain.cancel_task(await _excused(uow, one), now=uow.now)
        if cancelled is not None:
            task = await store.put_task(uow.db, task)
            await uow.publish(events.to_message(cancelled))
            await uow.unschedule(f"task/{task.id}")
            await obligations.waive(
                uow, await _acknowledgements(uow, task), "the task was taken back"
            )


async def run_task_overdue(uow: UnitOfWork, task_id: str) -> None:
    """Raise that the plan's time limit passed; nothing when the step is finished."""
    task = await store.get_task(uow.db, task_id)
    task, overdue = domain.run_task_overdue(await _excused(uow, task), now=uow.now)
    if overdue is not None:
        await store.put_task(uow.db, task)
        await uow.publish(events.to_message(overdue))


async def _excused(uow: UnitOfWork, task: domain.Task) -> domain.Task:
    """The task, saying whether this system was there for all of the time allowed."""
    until = min(uow.now, task.due_at)
    was_up = await outage.system_was_up(uow, task.created_at, until)
    return domain.tell_uptime(task, system_was_up=was_up)


async def _create(
    uow: UnitOfWork,
    activation: domain.Activation,
    step: domain.Step,
    *,
    known: Sequence[domain.Organization],
    at: datetime,
) -> None:
    accountable = domain.accountable(known, step.function, activation.jurisdiction)
    task, created = domain.create_task(
        uow.new_id("tsk"), step, activation, accountable=accountable, at=at
    )
    task = await store.put_task(uow.db, task)
    await uow.publish(events.to_message(created))
    await uow.schedule(
        f"task/{task.id}", due_at=task.due_at, command="task_due", payload={"task": task.id}
    )
    if task.organization_id is not None:
        await _owe_acknowledgement(uow, task, activation, owed_by=task.organization_id, at=at)


async def _owe_acknowledgement(
    uow: UnitOfWork,
    task: domain.Task,
    activation: domain.Activation,
    *,
    owed_by: str,
    at: datetime,
) -> None:
    wanted = obligations.draft(
        uow,
        domain.ObligationKind.ACKNOWLEDGE_TASK,
        key=f"ACKNOWLEDGE_TASK/{task.id}",
        owed_by=owed_by,
        owed_to=activation.organization_id,
        subject=domain.Subject(domain.SubjectKind.TASK, task.id),
        title=(f"任务:{task.title_zh}", f"task: {task.title_en}"),
        at=at,
        mode=task.mode,
        exercise_id=task.exercise_id,
        jurisdiction=task.jurisdiction,
        emergency_type=activation.emergency_type,
        incident_id=task.incident_id,
        activation_id=task.activation_id,
    )
    await obligations.owe(uow, wanted)


async def _get(
    uow: UnitOfWork, action: str, task_id: str, expected_version: int
) -> tuple[domain.Task, str]:
    """The task, locked, that the caller may do this to, and in whose name they do."""
    task = await store.get_task(uow.db, task_id)
    decision = uow.authorize(action, await target.of_task(uow.db, task))
    await documents.current(uow.db, store.tables.task, task, expected_version)
    organization = decision.grant.organization if decision.grant else None
    return task, organization or uow.caller.subject


async def _settle(
    uow: UnitOfWork, task: domain.Task, said: object | None, *, by: str
) -> domain.Task:
    if said is None:
        return task
    task = await store.put_task(uow.db, task)
    await uow.publish(events.to_message(said))
    if task.status not in domain.OPEN_TASK:
        await uow.unschedule(f"task/{task.id}")
    await obligations.answer_all(uow, await _acknowledgements(uow, task), at=uow.now, by=by)
    return task


async def _acknowledgements(uow: UnitOfWork, task: domain.Task) -> list[domain.Obligation]:
    return await store.open_obligations(
        uow.db, domain.ObligationKind.ACKNOWLEDGE_TASK, subject_id=task.id
    )

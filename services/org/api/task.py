"""Routes of tasks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis import edge
from chassis.edge import Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Because, Expecting, Identity, Reason
from services.org.queries import TaskView
from vocabulary import Mode

router = APIRouter(tags=["tasks"])


class CompleteTask(Expecting):
    """The version that the caller has seen, and what is worth saying."""

    note: Reason | None = None


@router.post("/v1/tasks/{task_id}/acknowledge", responses=edge.answers(TaskView))
async def acknowledge_task(
    task_id: str, body: Expecting, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say that the caller's organization knows of its task."""

    async def acknowledge(uow: UnitOfWork) -> TaskView:
        expected = body.expected_version
        return queries.task_view(
            await commands.acknowledge_task(uow, task_id, expected_version=expected)
        )

    return await edge.command(acknowledge)


@router.post("/v1/tasks/{task_id}/complete", responses=edge.answers(TaskView))
async def complete_task(
    task_id: str, body: CompleteTask, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say that the step is done."""

    async def complete(uow: UnitOfWork) -> TaskView:
        return queries.task_view(
            await commands.complete_task(
                uow, task_id, expected_version=body.expected_version, note=body.note
            )
        )

    return await edge.command(complete)


@router.post("/v1/tasks/{task_id}/decline", responses=edge.answers(TaskView))
async def decline_task(
    task_id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say that the organization will not or cannot, and why."""

    async def decline(uow: UnitOfWork) -> TaskView:
        return queries.task_view(
            await commands.decline_task(
                uow, task_id, expected_version=body.expected_version, reason=body.reason
            )
        )

    return await edge.command(decline)


@router.get("/v1/tasks", responses=edge.answers(Page[TaskView]))
async def tasks(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Mode = Mode.REAL,
    organization: Identity | None = None,
    incident: Identity | None = None,
    activation: Identity | None = None,
    status: Annotated[list[domain.TaskStatus], Query()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """List tasks, soonest due first."""
    return await edge.read(
        lambda db: queries.tasks(
            db,
            page,
            mode=mode,
            organization=organization,
            status=status,
            incident=incident,
            activation=activation,
        )
    )


@router.get("/v1/tasks/{task_id}", responses=edge.answers(TaskView))
async def task(task_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one task."""
    return await edge.read(lambda db: queries.task(db, task_id))


router.include_router(edge.batch("tasks", TaskView, queries.tasks_by_id))
router.include_router(edge.batch("tasks-by-incident", list[TaskView], queries.tasks_by_incident))
router.include_router(
    edge.batch("tasks-by-activation", list[TaskView], queries.tasks_by_activation)
)

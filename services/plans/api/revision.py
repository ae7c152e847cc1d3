"""What asks for a revision, where a person is the first to know."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain, queries
from services.plans.api.bodies import PlanId, PlanVersion, Words

router = APIRouter(tags=["plans"])


class TriggerRevision(Body):
    """On which ground the version has to be revised, and what happened."""

    ground: domain.RevisionGround
    note: Words
    expected_version: int | None = None


@router.post(
    "/v1/plans/{plan_id}/versions/{plan_version}/triggers",
    responses=edge.answers(queries.PlanVersionView),
)
async def trigger_revision(
    plan_id: PlanId,
    plan_version: PlanVersion,
    body: TriggerRevision,
    edge: Annotated[Edge, Depends(edge.edge)],
) -> Response:
    """Record that something asks for a revision of the version."""

    async def command(uow: UnitOfWork) -> queries.PlanVersionView:
        plan = await commands.trigger_revision(
            uow,
            domain.version_id(plan_id, plan_version),
            ground=body.ground,
            note=body.note,
            expected_version=body.expected_version,
        )
        return queries.plan_view(plan)

    return await edge.command(command)

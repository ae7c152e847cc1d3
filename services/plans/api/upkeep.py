"""The upkeep of plans: drills and reviews that were held outside this system."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain, queries
from services.plans.api.bodies import Identity, Instant, PlanId, PlanVersion, Words

router = APIRouter(tags=["plans"])

AnEdge = Annotated[Edge, Depends(edge.edge)]


class RecordDrill(Body):
    """When the drill was held and by whom; `note` says what shows it."""

    held_at: Instant
    organization: Identity
    note: Words
    expected_version: int | None = None


class RecordReview(Body):
    """When the plan was reviewed and by whom, with what outcome; `note` says what shows it."""

    held_at: Instant
    organization: Identity
    note: Words
    is_fit: bool
    expected_version: int | None = None


@router.post(
    "/v1/plans/{plan_id}/versions/{plan_version}/drills",
    responses=edge.answers(queries.PlanVersionView),
)
async def record_drill(
    plan_id: PlanId, plan_version: PlanVersion, body: RecordDrill, edge: AnEdge
) -> Response:
    """Record a drill that was held elsewhere; the drill cycle is counted from it."""

    async def command(uow: UnitOfWork) -> queries.PlanVersionView:
        by = commands.officer_of(uow.caller).by
        drill = domain.Drill(body.held_at, body.organization, body.note, uow.now, by)
        id = domain.version_id(plan_id, plan_version)
        plan = await commands.record_drill(uow, id, drill, expected_version=body.expected_version)
        return queries.plan_view(plan)

    return await edge.command(command)


@router.post(
    "/v1/plans/{plan_id}/versions/{plan_version}/reviews",
    responses=edge.answers(queries.PlanVersionView),
)
async def record_review(
    plan_id: PlanId, plan_version: PlanVersion, body: RecordReview, edge: AnEdge
) -> Response:
    """Record a review of the plan; the review cycle is counted from it."""

    async def command(uow: UnitOfWork) -> queries.PlanVersionView:
        by = commands.officer_of(uow.caller).by
        review = domain.Review(body.held_at, body.organization, body.note, uow.now, by, body.is_fit)
        id = domain.version_id(plan_id, plan_version)
        plan = await commands.record_review(uow, id, review, expected_version=body.expected_version)
        return queries.plan_view(plan)

    return await edge.command(command)

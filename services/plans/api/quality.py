"""Quality reports, conformity to superiors, the trend over versions, and the worst plans of a division."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis import edge
from chassis.edge import Edge
from chassis.paging import Page, PageRequest
from services.plans import queries

router = APIRouter(tags=["quality"])

Paging = Annotated[PageRequest, Depends(edge.page)]
AnEdge = Annotated[Edge, Depends(edge.edge)]
Code = Annotated[str, Query(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")]


@router.get(
    "/v1/plans/{plan_id}/versions/{plan_version}/quality",
    responses=edge.answers(queries.QualityView),
)
async def get_quality(plan_id: str, plan_version: str, edge: AnEdge) -> Response:
    """The quality report of one version, draft or not, by what is known now."""
    return await edge.read(lambda db: queries.quality(db, plan_id, plan_version))


@router.get(
    "/v1/plans/{plan_id}/versions/{plan_version}/conformity",
    responses=edge.answers(list[queries.ConformityView]),
)
async def get_conformity(plan_id: str, plan_version: str, edge: AnEdge) -> Response:
    """One version beside each plan that it has to conform to, by the versions that rule now."""
    return await edge.read(lambda db: queries.conformity(db, plan_id, plan_version))


@router.get("/v1/plans/{plan_id}/quality", responses=edge.answers(list[queries.QualityPointView]))
async def get_quality_trend(plan_id: str, edge: AnEdge) -> Response:
    """Every version of the plan by one yardstick, the earliest effective first."""
    return await edge.read(lambda db: queries.quality_trend(db, plan_id))


@router.get("/v1/plan-quality", responses=edge.answers(Page[queries.QualityPointView]))
async def list_worst_plans(edge: AnEdge, page: Paging, jurisdiction: Code) -> Response:
    """The plans in force in a division and within it, the lowest score first."""
    return await edge.read(lambda db: queries.worst_plans(db, page, jurisdiction=jurisdiction))


router.include_router(edge.batch("planQuality", queries.QualityView, queries.quality_by_id))
router.include_router(
    edge.batch("planQualityTrend", list[queries.QualityPointView], queries.trends_by_plan)
)
router.include_router(
    edge.batch("planConformity", list[queries.ConformityView], queries.conformity_by_id)
)

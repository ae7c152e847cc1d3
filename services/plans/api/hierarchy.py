"""The hierarchy of plans: its rule, the tree of a division, what stands above and below a version."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from chassis import edge
from chassis.edge import Edge
from services.plans import queries

router = APIRouter(tags=["hierarchy"])

AnEdge = Annotated[Edge, Depends(edge.edge)]
Code = Annotated[str, Query(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")]


@router.get("/v1/plan-hierarchy", responses=edge.answers(list[queries.PlanPlaceView]))
async def get_plan_tree(edge: AnEdge, jurisdiction: Code) -> Response:
    """The plans in force in a division and within it, with those above them, the top first."""
    at = edge.runtime.clock.now()
    return await edge.read(lambda db: queries.plan_tree(db, jurisdiction, at=at))


@router.get("/v1/plan-hierarchy/rule", responses=edge.answers(queries.HierarchyRuleView))
async def get_hierarchy_rule(edge: AnEdge, at: AwareDatetime | None = None) -> Response:
    """What each kind of plan may regulate and has to conform to, by the version in force."""

    async def rule(_: object) -> queries.HierarchyRuleView:
        return queries.hierarchy_rule(at or edge.runtime.clock.now())

    return await edge.read(rule)


router.include_router(
    edge.batch("planSuperiors", list[queries.PlanVersionView], queries.plan_superiors)
)
router.include_router(
    edge.batch("planSubordinates", list[queries.PlanVersionView], queries.plan_subordinates)
)

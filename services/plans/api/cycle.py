"""What plans owe by the calendar: due and overdue drills and reviews."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from chassis import edge
from chassis.edge import Edge
from chassis.paging import Page, PageRequest
from services.plans import domain, queries
from services.plans.api.bodies import Division

router = APIRouter()

Paging = Annotated[PageRequest, Depends(edge.page)]
AnEdge = Annotated[Edge, Depends(edge.edge)]


@router.get("/v1/due-plans", tags=["plans"], responses=edge.answers(Page[queries.PlanCycleView]))
async def list_due_plans(
    edge: AnEdge,
    page: Paging,
    jurisdiction: Division = None,
    kind: domain.CycleKind | None = None,
    state: domain.CycleState | None = None,
) -> Response:
    """Drills and reviews that are due or overdue (or UPCOMING, if asked), the most overdue first.

    A division's list holds those of all divisions below it.
    """
    asked = queries.CycleFilter(jurisdiction=jurisdiction, kind=kind, state=state)
    return await edge.read(lambda db: queries.due_plans(db, page, asked))


router.include_router(
    edge.batch("cyclesByPlan", list[queries.PlanCycleView], queries.cycles_by_plan)
)

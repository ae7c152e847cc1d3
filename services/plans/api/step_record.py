"""How steps of plans went."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis import edge
from chassis.edge import Edge
from chassis.paging import Page, PageRequest
from services.plans import queries
from vocabulary import Mode

router = APIRouter(tags=["step records"])


@router.get("/v1/step-records", responses=edge.answers(Page[queries.StepRecordView]))
async def list_step_records(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    plan_id: Annotated[str | None, Query(alias="planId")] = None,
    step: str | None = None,
    activation_id: Annotated[str | None, Query(alias="activationId")] = None,
    exercise_id: Annotated[str | None, Query(alias="exerciseId")] = None,
    mode: Mode = Mode.REAL,
) -> Response:
    """Step records, the latest owed first: real ones unless an exercise or its mode is asked for."""
    return await edge.read(
        lambda db: queries.step_records(
            db,
            page,
            now=edge.runtime.clock.now(),
            plan_id=plan_id,
            step=step,
            activation_id=activation_id,
            exercise_id=exercise_id,
            mode=mode,
        )
    )

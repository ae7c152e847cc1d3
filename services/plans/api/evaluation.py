"""Evaluation records, and what plans would say to supposed facts."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, Field

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from services.plans import domain, queries
from vocabulary import Mode

router = APIRouter(tags=["evaluations"])

Paging = Annotated[PageRequest, Depends(edge.page)]
EARLIEST, LATEST = datetime(1950, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC)
AnEdge = Annotated[Edge, Depends(edge.edge)]


class SupposedFact(Body):
    """A figure that somebody supposes; `value` null is unknown."""

    metric: str
    value: float | None = None
    unit: str | None = None
    source: str = "supposed"
    observed_at: AwareDatetime | None = None


class Explain(Body):
    """Facts to put before every plan in force."""

    jurisdiction: str = Field(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")
    emergency_type: str
    facts: list[SupposedFact] = Field(default_factory=list, max_length=100)
    at: Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)] | None = None


@router.get("/v1/evaluations", responses=edge.answers(Page[queries.EvaluationView]))
async def list_evaluations(
    edge: AnEdge,
    page: Paging,
    plan_id: Annotated[str | None, Query(alias="planId")] = None,
    activation_id: Annotated[str | None, Query(alias="activationId")] = None,
    mode: Mode = Mode.REAL,
) -> Response:
    """Evaluation records, newest first, as known then."""
    return await edge.read(
        lambda db: queries.evaluations(
            db, page, plan_id=plan_id, activation_id=activation_id, mode=mode
        )
    )


@router.get("/v1/evaluations/{id}", responses=edge.answers(queries.EvaluationView))
async def get_evaluation(id: str, edge: AnEdge) -> Response:
    """One evaluation record."""
    return await edge.read(lambda db: queries.evaluation(db, id))


@router.post("/v1/explain", responses=edge.answers(list[queries.SupposedView]))
async def explain(body: Explain, edge: AnEdge) -> Response:
    """What each plan in force would say to these facts. Changes nothing."""
    at = body.at or edge.runtime.clock.now()
    return await edge.read(
        lambda db: queries.explain(
            db,
            jurisdiction=body.jurisdiction,
            emergency_type=body.emergency_type,
            facts=[_stated(fact, at) for fact in body.facts],
            at=at,
        )
    )


router.include_router(
    edge.batch(
        "evaluationsByActivation", list[queries.EvaluationView], queries.evaluations_by_activation
    )
)


def _stated(fact: SupposedFact, at: datetime) -> domain.StatedFact:
    return domain.StatedFact(
        metric=fact.metric,
        value=fact.value,
        unit=fact.unit,
        source=fact.source,
        observed_at=fact.observed_at or at,
    )

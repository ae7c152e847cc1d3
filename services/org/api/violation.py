"""The route of violations: where the organization breaks its own rules."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from chassis import edge
from chassis.edge import Edge
from services.org import queries
from services.org.api.bodies import Code
from services.org.queries import ViolationView
from vocabulary import Mode

router = APIRouter(tags=["violations"])


@router.get("/v1/violations", responses=edge.answers(list[ViolationView]))
async def violations(
    edge: Annotated[Edge, Depends(edge.edge)],
    mode: Mode = Mode.REAL,
    jurisdiction: Code | None = None,
) -> Response:
    """List what breaks a rule now."""
    return await edge.read(lambda db: queries.violations(db, mode=mode, jurisdiction=jurisdiction))

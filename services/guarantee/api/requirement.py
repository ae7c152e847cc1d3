"""Routes of requirements: listed, and a shortage let climb the mobilisation tiers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis import edge
from chassis.edge import Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands, queries
from services.guarantee.api.bodies import Expecting
from services.guarantee.domain.requirement import RequirementStatus
from services.guarantee.queries import RequirementView
from vocabulary import Mode

router = APIRouter(tags=["requirements"])


@router.post("/v1/requirements/{id}/widen", responses=edge.answers(RequirementView))
async def widen_requirement(
    id: str, body: Expecting, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Let a shortage reach one mobilisation tier further."""

    async def widen(uow: UnitOfWork) -> RequirementView:
        widened = await commands.widen_requirement(uow, id, expected_version=body.expected_version)
        return queries.requirement_view(widened)

    return await edge.command(widen)


@router.get("/v1/requirements", responses=edge.answers(Page[RequirementView]))
async def list_requirements(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Annotated[Mode, Query()] = Mode.REAL,
    status: Annotated[RequirementStatus | None, Query()] = None,
    activation_id: Annotated[str | None, Query(alias="activationId")] = None,
) -> Response:
    """List requirements, newest first."""
    return await edge.read(
        lambda db: queries.requirements(
            db, page, mode=mode, status=status, activation_id=activation_id
        )
    )


@router.get("/v1/requirements/{id}", responses=edge.answers(RequirementView))
async def get_requirement(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one requirement."""
    return await edge.read(lambda db: queries.requirement(db, id))


router.include_router(edge.batch("requirements", RequirementView, queries.requirements_by_id))
for _name, _read in (
    ("requirements-by-activation", queries.requirements_by_activation),
    ("unmet-by-activation", queries.unmet_by_activation),
    ("unmet-by-incident", queries.unmet_by_incident),
):
    router.include_router(edge.batch(_name, list[RequirementView], _read))

"""Routes of jurisdictions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Code, GeoJson, Line
from services.org.queries import JurisdictionView
from vocabulary import JurisdictionState

router = APIRouter(tags=["jurisdictions"])


class PutJurisdiction(Body):
    """A division as it is to be."""

    name_zh: Line
    name_en: Line
    parent: Code | None = None
    population: int | None = None
    area_km2: float | None = None
    boundary_geojson: GeoJson | None = None
    state: JurisdictionState = JurisdictionState.NORMAL
    expected_version: int | None = None


@router.put("/v1/jurisdictions/{code}", responses=edge.answers(JurisdictionView))
async def put_jurisdiction(
    code: str, body: PutJurisdiction, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Make the division as told; doing it again changes nothing."""
    wanted = domain.Jurisdiction(id=code, **body.model_dump(exclude={"expected_version"}))

    async def put(uow: UnitOfWork) -> JurisdictionView:
        expected = body.expected_version
        return queries.jurisdiction_view(
            await commands.put_jurisdiction(uow, wanted, expected_version=expected)
        )

    return await edge.command(put)


@router.get("/v1/jurisdictions", responses=edge.answers(Page[JurisdictionView]))
async def jurisdictions(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    within: Code | None = None,
) -> Response:
    """List divisions by code."""
    return await edge.read(lambda db: queries.jurisdictions(db, page, within=within))


@router.get("/v1/jurisdictions/{code}", responses=edge.answers(JurisdictionView))
async def jurisdiction(code: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one division."""
    return await edge.read(lambda db: queries.jurisdiction(db, code))


router.include_router(edge.batch("jurisdictions", JurisdictionView, queries.jurisdictions_by_code))
router.include_router(
    edge.batch("jurisdictions-by-parent", list[JurisdictionView], queries.jurisdictions_by_parent)
)

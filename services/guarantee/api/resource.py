"""Routes of the inventory."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from chassis import edge
from chassis.edge import Body, Edge
from chassis.errors import Invalid
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands, queries
from services.guarantee.api.bodies import Code, Identity, Instant, Line, PlaceBody, Reason
from services.guarantee.domain.ledger import Ledger
from services.guarantee.domain.resource import Readiness, ResourceKind
from services.guarantee.queries import ResourceView
from vocabulary import Mode, Place, to_wgs84

router = APIRouter(tags=["resources"])


class PlaceImpossible(Invalid):
    """The coordinates are not on Earth."""

    slug = "place-impossible"


class PutResource(Body):
    """A resource as its keeper states it."""

    expected_version: int | None = None
    name_zh: Line
    name_en: Line
    kind: ResourceKind
    capabilities: Annotated[tuple[Line, ...], Field(min_length=1)]
    quantity: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
    unit: Line
    owner: Identity
    is_whole: bool | None = None
    jurisdiction: Code | None = None
    place: PlaceBody | None = None
    readiness: Readiness = Readiness.READY
    readiness_reason: Reason | None = None
    qualification_expires_at: Instant | None = None
    tier: Line | None = None


@router.put("/v1/resources/{id}", responses=edge.answers(ResourceView))
async def put_resource(
    id: Identity, body: PutResource, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Have the resource as stated; the same again changes nothing."""
    form = commands.ResourceForm(
        name_zh=body.name_zh,
        name_en=body.name_en,
        kind=body.kind,
        capabilities=body.capabilities,
        quantity=body.quantity,
        unit=body.unit,
        owner=body.owner,
        is_whole=body.is_whole,
        jurisdiction=body.jurisdiction,
        place=_place(body.place),
        place_given=None if body.place is None else body.place.model_dump_json(),
        readiness=body.readiness,
        readiness_reason=body.readiness_reason,
        qualification_expires_at=body.qualification_expires_at,
        tier=body.tier,
    )

    async def put(uow: UnitOfWork) -> ResourceView:
        stored = await commands.put_resource(uow, id, form, expected_version=body.expected_version)
        return await queries.resource(uow.db, stored.id)

    return await edge.command(put)


@router.get("/v1/resources", responses=edge.answers(Page[ResourceView]))
async def list_resources(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Annotated[Mode, Query(description="Whose bookings count.")] = Mode.REAL,
    capability: Annotated[str | None, Query()] = None,
    owner: Annotated[str | None, Query()] = None,
    jurisdiction: Annotated[Code | None, Query()] = None,
    exercise_id: Annotated[str | None, Query(alias="exerciseId")] = None,
) -> Response:
    """List the inventory with what is free of it; an exercise's bookings are none but its own."""
    ledger = Ledger(mode, exercise_id if mode is Mode.EXERCISE else None)
    return await edge.read(
        lambda db: queries.resources(
            db, page, ledger=ledger, capability=capability, owner=owner, jurisdiction=jurisdiction
        )
    )


@router.get("/v1/resources/{id}", responses=edge.answers(ResourceView))
async def get_resource(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one resource."""
    return await edge.read(lambda db: queries.resource(db, id))


router.include_router(edge.batch("resources", ResourceView, queries.resources_by_id))


def _place(body: PlaceBody | None) -> Place | None:
    try:
        return None if body is None else to_wgs84(body.longitude, body.latitude, body.crs)
    except ValueError as error:
        raise PlaceImpossible(
            str(error), field=("place",), remedy="Longitude comes first; name the crs."
        ) from None

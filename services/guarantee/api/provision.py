"""Routes of legal provisions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import PositiveInt

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands, queries
from services.guarantee.api.bodies import Code, Identity, Instant, Line, Text
from services.guarantee.domain.provision import Provision
from services.guarantee.queries import ProvisionView
from vocabulary import OrganizationKind, ResponseLevel

router = APIRouter(tags=["provisions"])


class PutProvision(Body):
    """A provision as it should stand."""

    expected_version: int | None = None
    instrument: Line
    article: Line
    measures: tuple[Line, ...]
    held_by: tuple[OrganizationKind, ...]
    source: Text
    valid_from: Instant
    valid_to: Instant | None = None
    minimum_level: ResponseLevel | None = None
    territory: Code | None = None
    maximum_duration_minutes: PositiveInt | None = None


@router.put("/v1/provisions/{id}", responses=edge.answers(ProvisionView))
async def put_provision(
    id: Identity, body: PutProvision, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Have the provision as stated; the same again changes nothing."""
    stated = Provision(
        id=id,
        instrument=body.instrument,
        article=body.article,
        measures=body.measures,
        held_by=body.held_by,
        source=body.source,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        minimum_level=body.minimum_level,
        territory=body.territory,
        maximum_duration_minutes=body.maximum_duration_minutes,
    )

    async def put(uow: UnitOfWork) -> ProvisionView:
        stored = await commands.put_provision(uow, stated, expected_version=body.expected_version)
        return queries.provision_view(stored)

    return await edge.command(put)


@router.get("/v1/provisions", responses=edge.answers(Page[ProvisionView]))
async def list_provisions(
    edge: Annotated[Edge, Depends(edge.edge)], page: Annotated[PageRequest, Depends(edge.page)]
) -> Response:
    """List provisions."""
    return await edge.read(lambda db: queries.provisions(db, page))


@router.get("/v1/provisions/{id}", responses=edge.answers(ProvisionView))
async def get_provision(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one provision."""
    return await edge.read(lambda db: queries.provision(db, id))

"""Routes of organizations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Code, Identity, Line
from services.org.queries import OrganizationView
from vocabulary import OrganizationKind

router = APIRouter(tags=["organizations"])


class PutOrganization(Body):
    """An organization as it is to be."""

    name_zh: Line
    name_en: Line
    kind: OrganizationKind
    jurisdiction: Code
    parent: Identity | None = None
    functions: tuple[Identity, ...] = ()
    emergency_types: tuple[Identity, ...] = ()
    expected_version: int | None = None


@router.put("/v1/organizations/{organization_id}", responses=edge.answers(OrganizationView))
async def put_organization(
    organization_id: Identity, body: PutOrganization, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Make the organization as told; doing it again changes nothing."""
    fields = body.model_dump(exclude={"expected_version"})
    wanted = domain.Organization(id=organization_id, **fields)

    async def put(uow: UnitOfWork) -> OrganizationView:
        expected = body.expected_version
        return queries.organization_view(
            await commands.put_organization(uow, wanted, expected_version=expected)
        )

    return await edge.command(put)


@router.get("/v1/organizations", responses=edge.answers(Page[OrganizationView]))
async def organizations(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    within: Code | None = None,
) -> Response:
    """List organizations by id."""
    return await edge.read(lambda db: queries.organizations(db, page, within=within))


@router.get("/v1/organizations/{organization_id}", responses=edge.answers(OrganizationView))
async def organization(organization_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one organization."""
    return await edge.read(lambda db: queries.organization(db, organization_id))


router.include_router(edge.batch("organizations", OrganizationView, queries.organizations_by_id))
router.include_router(edge.batch("accountable", OrganizationView, queries.accountable))

"""Routes of delegations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, StringConstraints

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import OPERATORS, Because, Code, Identity, Reason, Subject
from services.org.queries import GrantView

router = APIRouter(tags=["grants"])

Role = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class GiveGrant(Body):
    """What is given to whom; without `organizationId` for none in particular."""

    subject: Subject
    role: Role
    organization_id: Identity | None = None
    area: Code
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime
    reason: Reason


@router.post("/v1/grants", status_code=201, responses=edge.answers(GrantView))
async def give_grant(body: GiveGrant, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Give something of what you may do to another, from now or `validFrom` on."""

    async def give(uow: UnitOfWork) -> GrantView:
        wanted = domain.Grant(
            id=uow.new_id("grt"),
            subject=body.subject,
            role=body.role,
            organization=body.organization_id,
            area=body.area,
            valid_from=body.valid_from or uow.now,
            valid_to=body.valid_to,
            reason=body.reason,
            granted_by=uow.caller.subject,
            granted_at=uow.now,
        )
        return queries.grant_view(await commands.give_grant(uow, wanted), uow.now)

    return await edge.command(give, status=201)


@router.post("/v1/grants/{grant_id}/revoke", responses=edge.answers(GrantView))
async def revoke_grant(
    grant_id: Identity, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Take a delegation back, and every one that came through it."""

    async def revoke(uow: UnitOfWork) -> GrantView:
        revoked = await commands.revoke_grant(
            uow, grant_id, because=body.reason, expected_version=body.expected_version
        )
        return queries.grant_view(revoked, uow.now)

    return await edge.command(revoke)


@router.get("/v1/grants", responses=edge.answers(Page[GrantView]))
async def grants(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    subject: Annotated[Subject | None, Query(description="Who holds them.")] = None,
) -> Response:
    """List delegations by id: your own, given and held; operators see all."""
    now = edge.runtime.clock.now()
    return await edge.read(
        lambda db: queries.grants(db, page, concerning=_concerning(edge), subject=subject, at=now)
    )


@router.get("/v1/grants/{grant_id}", responses=edge.answers(GrantView))
async def grant(grant_id: Identity, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one delegation to who gave it, who holds it, and operators."""
    now = edge.runtime.clock.now()
    return await edge.read(
        lambda db: queries.grant(db, grant_id, concerning=_concerning(edge), at=now)
    )


def _concerning(edge: Edge) -> str | None:
    """Whose delegations the caller may see: everybody's (None) as an operator, else their own."""
    return None if edge.caller.roles & OPERATORS else edge.caller.subject

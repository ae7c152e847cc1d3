"""Revision proposals: lists, what a planner decides about them, and what that changed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import edge
from chassis.edge import BatchBody, Body, Edge, masked
from chassis.errors import Invalid
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain, queries
from services.plans.api.activation import signature

router = APIRouter(tags=["revision proposals"])

Paging = Annotated[PageRequest, Depends(edge.page)]
AnEdge = Annotated[Edge, Depends(edge.edge)]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]

MOST_REVISIONS = 20  # each reads two versions' texts and all cases of the plan


class AmendmentBody(Body):
    """One value to write at the place; `was` is the expression that is meant."""

    field: str = Field(min_length=1, max_length=64)
    value: str = Field(min_length=1, max_length=4000)
    was: str | None = Field(default=None, max_length=4000)


class AcceptRevision(Body):
    """Take the proposal up: what to write, and under which version (the next when left out)."""

    amendments: list[AmendmentBody] = Field(min_length=1, max_length=20)
    reason: Reason
    draft_version: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    expected_version: int | None = None


class RejectRevision(Body):
    """Leave the place as it is."""

    reason: Reason
    expected_version: int | None = None


@router.get("/v1/revision-proposals", responses=edge.answers(Page[queries.RevisionProposalView]))
async def list_revision_proposals(
    edge: AnEdge,
    page: Paging,
    plan_id: Annotated[str | None, Query(alias="planId")] = None,
    jurisdiction: str | None = None,
    state: domain.ProposalState | None = None,
) -> Response:
    """Revision proposals, the latest first."""
    return await edge.read(
        lambda db: queries.revision_proposals(
            db, page, plan_id=plan_id, jurisdiction=jurisdiction, state=state
        )
    )


@router.get("/v1/revision-proposals/{id}", responses=edge.answers(queries.RevisionProposalView))
async def get_revision_proposal(id: str, edge: AnEdge) -> Response:
    """One revision proposal with its evidence."""
    return await edge.read(lambda db: queries.revision_proposal(db, id))


@router.post(
    "/v1/revision-proposals/{id}/accept", responses=edge.answers(queries.RevisionProposalView)
)
async def accept_revision(id: str, body: AcceptRevision, edge: AnEdge) -> Response:
    """Take it up: the next version's draft holds the change, to be reviewed as any other."""
    by = signature(edge, body.reason).by
    amendments = [domain.Amendment(one.field, one.value, one.was) for one in body.amendments]

    async def accept(uow: UnitOfWork) -> queries.RevisionProposalView:
        accepted = await commands.accept_revision(
            uow,
            id,
            amendments,
            by=by,
            reason=body.reason,
            draft_version=body.draft_version,
            expected_version=body.expected_version,
        )
        return queries.proposal_view(accepted)

    return await edge.command(accept)


@router.post(
    "/v1/revision-proposals/{id}/reject", responses=edge.answers(queries.RevisionProposalView)
)
async def reject_revision(id: str, body: RejectRevision, edge: AnEdge) -> Response:
    """Leave the place as it is, for that reason; only new cases ask again."""
    by = signature(edge, body.reason).by

    async def reject(uow: UnitOfWork) -> queries.RevisionProposalView:
        rejected = await commands.reject_revision(
            uow, id, by=by, reason=body.reason, expected_version=body.expected_version
        )
        return queries.proposal_view(rejected)

    return await edge.command(reject)


router.include_router(
    edge.batch("revisionProposals", queries.RevisionProposalView, queries.revision_proposals_by_id)
)


@router.post(
    "/v1/batch/revisions",
    responses=edge.answers(dict[str, queries.RevisionView | None]),
    tags=["batch"],
)
async def batch_revisions(body: BatchBody, edge: AnEdge) -> Response:
    """Under each accepted proposal its diff, and the place's figures before and after."""
    if len(body.keys) > MOST_REVISIONS:
        raise Invalid(f"At most {MOST_REVISIONS} revisions are shown at once.", field=("keys",))
    fields = None if body.fields is None else frozenset(body.fields)

    async def read(db: AsyncConnection) -> dict[str, Any]:
        found = await queries.revisions(db, body.keys, now=edge.runtime.clock.now())
        return {key: masked(found.get(key), fields) for key in body.keys}

    return await edge.read(read)

"""Revision proposals: at most one open one a place of a plan."""

from sqlalchemy import Column, DateTime, Index, Text, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import Visible
from services.plans.domain import ProposalState, RevisionProposal
from services.plans.store.tables import metadata

revision_proposal = documents.table(
    "revision_proposal",
    metadata,
    Column("plan_id", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Index("revision_proposal_of_plan", "plan_id", "opened_at"),
    Index(
        "revision_proposal_open_once",
        "plan_id",
        "kind",
        "place",
        unique=True,
        postgresql_where=text("state = 'OPEN'"),
    ),
    visible=Visible(area="jurisdiction"),
)


async def get_proposal(
    db: AsyncConnection, id: str, *, expected_version: int | None = None
) -> RevisionProposal:
    """The proposal, locked until the unit of work ends. Raises `revision_proposal-not-found`."""
    return await documents.load(
        db, revision_proposal, id, RevisionProposal, lock=True, expected_version=expected_version
    )


async def open_proposals(db: AsyncConnection, plan_id: str) -> list[RevisionProposal]:
    """The open proposals against the plan, locked until the unit of work ends."""
    table = revision_proposal
    where = [table.c.plan_id == plan_id, table.c.state == ProposalState.OPEN]
    return await documents.find(db, table, RevisionProposal, *where, lock=True)


async def proposals_of(db: AsyncConnection, plan_id: str) -> list[RevisionProposal]:
    """Every proposal against the plan, the earliest first."""
    table = revision_proposal
    where = table.c.plan_id == plan_id
    return await documents.find(db, table, RevisionProposal, where, order_by=table.c.opened_at)


async def put_proposal(db: AsyncConnection, one: RevisionProposal) -> RevisionProposal:
    """Store the proposal and return it as stored."""
    return await documents.save(db, revision_proposal, one)

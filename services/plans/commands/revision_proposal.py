"""What a planner decides about revision proposals: taken up as a draft, or left."""

from collections.abc import Sequence

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import target
from services.plans.commands.plan import import_plan


async def accept_revision(
    uow: UnitOfWork,
    id: str,
    amendments: Sequence[domain.Amendment],
    *,
    by: str,
    reason: str,
    draft_version: str | None,
    expected_version: int | None,
) -> domain.RevisionProposal:
    """The next version's draft holds the change, to be reviewed and approved as any other.

    Raises `RevisionAlreadyDecided`, `AmendmentImpossible`, `PlanFileInvalid` and `PlanVersionTaken`.
    """
    proposal = await _get(uow, "accept_revision", id, expected_version)
    versions = await store.versions_of(uow.db, proposal.plan_id)
    taken = [one.plan_version for one in versions]
    named = draft_version or domain.next_version(proposal.plan_version, taken)
    domain.expect_free(named, taken)
    accepted, said = domain.accept_revision(
        proposal, by=by, reason=reason, draft_version=named, now=uow.now
    )
    old = next(one for one in versions if one.plan_version == proposal.plan_version)
    await import_plan(uow, domain.amend(old.text, proposal.at, amendments, plan_version=named))
    stored = await store.put_proposal(uow.db, accepted)
    await uow.publish(events.revision_message(said))
    return stored


async def reject_revision(
    uow: UnitOfWork, id: str, *, by: str, reason: str, expected_version: int | None
) -> domain.RevisionProposal:
    """The place stays as it is, for that reason. Raises `RevisionAlreadyDecided`."""
    proposal = await _get(uow, "reject_revision", id, expected_version)
    rejected, said = domain.reject_revision(proposal, by=by, reason=reason, now=uow.now)
    stored = await store.put_proposal(uow.db, rejected)
    await uow.publish(events.revision_message(said))
    return stored


async def _get(
    uow: UnitOfWork, action: str, id: str, expected_version: int | None
) -> domain.RevisionProposal:
    """The proposal, locked, that the caller may decide on."""
    proposal = await store.get_proposal(uow.db, id)
    uow.authorize(action, target.of_proposal(proposal))
    await documents.current(uow.db, store.revision_proposal, proposal, expected_version)
    return proposal

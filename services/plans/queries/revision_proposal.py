"""Revision proposals as readers see them: evidence, decision, the change, and what it changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.paging import Page, PageRequest, narrowed, page
from services.plans import domain, store
from services.plans.queries.views import View, shaped
from vocabulary import ResponseLevel


class RateView(View, frozen=True):
    """How often it was asked for, and which share went as planned, with the Wilson interval."""

    n: int
    as_planned: int
    share: float | None
    low: float | None
    high: float | None


class CorrectionView(View, frozen=True):
    """One decision of a person against the conditions of a level."""

    kind: domain.CorrectionKind
    level: ResponseLevel
    at: datetime
    activation_id: str | None
    reason: str | None


class CaseEvidenceView(View, frozen=True):
    """How a place of a plan went, and in which cases; minutes are of what was done."""

    rate: RateView
    median_minutes: float | None
    p90_minutes: float | None
    late: int
    not_done: int
    excused: int
    real: int
    activations: tuple[str, ...]
    exercises: tuple[str, ...]
    corrections: tuple[CorrectionView, ...]


class RevisionProposalView(View, frozen=True):
    """What speaks against one place of a plan, and what was decided."""

    id: str
    version: int
    plan_id: str
    plan_version: str
    jurisdiction: str
    kind: domain.PlaceKind
    place: str
    state: domain.ProposalState
    evidence: CaseEvidenceView
    rule: str
    opened_at: datetime
    evidence_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    draft_version: str | None
    draft_version_id: str | None


class RevisionView(View, frozen=True):
    """What an accepted proposal changed: in the text, and in the same place's figures since."""

    proposal_id: str
    diff: str
    before: CaseEvidenceView
    after: CaseEvidenceView


def proposal_view(one: domain.RevisionProposal) -> RevisionProposalView:
    """The proposal as readers see it."""
    return shaped(one, RevisionProposalView)


async def revision_proposal(db: AsyncConnection, id: str) -> RevisionProposalView:
    """The proposal. Raises `revision_proposal-not-found`."""
    table = store.revision_proposal
    return proposal_view(await documents.load(db, table, id, domain.RevisionProposal))


async def revision_proposals(
    db: AsyncConnection,
    request: PageRequest,
    *,
    plan_id: str | None = None,
    jurisdiction: str | None = None,
    state: domain.ProposalState | None = None,
) -> Page[RevisionProposalView]:
    """Proposals, the latest first, of one plan, division and state if named."""
    table = store.revision_proposal
    statement = select(cast(table.c.doc, Text))
    statement = narrowed(
        statement,
        (table.c.plan_id, plan_id),
        (table.c.jurisdiction, jurisdiction),
        (table.c.state, state),
    )
    order = [table.c.opened_at.desc(), table.c.id.desc()]
    return await page(db, statement, request, order_by=order, view=_row)


async def revision_proposals_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, RevisionProposalView]:
    """Each proposal under its id."""
    table = store.revision_proposal
    found = await documents.find(db, table, domain.RevisionProposal, table.c.id.in_(keys))
    return {one.id: proposal_view(one) for one in found}


async def revisions(
    db: AsyncConnection, keys: Sequence[str], *, now: datetime
) -> dict[str, RevisionView]:
    """Under each accepted proposal what it changed, as of now."""
    table = store.revision_proposal
    found = await documents.find(db, table, domain.RevisionProposal, table.c.id.in_(keys))
    accepted = [one for one in found if one.draft_version is not None]
    return {one.id: await _revision(db, one, now) for one in accepted}


async def _revision(
    db: AsyncConnection, one: domain.RevisionProposal, now: datetime
) -> RevisionView:
    versions = {each.plan_version: each for each in await store.versions_of(db, one.plan_id)}
    old, new = versions[one.plan_version], versions[one.draft_version or ""]
    rule = domain.rule_in_force(store.learning_rules(), now)
    after = domain.evidence_of(one.at, await _cases(db, new, now, rule), rule, now)
    return RevisionView(
        proposal_id=one.id,
        diff=domain.changed_lines(old.text, new.text, versions=(old.id, new.id)),
        before=shaped(one.evidence, CaseEvidenceView),
        after=shaped(after, CaseEvidenceView),
    )


async def _cases(
    db: AsyncConnection, plan: domain.Plan, now: datetime, rule: domain.LearningRule
) -> domain.Kept:
    """The cases of this version alone."""
    since = now - rule.window
    steps = await store.steps_since(db, plan.plan_id, since, versions=[plan.plan_version])
    measures = await store.measures_since(db, plan.plan_id, since)
    evaluations = await store.evaluations_since(db, plan.plan_id, since)
    ids = {one.activation_id for one in evaluations if one.activation_id}
    activations = await store.activations_of(db, ids)
    played = {one.exercise_id for one in steps} | {one.exercise_id for one in measures}
    return domain.Kept(
        plan=plan,
        versions=(plan,),
        steps=tuple(steps),
        measures=tuple(one for one in measures if one.plan_version == plan.plan_version),
        evaluations=tuple(evaluations),
        activations=activations,
        exercises=await store.exercises_of(db, {one for one in played if one}),
        decided_at={},
    )


def _row(row: Sequence[str]) -> RevisionProposalView:
    return proposal_view(msgspec.json.decode(row[0], type=domain.RevisionProposal))

"""A revision proposal: what speaks against one place of a plan, until a planner has decided (PLAN-8)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict
from services.plans.domain.evidence import Evidence
from services.plans.domain.learning import LearningRule, Objection, PlaceInPlan, PlaceKind
from services.plans.domain.plan import Plan, version_id


class ProposalState(StrEnum):
    """ACCEPTED and REJECTED are final."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


class RevisionAlreadyDecided(Conflict):
    """Somebody has decided on the proposal."""

    slug = "revision-already-decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionProposal:
    """What speaks against a place of `plan_version`; `draft_version` is what acceptance made of it."""

    id: str
    plan_id: str
    plan_version: str
    jurisdiction: str
    kind: PlaceKind
    place: str
    evidence: Evidence
    rule: str
    opened_at: datetime
    evidence_at: datetime
    state: ProposalState = ProposalState.OPEN
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    draft_version: str | None = None
    version: int = 0

    @property
    def draft_version_id(self) -> str | None:
        """The version that acceptance made of it."""
        return version_id(self.plan_id, self.draft_version) if self.draft_version else None

    @property
    def at(self) -> PlaceInPlan:
        """The place that it is against."""
        return PlaceInPlan(self.kind, self.place)


@dataclass(frozen=True, slots=True)
class RevisionProposed:
    """Something speaks against a place."""

    proposal: RevisionProposal


@dataclass(frozen=True, slots=True)
class RevisionSupported:
    """More cases came."""

    proposal: RevisionProposal


@dataclass(frozen=True, slots=True)
class RevisionAccepted:
    """A planner took it up: the draft holds the change."""

    proposal: RevisionProposal


@dataclass(frozen=True, slots=True)
class RevisionRejected:
    """A planner leaves the place as it is."""

    proposal: RevisionProposal


RevisionEvent = RevisionProposed | RevisionSupported | RevisionAccepted | RevisionRejected


def propose(
    id: str, plan: Plan, objection: Objection, *, rule: LearningRule, now: datetime
) -> tuple[RevisionProposal, RevisionProposed]:
    """The objection is a proposal that waits for a planner."""
    proposal = RevisionProposal(
        id=id,
        plan_id=plan.plan_id,
        plan_version=plan.plan_version,
        jurisdiction=plan.jurisdiction,
        kind=objection.at.kind,
        place=objection.at.place,
        evidence=objection.evidence,
        rule=f"learning@{rule.version}",
        opened_at=now,
        evidence_at=now,
    )
    return proposal, RevisionProposed(proposal)


def support(
    proposal: RevisionProposal, plan: Plan, *, evidence: Evidence, now: datetime
) -> tuple[RevisionProposal, RevisionSupported | None]:
    """The open proposal has the newest evidence; no event when that is what it has."""
    if proposal.evidence == evidence:
        return proposal, None
    supported = replace(
        proposal, plan_version=plan.plan_version, evidence=evidence, evidence_at=now
    )
    return supported, RevisionSupported(supported)


def accept_revision(
    proposal: RevisionProposal, *, by: str, reason: str, draft_version: str, now: datetime
) -> tuple[RevisionProposal, RevisionAccepted]:
    """The draft of that version takes it up. Raises `RevisionAlreadyDecided`."""
    decided = _decide(proposal, ProposalState.ACCEPTED, by=by, reason=reason, now=now)
    accepted = replace(decided, draft_version=draft_version)
    return accepted, RevisionAccepted(accepted)


def reject_revision(
    proposal: RevisionProposal, *, by: str, reason: str, now: datetime
) -> tuple[RevisionProposal, RevisionRejected]:
    """The place stays as it is, for that reason. Raises `RevisionAlreadyDecided`."""
    rejected = _decide(proposal, ProposalState.REJECTED, by=by, reason=reason, now=now)
    return rejected, RevisionRejected(rejected)


def _decide(
    proposal: RevisionProposal, state: ProposalState, *, by: str, reason: str, now: datetime
) -> RevisionProposal:
    if proposal.state is not ProposalState.OPEN:
        raise RevisionAlreadyDecided(
            f"{proposal.decided_by} decided at {proposal.decided_at:%Y-%m-%d %H:%M} UTC:"
            f" {proposal.state}.",
            currentStatus=proposal.state,
            decidedBy=proposal.decided_by,
        )
    return replace(proposal, state=state, decided_at=now, decided_by=by, reason=reason)

"""What is said of revision proposals."""

from typing import assert_never

import msgspec

from chassis.messages import Message, Published
from contracts.plans import v1 as contract
from services.plans.domain import (
    RevisionAccepted,
    RevisionEvent,
    RevisionProposal,
    RevisionProposed,
    RevisionRejected,
    RevisionSupported,
)

PUBLISHED = (
    Published(
        aggregate="revision_proposal",
        event="proposed",
        body=contract.RevisionProposed,
        meaning="What happened speaks against one place of a plan; a planner has to decide.",
    ),
    Published(
        aggregate="revision_proposal",
        event="supported",
        body=contract.RevisionSupported,
        meaning="An open proposal has more cases.",
    ),
    Published(
        aggregate="revision_proposal",
        event="accepted",
        body=contract.RevisionAccepted,
        meaning="A draft of the plan's next version holds the change.",
    ),
    Published(
        aggregate="revision_proposal",
        event="rejected",
        body=contract.RevisionRejected,
        meaning="The place stays as it is, for the reason given.",
    ),
)


def revision_message(event: RevisionEvent) -> Message:
    """The event as it is told, with the whole proposal."""
    name, body = _named(event)
    return Message(
        aggregate="revision_proposal",
        event=name,
        id=event.proposal.id,
        area=event.proposal.jurisdiction,
        body=body,
    )


def _named(event: RevisionEvent) -> tuple[str, msgspec.Struct]:
    told = _proposal(event.proposal)
    match event:
        case RevisionProposed():
            return "proposed", contract.RevisionProposed(proposal=told)
        case RevisionSupported():
            return "supported", contract.RevisionSupported(proposal=told)
        case RevisionAccepted():
            return "accepted", contract.RevisionAccepted(proposal=told)
        case RevisionRejected():
            return "rejected", contract.RevisionRejected(proposal=told)
        case _:
            assert_never(event)


def _proposal(one: RevisionProposal) -> contract.RevisionProposal:
    rate = one.evidence.rate
    return contract.RevisionProposal(
        id=one.id,
        plan_id=one.plan_id,
        plan_version=one.plan_version,
        jurisdiction=one.jurisdiction,
        kind=one.kind,
        place=one.place,
        state=one.state,
        n=rate.n,
        as_planned=rate.as_planned,
        rate_low=rate.low,
        rate_high=rate.high,
        rule=one.rule,
        opened_at=one.opened_at,
        decided_at=one.decided_at,
        decided_by=one.decided_by,
        reason=one.reason,
        draft_version=one.draft_version,
    )

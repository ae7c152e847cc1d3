"""What became of a plan version, told under the plan's id: all versions of a plan in one order."""

import msgspec

from chassis.messages import Message
from contracts.plans import v1 as contract
from services.plans.domain import (
    Filing,
    Plan,
    PlanDrilled,
    PlanReviewed,
    PlanStatusChanged,
    RevisionTriggered,
)

PlanEvent = PlanStatusChanged | RevisionTriggered | PlanDrilled | PlanReviewed


def plan_version_message(event: PlanEvent) -> Message:
    """The event as it is told."""
    plan = event.plan
    name, body = _named(event)
    return Message(
        aggregate="plan_version", event=name, id=plan.plan_id, area=plan.jurisdiction, body=body
    )


def _named(event: PlanEvent) -> tuple[str, msgspec.Struct]:
    match event:
        case PlanStatusChanged():
            return "status_changed", contract.PlanVersionStatusChanged(
                plan=_version(event.plan),
                transition=msgspec.convert(
                    event.transition, contract.PlanTransition, from_attributes=True
                ),
            )
        case RevisionTriggered():
            return "revision_triggered", contract.PlanVersionRevisionTriggered(
                plan=_version(event.plan),
                trigger=msgspec.convert(
                    event.trigger, contract.RevisionTrigger, from_attributes=True
                ),
            )
        case PlanDrilled(drill=drill):
            return "drilled", contract.PlanVersionDrilled(
                plan=_version(event.plan),
                at=drill.at,
                organization_id=drill.organization_id,
                note=drill.note,
                exercise_id=drill.exercise_id,
            )
        case PlanReviewed(review=review):
            return "reviewed", contract.PlanVersionReviewed(
                plan=_version(event.plan),
                at=review.at,
                organization_id=review.organization_id,
                note=review.note,
                is_fit=review.is_fit,
            )


def _version(plan: Plan) -> contract.PlanVersion:
    return contract.PlanVersion(
        id=plan.id,
        plan_id=plan.plan_id,
        plan_version=plan.plan_version,
        title_zh=plan.title_zh,
        title_en=plan.title_en,
        kind=plan.kind,
        jurisdiction=plan.jurisdiction,
        organization_id=plan.organization_id,
        status=plan.status,
        effective_from=plan.effective_from,
        effective_to=plan.effective_to,
        published_at=plan.published_at,
        retired_at=plan.retired_at,
        superseded_by=plan.superseded_by,
        filing=_filing(plan.filing),
    )


def _filing(filing: Filing | None) -> contract.PlanFiling | None:
    if filing is None:
        return None
    return contract.PlanFiling(organization=filing.organization, number=filing.number, at=filing.at)

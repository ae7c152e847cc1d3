"""A published plan as its state message."""

from collections.abc import Sequence

from chassis.messages import Message
from contracts.plans import v1 as contract
from services.plans.domain import Atom, Plan


def plan_message(plan: Plan, watched: Sequence[Atom]) -> Message:
    """The plan's whole state, with every threshold that its versions in force or to come watch."""
    return Message(
        aggregate="plan",
        event="state",
        id=plan.plan_id,
        area=plan.jurisdiction,
        state=True,
        body=contract.PlanState(
            plan=contract.Plan(
                id=plan.plan_id,
                version=plan.plan_version,
                title_zh=plan.title_zh,
                title_en=plan.title_en,
                kind=plan.kind,
                jurisdiction=plan.jurisdiction,
                organization_id=plan.organization_id,
                emergency_types=plan.emergency_types,
                effective_from=plan.effective_from,
                effective_to=plan.effective_to,
                status=plan.status,
                thresholds=tuple(
                    contract.WatchedThreshold(
                        indicator=one.indicator,
                        comparison=one.comparison,
                        value=one.limit,
                        jurisdiction=plan.jurisdiction,
                    )
                    for one in watched
                ),
            )
        ),
    )

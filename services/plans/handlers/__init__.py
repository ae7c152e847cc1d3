"""What the plan system hears, and what falls due in it."""

from collections.abc import Mapping

from chassis.messages import Subscription, TimerHandler
from services.plans import commands
from services.plans.handlers import (
    cycle,
    evaluation,
    grant,
    incident,
    indicator,
    jurisdiction,
    organization,
    override,
    provision,
    resource,
    signal,
    warning,
)

SUBSCRIPTIONS: tuple[Subscription, ...] = (
    jurisdiction.SUBSCRIPTION,
    organization.SUBSCRIPTION,
    provision.SUBSCRIPTION,
    resource.SUBSCRIPTION,
    signal.SUBSCRIPTION,
    warning.SUBSCRIPTION,
    incident.SUBSCRIPTION,
    indicator.SUBSCRIPTION,
    *grant.SUBSCRIPTIONS,
)

TIMERS: Mapping[str, TimerHandler] = {
    commands.EVALUATE_PLAN: evaluation.on_evaluation_due,
    **provision.TIMERS,
    **override.TIMERS,
    commands.LOOK_AT_PLAN: cycle.on_plan_due,
}

__all__ = ["SUBSCRIPTIONS", "TIMERS"]

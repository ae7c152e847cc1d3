"""What the organization system hears and what falls due in it."""

from services.org.handlers import (
    activation,
    bulletin,
    coordination_request,
    dispatch,
    exercise,
    obligation,
    order,
    override,
    post,
    reporter,
    requirement,
    signal,
    situation_report,
    task,
    warning,
)

__all__ = ["SUBSCRIPTIONS", "TIMERS"]

SUBSCRIPTIONS = (
    *signal.SUBSCRIPTIONS,
    *warning.SUBSCRIPTIONS,
    *bulletin.SUBSCRIPTIONS,
    *activation.SUBSCRIPTIONS,
    *override.SUBSCRIPTIONS,
    *exercise.SUBSCRIPTIONS,
    *dispatch.SUBSCRIPTIONS,
    *requirement.SUBSCRIPTIONS,
)
TIMERS = {
    **obligation.TIMERS,
    **order.TIMERS,
    **task.TIMERS,
    **post.TIMERS,
    **reporter.TIMERS,
    **situation_report.TIMERS,
    **coordination_request.TIMERS,
}

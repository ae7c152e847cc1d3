"""What guarantee hears, and what falls due."""

from services.guarantee.handlers import activation, copies, exercise, grant
from services.guarantee.handlers.timers import TIMERS

SUBSCRIPTIONS = (
    *copies.SUBSCRIPTIONS,
    *activation.SUBSCRIPTIONS,
    *exercise.SUBSCRIPTIONS,
    *grant.SUBSCRIPTIONS,
)

__all__ = ["SUBSCRIPTIONS", "TIMERS"]

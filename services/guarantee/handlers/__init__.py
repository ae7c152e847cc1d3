"""What guarantee hears, and what falls due."""

from services.guarantee.handlers import copies
from services.guarantee.handlers.timers import TIMERS

SUBSCRIPTIONS = (*copies.SUBSCRIPTIONS,)

__all__ = ["SUBSCRIPTIONS", "TIMERS"]

"""What analytics hears and what falls due in it."""

import msgspec

from chassis.messages import Subscription
from contracts.org.v1 import JurisdictionState
from contracts.plans.v1 import PlanState
from services.analytics.handlers import grant
from services.analytics.handlers.event_log import on_events
from services.analytics.handlers.indicator import note_silence, tell_pending
from services.analytics.handlers.jurisdiction import on_jurisdiction_state
from services.analytics.handlers.plan import on_plan_state

SUBSCRIPTIONS = (
    Subscription(
        service="org",
        aggregate="jurisdiction",
        on={"state.v1": (JurisdictionState, on_jurisdiction_state)},
        state=True,
    ),
    Subscription(
        service="plans",
        aggregate="plan",
        on={"state.v1": (PlanState, on_plan_state)},
        state=True,
    ),
    *grant.SUBSCRIPTIONS,
    *(
        Subscription(
            service=service,
            aggregate="*",
            on={"*": (msgspec.Raw, on_events)},
            batch=True,
            every=True,
        )
        for service in ("org", "plans", "guarantee", "analytics")
    ),
)

TIMERS = {"tell_pending": tell_pending, "note_silence": note_silence}

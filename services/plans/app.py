"""The plan system put together."""

from fastapi import FastAPI

from chassis.policy import Policy
from chassis.service import create_service
from services.plans import api, events, handlers, store
from vocabulary import area


def create_app() -> FastAPI:
    """Return the app; its settings are read from the environment when it starts."""
    return create_service(
        "plans",
        router=api.router,
        subscriptions=handlers.SUBSCRIPTIONS,
        timers=handlers.TIMERS,
        published=events.PUBLISHED,
        metadata=store.metadata,
        migrations="services.plans.migrations",
        policy=Policy.load("services.plans", areas=area, organizations=store.organization),
        body_limits=api.BODY_LIMITS,
    )

"""The guarantee service as one app."""

from fastapi import FastAPI

from chassis.service import create_service
from services.guarantee import api, events, handlers, store


def create_app() -> FastAPI:
    """Return the app; its settings are read from the environment when it starts."""
    return create_service(
        "guarantee",
        router=api.router,
        subscriptions=handlers.SUBSCRIPTIONS,
        timers=handlers.TIMERS,
        published=events.PUBLISHED,
        metadata=store.metadata,
        migrations="services.guarantee.migrations",
    )

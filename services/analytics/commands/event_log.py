"""Appending to the log of all services' events, and counting what the situation picture shows."""

from collections.abc import Sequence

from chassis.unit_of_work import UnitOfWork
from services.analytics import domain, store


async def log_events(uow: UnitOfWork, events: Sequence[domain.LoggedEvent]) -> None:
    """The events stand in the log, once each, and in the situation picture."""
    await store.stage_events(uow.db, events)
    items = [domain.situation_item(event) for event in events]
    await store.put_items(uow.db, [item for item in items if item is not None])

"""Keeping copies of org's incidents."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.guarantee import store
from services.guarantee.domain.incident import Incident


async def keep_incident(uow: UnitOfWork, news: Incident) -> None:
    """Keep the incident as org last told it; what belongs to it is sealed as it is."""
    known = await store.find_incident(uow.db, news.id)
    kept = await store.put_incident(uow.db, replace(news, version=known.version if known else 0))
    if kept.sealed != (known is not None and known.sealed):
        await store.seal_with(uow.db, kept)

"""Keeping copies of org's organizations."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.guarantee import store
from services.guarantee.domain.organization import Organization


async def keep_organization(uow: UnitOfWork, news: Organization) -> None:
    """Keep the organization as org last told it."""
    known = await store.find_organization(uow.db, news.id)
    await store.put_organization(uow.db, replace(news, version=known.version if known else 0))

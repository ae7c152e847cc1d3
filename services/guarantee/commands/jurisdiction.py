"""Keeping copies of org's jurisdictions."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.guarantee import store
from services.guarantee.domain.jurisdiction import Jurisdiction


async def keep_jurisdiction(uow: UnitOfWork, news: Jurisdiction) -> None:
    """Keep the division as org last told it."""
    known = await store.find_jurisdiction(uow.db, news.id)
    await store.put_jurisdiction(uow.db, replace(news, version=known.version if known else 0))

"""Jurisdictions that org publishes: kept as copies."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store


async def keep_jurisdiction(uow: UnitOfWork, heard: domain.Jurisdiction) -> None:
    """The copy is as org last said it."""
    kept = await store.find_jurisdiction(uow.db, heard.id)
    await store.put_jurisdiction(uow.db, replace(heard, version=kept.version if kept else 0))

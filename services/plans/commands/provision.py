"""Provisions that guarantee publishes: kept as copies."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store


async def keep_provision(uow: UnitOfWork, heard: domain.Provision) -> None:
    """The copy is as guarantee last said it."""
    kept = await store.find_provision(uow.db, heard.id)
    await store.put_provision(uow.db, replace(heard, version=kept.version if kept else 0))

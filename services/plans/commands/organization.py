"""Organizations that org publishes: kept as copies."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store


async def keep_organization(uow: UnitOfWork, heard: domain.Organization) -> None:
    """The copy is as org last said it."""
    kept = await store.find_organization(uow.db, heard.id)
    await store.put_organization(uow.db, replace(heard, version=kept.version if kept else 0))

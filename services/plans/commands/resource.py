"""Resources that guarantee publishes: kept as copies."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store


async def keep_resource(uow: UnitOfWork, heard: domain.Resource) -> None:
    """The copy is as guarantee last said it."""
    kept = await store.find_resource(uow.db, heard.id)
    await store.put_resource(uow.db, replace(heard, version=kept.version if kept else 0))

"""Organizations that org publishes: kept as copies; what they may order is asked about again."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands.reanswer import reanswer


async def keep_organization(uow: UnitOfWork, heard: domain.Organization) -> None:
    """The copy is as org last said it, and so is what the law lets it take."""
    kept = await store.find_organization(uow.db, heard.id)
    await store.put_organization(uow.db, replace(heard, version=kept.version if kept else 0))
    if kept is None or (kept.kind, kept.jurisdiction) != (heard.kind, heard.jurisdiction):
        await reanswer(uow, lambda one: one.organization_id == heard.id)

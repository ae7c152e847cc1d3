"""Jurisdictions that org publishes: kept as copies, and weighed when their size is news."""

from collections.abc import Sequence
from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands.cascade import weigh
from vocabulary import Mode


async def keep_jurisdiction(uow: UnitOfWork, heard: domain.Jurisdiction) -> None:
    """The copy is as org last said it; plans that count its people or ground have been weighed."""
    kept = await store.find_jurisdiction(uow.db, heard.id)
    await store.put_jurisdiction(uow.db, replace(heard, version=kept.version if kept else 0))
    if kept is not None and kept.size == heard.size:
        return

    def concerned(index: domain.Index) -> Sequence[domain.CompiledPlan]:
        return index.concerned(None, (heard.id,))

    cause = domain.Cause(domain.CauseKind.INDICATOR, "population")
    for mode in Mode:
        await weigh(uow, cause, mode=mode, concerned=concerned)

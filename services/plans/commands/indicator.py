"""Indicators heard from analytics: the newest reading is kept, and weighed."""

from collections.abc import Sequence
from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands.cascade import weigh


async def record_reading(uow: UnitOfWork, heard: domain.Reading) -> None:
    """The reading is kept and weighed, unless a newer one (by event time) is kept already."""
    kept = await store.find_reading(uow.db, heard.id)
    if not domain.is_newer(heard, kept):
        return
    await store.put_reading(uow.db, replace(heard, version=kept.version if kept else 0))

    def concerned(index: domain.Index) -> Sequence[domain.CompiledPlan]:
        return index.reading(heard.indicator, heard.jurisdiction)

    cause = domain.Cause(domain.CauseKind.INDICATOR, heard.indicator)
    await weigh(uow, cause, mode=heard.mode, concerned=concerned, exercise_id=heard.exercise_id)

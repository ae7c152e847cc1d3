"""Indicators heard from analytics: the newest reading is kept, and weighed."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands.evaluation import weigh


async def record_reading(uow: UnitOfWork, heard: domain.Reading) -> None:
    """The reading is kept and weighed, unless a newer one (by event time) is kept already."""
    kept = await store.find_reading(uow.db, heard.id)
    if not domain.is_newer(heard, kept):
        return
    await store.put_reading(uow.db, replace(heard, version=kept.version if kept else 0))

    def bears_on(plan: domain.Plan) -> bool:
        return domain.reads(plan, indicator=heard.indicator, jurisdiction=heard.jurisdiction)

    cause = domain.Cause(domain.CauseKind.INDICATOR, heard.indicator)
    await weigh(uow, cause, mode=heard.mode, bears_on=bears_on, exercise_id=heard.exercise_id)

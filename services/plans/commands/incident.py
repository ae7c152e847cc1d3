"""Incidents heard from org: kept with their newest facts, and weighed."""

from collections.abc import Sequence
from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands.cascade import weigh


async def keep_incident(uow: UnitOfWork, heard: domain.Incident) -> None:
    """The incident is kept as heard, and what rests on it is sealed as it is; nothing is weighed."""
    kept = await store.find_incident(uow.db, heard.id)
    stored = replace(heard, version=kept.version if kept else 0)
    await store.put_incident(uow.db, stored)
    if stored.sealed != (kept is not None and kept.sealed):
        # whoever is weighing ends first, so that nothing is added that was not sealed
        await store.lock_all_plans(uow.db)
        await store.seal_with(uow.db, heard.id)


async def record_incident(uow: UnitOfWork, heard: domain.Incident, news: domain.News) -> None:
    """The incident is kept as heard, and every plan that it bears on has been weighed."""
    await keep_incident(uow, heard)

    def concerned(index: domain.Index) -> Sequence[domain.CompiledPlan]:
        return index.concerned(heard.emergency_type, (heard.jurisdiction,))

    cause = domain.Cause(domain.CauseKind.INCIDENT, heard.id, news)
    await weigh(uow, cause, mode=heard.mode, concerned=concerned, exercise_id=heard.exercise_id)

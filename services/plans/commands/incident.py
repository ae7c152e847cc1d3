"""Incidents heard from org: kept with their newest facts, and weighed."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands.evaluation import weigh


async def keep_incident(uow: UnitOfWork, heard: domain.Incident) -> None:
    """The incident is kept as heard; nothing is weighed."""
    kept = await store.find_incident(uow.db, heard.id)
    await store.put_incident(uow.db, replace(heard, version=kept.version if kept else 0))


async def record_incident(uow: UnitOfWork, heard: domain.Incident, news: domain.News) -> None:
    """The incident is kept as heard, and every plan that it bears on has been weighed."""
    await keep_incident(uow, heard)
    areas = (heard.jurisdiction,)

    def bears_on(plan: domain.Plan) -> bool:
        return domain.concerns(plan, emergency_type=heard.emergency_type, areas=areas)

    cause = domain.Cause(domain.CauseKind.INCIDENT, heard.id, news)
    await weigh(uow, cause, mode=heard.mode, bears_on=bears_on)

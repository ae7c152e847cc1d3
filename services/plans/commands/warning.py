"""Early warnings heard from guarantee: kept as they stand now, and weighed."""

from collections.abc import Sequence
from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands.cascade import weigh


async def record_warning(uow: UnitOfWork, heard: domain.EarlyWarning, news: domain.News) -> None:
    """The early warning is kept as heard, and every plan that it bears on has been weighed."""
    kept = await store.find_warning(uow.db, heard.id)
    await store.put_warning(uow.db, replace(heard, version=kept.version if kept else 0))

    def concerned(index: domain.Index) -> Sequence[domain.CompiledPlan]:
        return index.concerned(heard.emergency_type, heard.reach)

    cause = domain.Cause(domain.CauseKind.WARNING, heard.id, news)
    await weigh(uow, cause, mode=heard.mode, concerned=concerned, exercise_id=heard.exercise_id)

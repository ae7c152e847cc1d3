"""The upkeep of a plan: drills and reviews are recorded, and their cycles counted anew."""

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import target
from services.plans.commands.cycle import look_at_plan
from services.plans.commands.officer import officer_of


async def record_drill(
    uow: UnitOfWork, id: str, drill: domain.Drill, *, expected_version: int | None
) -> domain.Plan:
    """The version counts as drilled, and the drill cycle as met.

    Raises `plan-not-found`, `plan-never-in-force`, `evidence-in-future` and `version-conflict`.
    """
    await store.lock_plans(uow.db, [id.partition("@")[0]])
    plan = await store.get_plan(uow.db, id)
    uow.authorize("record_drill", target.of_plan(plan))
    drilled, event = domain.record_drill(plan, drill)
    return await _keep(uow, plan, drilled, event, expected_version=expected_version)


async def record_review(
    uow: UnitOfWork, id: str, review: domain.Review, *, expected_version: int | None
) -> domain.Plan:
    """The version counts as reviewed, and the review cycle as met.

    Raises as `record_drill`.
    """
    await store.lock_plans(uow.db, [id.partition("@")[0]])
    plan = await store.get_plan(uow.db, id)
    uow.authorize("record_review", target.of_plan(plan))
    reviewed, event = domain.record_review(plan, review)
    return await _keep(uow, plan, reviewed, event, expected_version=expected_version)


async def note_exercise(uow: UnitOfWork, exercise: domain.Exercise) -> None:
    """The version that was exercised counts as drilled, once, if it ever was in force."""
    drill = domain.drill_by(exercise, recorded_at=uow.now, by=officer_of(uow.caller).by)
    if drill is None:
        return
    await store.lock_plans(uow.db, [exercise.plan_id])
    plan = await store.find_plan(uow.db, exercise.version_id)
    if plan is not None and plan.published_at is not None:
        drilled, event = domain.record_drill(plan, drill)
        await _keep(uow, plan, drilled, event, expected_version=None)


async def _keep(
    uow: UnitOfWork,
    before: domain.Plan,
    after: domain.Plan,
    event: events.PlanEvent,
    *,
    expected_version: int | None,
) -> domain.Plan:
    await documents.current(uow.db, store.plan, before, expected_version)
    if after == before:
        return before
    await store.put_plan(uow.db, after)
    await uow.publish(events.plan_version_message(event))
    await look_at_plan(uow, after.plan_id)
    return await store.get_plan(uow.db, after.id)

"""Plan versions come in as files, are kept as drafts, and are published once."""

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import cascade, target
from services.plans.commands.cascade import weigh_plan
from services.plans.commands.evaluation import EVALUATE_PLAN
from vocabulary import Mode


async def import_plan(uow: UnitOfWork, text: str) -> domain.Plan:
    """The plan file is kept as a draft, in place of an earlier draft of the same version.

    Raises `PlanFileInvalid` and `PlanVersionImmutable`.
    """
    drafted = domain.parse(text)
    uow.authorize("import_plan", target.of_plan(drafted))
    stored = await store.find_plan(uow.db, drafted.id)
    if stored is not None and stored.jurisdiction != drafted.jurisdiction:
        uow.authorize("import_plan", target.of_plan(stored))
    draft = domain.redraft(stored, drafted)
    return draft if draft is stored else await store.put_plan(uow.db, draft)


async def publish_plan(
    uow: UnitOfWork, plan_id: str, *, plan_version: str, expected_version: int | None
) -> domain.Plan:
    """The version is published, told, and weighed from its effective date on.

    Raises `plan-not-found`, `PlanAlreadyPublished`, `SupervisorCommands`, `PlansInCircle` and
    `VersionConflict`.
    """
    id = domain.version_id(plan_id, plan_version)
    others = await _lock_reached(uow, id)
    draft = await store.get_plan(uow.db, id)
    uow.authorize("publish_plan", target.of_plan(draft))
    for other in await _taken_over(uow, draft):
        uow.authorize("publish_plan", target.of_plan(other))
    domain.expect_commander(await store.find_organization(uow.db, draft.organization_id))
    published = domain.publish_version(draft, uow.now)
    await store.get_plan(uow.db, id, expected_version=expected_version)
    domain.check_circles(domain.compiled(published), others.may_rule(uow.now))
    published = await store.put_plan(uow.db, published)
    await _tell_state(uow, published)
    await _weigh_when_effective(uow, published)
    return published


async def _lock_reached(uow: UnitOfWork, id: str) -> domain.Index:
    """The draft's plan, and all that it will set off, are ours; the published versions beside it."""
    await store.lock_publishing(uow.db)
    draft = await store.read_plan(uow.db, id)
    published = await store.ready_plans(uow.db)
    await cascade.lock(uow, published.beside(domain.compiled(draft)), draft.plan_id)
    return published


async def _taken_over(uow: UnitOfWork, draft: domain.Plan) -> list[domain.Plan]:
    """Versions of the plan for another division, which this one takes the place of."""
    return [
        plan
        for plan in await store.published_plans(uow.db)
        if plan.plan_id == draft.plan_id and plan.jurisdiction != draft.jurisdiction
    ]


async def _tell_state(uow: UnitOfWork, published: domain.Plan) -> None:
    versions = [
        plan
        for plan in await store.published_plans(uow.db)
        if plan.plan_id == published.plan_id and not domain.has_lapsed(plan, uow.now)
    ]
    await uow.publish(events.plan_message(published, domain.watched(versions)))


async def _weigh_when_effective(uow: UnitOfWork, plan: domain.Plan) -> None:
    for mode in Mode:
        if plan.is_effective(uow.now):
            cause = domain.Cause(domain.CauseKind.PERSON, uow.caller.subject)
            await weigh_plan(uow, plan.plan_id, mode=mode, cause=cause)
        elif plan.effective_from > uow.now:
            await uow.schedule(
                f"effective/{plan.id}/{mode}",
                due_at=plan.effective_from,
                command=EVALUATE_PLAN,
                payload={"planId": plan.plan_id, "mode": mode.value},
            )

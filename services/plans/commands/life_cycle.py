"""The steps of a plan version's life: each by a named officer, kept as history and told."""

from collections.abc import Sequence

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import cascade, target
from services.plans.commands.cascade import weigh_plan
from services.plans.commands.cycle import look_at_plan
from services.plans.commands.evaluation import EVALUATE_PLAN
from services.plans.commands.officer import officer_of
from services.plans.commands.revision import check_ground
from vocabulary import Mode

Changed = tuple[domain.Plan, domain.PlanStatusChanged]


async def submit_plan(
    uow: UnitOfWork,
    id: str,
    *,
    asked: Sequence[domain.Consulted],
    expected_version: int | None,
) -> domain.Plan:
    """The draft is in review, and the organizations are asked about it.

    Raises `plan-not-found`, `plan-status-refuses`, `deadline-passed` and `version-conflict`.
    """
    plan = await store.get_plan(uow.db, id)
    uow.authorize("submit_plan", target.of_plan(plan))
    by = officer_of(uow.caller)
    changed = domain.submit(plan, by, at=uow.now)
    asking, opened = domain.open_consultation(
        uow.new_id("cns"), plan, asked=asked, by=by, at=uow.now
    )
    stored = await _settle(uow, plan, changed, expected_version)
    await store.put_consultation(uow.db, asking)
    await uow.publish(events.consultation_message(opened))
    return stored


async def return_plan(
    uow: UnitOfWork, id: str, *, reason: str, expected_version: int | None
) -> domain.Plan:
    """The version is a draft again, and its consultation is over.

    Raises `plan-not-found`, `plan-status-refuses`, `reason-required` and `version-conflict`.
    """
    plan = await store.get_plan(uow.db, id)
    uow.authorize("return_plan", target.of_plan(plan))
    changed = domain.send_back(plan, officer_of(uow.caller), reason=reason, at=uow.now)
    stored = await _settle(uow, plan, changed, expected_version)
    await _close(uow, await store.open_consultation(uow.db, id))
    return stored


async def approve_plan(
    uow: UnitOfWork, id: str, *, reason: str | None, expected_version: int | None
) -> domain.Plan:
    """The version is approved by a second person, and its consultation is over.

    Raises `plan-not-found`, `second-person-required`, `plan-status-refuses`, `consultation-open`
    and `version-conflict`.
    """
    plan = await store.get_plan(uow.db, id)
    uow.authorize("approve_plan", target.of_plan(plan))
    asking = await store.open_consultation(uow.db, id)
    by = officer_of(uow.caller)
    changed = domain.approve_consulted(plan, asking, by=by, reason=reason, at=uow.now)
    stored = await _settle(uow, plan, changed, expected_version)
    await _close(uow, asking)
    return stored


async def publish_plan(
    uow: UnitOfWork, plan_id: str, *, plan_version: str, expected_version: int | None
) -> domain.Plan:
    """The approved version is published, told, and weighed from its effective date on.

    Raises `plan-not-found`, `PlanAlreadyPublished`, `PlanStatusRefuses`, `SupervisorCommands`,
    `PlansInCircle` and `VersionConflict`.
    """
    id = domain.version_id(plan_id, plan_version)
    others = await _lock_reached(uow, id)
    draft = await store.get_plan(uow.db, id)
    uow.authorize("publish_plan", target.of_plan(draft))
    for other in await _taken_over(uow, draft):
        uow.authorize("publish_plan", target.of_plan(other))
    domain.expect_commander(await store.find_organization(uow.db, draft.organization_id))
    changed = domain.publish_version(draft, officer_of(uow.caller), at=uow.now)
    domain.check_circles(domain.compiled(changed[0]), others.may_rule(uow.now))
    published = await _settle(uow, draft, changed, expected_version)
    await _tell_state(uow, published)
    await look_at_plan(uow, plan_id)
    await _weigh_when_effective(uow, published)
    return await store.get_plan(uow.db, published.id)


async def file_plan(
    uow: UnitOfWork, id: str, *, filing: domain.Filing, expected_version: int | None
) -> domain.Plan:
    """The version is on file. Raises `plan-not-found`, `plan-status-refuses`, `filing-in-future`."""
    plan = await store.get_plan(uow.db, id)
    uow.authorize("file_plan", target.of_plan(plan))
    changed = domain.file_version(plan, officer_of(uow.caller), filing=filing, at=uow.now)
    return await _settle(uow, plan, changed, expected_version)


async def begin_revision(
    uow: UnitOfWork,
    id: str,
    *,
    ground: domain.RevisionGround,
    note: str,
    expected_version: int | None,
) -> domain.Plan:
    """The version is under revision and stays in force. Raises as `trigger_revision`."""
    plan = await store.get_plan(uow.db, id)
    uow.authorize("begin_revision", target.of_plan(plan))
    check_ground(uow, plan, ground)
    changed = domain.begin_revision(
        plan, officer_of(uow.caller), ground=ground, note=note, at=uow.now
    )
    return await _settle(uow, plan, changed, expected_version)


async def end_revision(
    uow: UnitOfWork, id: str, *, reason: str, expected_version: int | None
) -> domain.Plan:
    """The revision is over and the version stands as it was.

    Raises `plan-not-found`, `plan-status-refuses`, `reason-required` and `version-conflict`.
    """
    plan = await store.get_plan(uow.db, id)
    uow.authorize("end_revision", target.of_plan(plan))
    changed = domain.end_revision(plan, officer_of(uow.caller), reason=reason, at=uow.now)
    return await _settle(uow, plan, changed, expected_version)


async def retire_plan(
    uow: UnitOfWork, id: str, *, reason: str, expected_version: int | None
) -> domain.Plan:
    """The version is in force no more, and analytics watches for it no longer.

    Raises `plan-not-found`, `plan-status-refuses`, `plan-in-use` while a response stands under it,
    `reason-required` and `version-conflict`.
    """
    await store.lock_plans(uow.db, [id.partition("@")[0]])
    plan = await store.get_plan(uow.db, id)
    uow.authorize("retire_plan", target.of_plan(plan))
    found = [await store.open_activation(uow.db, plan.plan_id, mode) for mode in Mode]
    under = [one for one in found if one and one.plan_version == plan.plan_version]
    changed = domain.retire(
        plan, officer_of(uow.caller), reason=reason, under=[one.id for one in under], at=uow.now
    )
    retired = await _settle(uow, plan, changed, expected_version)
    await _tell_state(uow, retired)
    await look_at_plan(uow, plan.plan_id)
    return retired


async def _settle(
    uow: UnitOfWork, before: domain.Plan, changed: Changed, expected_version: int | None
) -> domain.Plan:
    """What the first of two officers decided is kept; the second is told who was first."""
    after, event = changed
    await documents.current(uow.db, store.plan, before, expected_version)
    stored = await store.put_plan(uow.db, after)
    await uow.publish(events.plan_version_message(event))
    return stored


async def _close(uow: UnitOfWork, asking: domain.Consultation | None) -> None:
    if asking is None:
        return
    closed, event = domain.close_consultation(asking, uow.now)
    await store.put_consultation(uow.db, closed)
    await uow.publish(events.consultation_message(event))


async def _lock_reached(uow: UnitOfWork, id: str) -> domain.Index:
    """The draft's plan, and all that it will set off, are ours; the published versions beside it."""
    await store.lock_publishing(uow.db)
    draft = await store.read_plan(uow.db, id)
    published = await store.ready_plans(uow.db)
    await cascade.lock(uow, published.beside(domain.compiled(draft)), draft.plan_id)
    return published


async def _taken_over(uow: UnitOfWork, draft: domain.Plan) -> list[domain.Plan]:
    """Versions of the plan for another division, which this one takes the place of."""
    versions = await store.versions_of(uow.db, draft.plan_id)
    return [one for one in versions if one.is_standing and one.jurisdiction != draft.jurisdiction]


async def _tell_state(uow: UnitOfWork, said: domain.Plan) -> None:
    ready = (await store.ready_plans(uow.db)).versions(said.plan_id)
    versions = [one.plan for one in ready if not domain.has_lapsed(one.plan, uow.now)]
    await uow.publish(events.plan_message(said, domain.watched(versions)))


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

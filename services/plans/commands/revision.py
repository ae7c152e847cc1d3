"""What asks for a revision of plans is recorded on them: a superior, the law, a person."""

from collections.abc import Iterable

from chassis import documents
from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import target
from services.plans.commands.officer import officer_of


async def trigger_plans(
    uow: UnitOfWork, plans: Iterable[domain.Plan], trigger: domain.RevisionTrigger
) -> None:
    """Those of the versions that were published before it know that it asks for a revision, once."""
    for plan in plans:
        if plan.published_at is None or plan.published_at >= trigger.at:
            continue
        if asked := domain.trigger(plan, trigger):
            await store.put_plan(uow.db, asked[0])
            await uow.publish(events.plan_version_message(asked[1]))


async def trigger_revision(
    uow: UnitOfWork,
    id: str,
    *,
    ground: domain.RevisionGround,
    note: str,
    expected_version: int | None,
) -> domain.Plan:
    """The version is known to need a revision, on a ground that the rules name.

    Raises `plan-not-found`, `revision-ground-unknown`, `plan-status-refuses`, `version-conflict`.
    """
    plan = await store.get_plan(uow.db, id)
    uow.authorize("trigger_revision", target.of_plan(plan))
    check_ground(uow, plan, ground)
    by = officer_of(uow.caller).by
    cause = f"told:{uow.new_id('trg')}"
    asked = domain.trigger(plan, domain.RevisionTrigger(ground, cause, note, uow.now, by))
    assert asked is not None, "a new cause is not known yet"
    await documents.current(uow.db, store.plan, plan, expected_version)
    stored = await store.put_plan(uow.db, asked[0])
    await uow.publish(events.plan_version_message(asked[1]))
    return stored


async def note_provision(
    uow: UnitOfWork, kept: domain.Provision | None, heard: domain.Provision
) -> None:
    """Plans that rest on a provision that changed know it."""
    if domain.says_otherwise(kept, heard):
        trigger = domain.provision_changed(heard, by=domain.RULES, at=uow.now)
        await trigger_plans(uow, await store.plans_resting_on(uow.db, heard.id), trigger)


async def note_lapse(uow: UnitOfWork, provision: domain.Provision) -> None:
    """Plans that rest on a provision that is valid no more know it."""
    lapsed = domain.provision_lapsed(provision, by=domain.RULES)
    if lapsed is not None and lapsed.at <= uow.now:
        await trigger_plans(uow, await store.plans_resting_on(uow.db, provision.id), lapsed)


def check_ground(uow: UnitOfWork, plan: domain.Plan, ground: domain.RevisionGround) -> None:
    """Pass when a rule that holds there names the ground. Raises `revision-ground-unknown`."""
    known = domain.grounds_for(store.ground_rules(), plan.jurisdiction, uow.now)
    domain.check_ground(known, ground)

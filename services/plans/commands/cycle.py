"""What time makes of a plan: a version takes another's place, cycles fall due, plans below are told."""

from collections.abc import Sequence

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands.revision import trigger_plans

LOOK_AT_PLAN = "look_at_plan"


async def look_at_plan(uow: UnitOfWork, plan_id: str) -> None:
    """All of the plan is as it has to be at this instant, told once, and looked at again in time.

    Versions that another took the place of are retired, plans below hear of a new version that
    took effect, cycles are counted, due, overdue or met. Doing it again changes nothing.
    """
    known = await store.locked_versions(uow.db, plan_id)
    if not known:
        return
    versions = await _in_effect(uow, await _superseded(uow, known))
    cycles = await _turned(uow, plan_id, versions)
    rules = store.cycle_rules()
    key, again = f"life/{plan_id}", domain.look_again_at(cycles, versions, rules, uow.now)
    if again is None:
        await uow.unschedule(key)
    else:
        payload = {"planId": plan_id}
        await uow.schedule(key, due_at=again, command=LOOK_AT_PLAN, payload=payload)


async def _superseded(uow: UnitOfWork, versions: Sequence[domain.Plan]) -> list[domain.Plan]:
    over = {}
    for plan, event in domain.supersede(versions, domain.RULES, at=uow.now):
        over[plan.id] = await store.put_plan(uow.db, plan)
        await uow.publish(events.plan_version_message(event))
    return [over.get(one.id, one) for one in versions]


async def _in_effect(uow: UnitOfWork, versions: Sequence[domain.Plan]) -> list[domain.Plan]:
    """The version that came to rule knows since when; a new one asks plans below to look at theirs."""
    came = domain.take_effect(versions, at=uow.now)
    if came is None:
        return list(versions)
    ruling, since = await store.put_plan(uow.db, came[0]), came[1]
    if domain.has_predecessor(ruling, versions):
        trigger = domain.superior_changed(ruling, by=domain.RULES, at=since)
        await trigger_plans(uow, await _below(uow, ruling), trigger)
    return [ruling if one.id == ruling.id else one for one in versions]


async def _below(uow: UnitOfWork, superior: domain.Plan) -> list[domain.Plan]:
    """The published versions that stand below the plan: those that name it, and by the hierarchy."""
    named = await store.plans_below(uow.db, superior.plan_id)
    inside = await store.settled_within(uow.db, superior.jurisdiction)
    below = domain.subordinates(superior, inside, at=uow.now)
    ids = {one.id for one in (*named, *below) if one.is_standing}
    return [await store.get_plan(uow.db, id) for id in sorted(ids)]


async def _turned(
    uow: UnitOfWork, plan_id: str, versions: Sequence[domain.Plan]
) -> list[domain.Cycle]:
    kept = {one.kind: one for one in await store.cycles_of(uow.db, plan_id)}
    owed = {one.kind: one for one in domain.dues(versions, store.cycle_rules(), uow.now)}
    plan = next(iter(domain.in_force(versions, uow.now)), None) or versions[-1]
    turned = []
    for kind in domain.CycleKind:
        before = kept.get(kind)
        after, said = domain.turn(before, owed.get(kind), plan=plan, at=uow.now)
        if after is not None:
            turned.append(after if after == before else await store.put_cycle(uow.db, after))
        for event in said:
            await uow.publish(events.cycle_message(event))
    return turned

"""Weighing plans: whatever changes, every plan it bears on is evaluated, decided and recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import override, target
from vocabulary import Mode

EVALUATE_PLAN = "evaluate_plan"

_MEASURES_MAY_GO = (domain.ActivationRaised, domain.ActivationLowered, domain.ActivationEnded)

BearsOn = Callable[[domain.Plan], bool]


@dataclass(frozen=True, slots=True)
class Considered:
    """One plan with everything that a decision about it rests on."""

    plan: domain.Plan
    activation: domain.Activation | None
    facts: domain.Facts
    previous: domain.Findings | None
    situation: domain.Situation


async def weigh(uow: UnitOfWork, cause: domain.Cause, *, mode: Mode, bears_on: BearsOn) -> None:
    """Every plan that the cause bears on has been evaluated; what followed is in force and told."""
    plans = [plan for plan in await _ruling(uow, mode) if bears_on(plan)]
    await _weigh_all(uow, plans, mode=mode, cause=cause)


async def weigh_plan(uow: UnitOfWork, plan_id: str, *, mode: Mode, cause: domain.Cause) -> None:
    """The one plan has been evaluated in the mode; nothing happens when no version rules."""
    plans = [one for one in await _ruling(uow, mode) if one.plan_id == plan_id]
    await _weigh_all(uow, plans, mode=mode, cause=cause)


async def consider(
    uow: UnitOfWork, plan: domain.Plan, *, mode: Mode, cause: domain.Cause
) -> Considered:
    """The plan, ours alone until the unit of work ends, with the facts as they are known now."""
    await store.lock_plans(uow.db, [plan.plan_id])
    world = await _world(uow, mode)
    return await _considered(uow, plan, world=world, mode=mode, cause=cause)


async def record(
    uow: UnitOfWork, seen: Considered, *, said: Sequence[domain.Event], by: str | None
) -> None:
    """What was seen and what it led to is kept: inputs, rule version, conditions, outcome."""
    on, plan = seen.situation, seen.plan
    told = said[-1].activation if said else seen.activation
    await store.add_evaluation(
        uow.db,
        domain.Evaluation(
            id=domain.EvaluationId(on.evaluation_id),
            plan_id=plan.plan_id,
            plan_version=plan.plan_version,
            jurisdiction=plan.jurisdiction,
            emergency_type=plan.emergency_type,
            mode=on.mode,
            at=uow.now,
            cause=on.cause,
            inputs=domain.inputs(plan, seen.facts),
            findings=on.findings,
            outcomes=domain.outcomes(said),
            activation_id=told.id if told else None,
            decided_by=by,
            incidents=on.incidents,
        ),
        organization_id=plan.organization_id,
    )


async def tell(uow: UnitOfWork, said: Sequence[domain.Event]) -> None:
    """What happened is published, in order; overrides go with the measures that they let pass."""
    for event in said:
        await uow.publish(events.activation_message(event))
        if isinstance(event, _MEASURES_MAY_GO):
            await override.follow_activation(uow, event.activation)


async def apply_rules(uow: UnitOfWork, seen: Considered) -> None:
    """The plan's own rules have been applied to what was seen, recorded, told and timed."""
    decision = domain.decide(seen.plan, seen.activation, seen.situation)
    after, on = decision.activation, seen.situation
    is_changed = after is not None and after != seen.activation
    if after is not None and (is_changed or decision.events):
        # the rules follow whoever set them going, and show nobody what they saw
        uow.authorize("apply_plan", target.of_activation(after, sealed=False))
    asked = on.cause.news is not domain.News.CHANGED
    if decision.events or asked or not domain.says_the_same(on.findings, seen.previous):
        await record(uow, seen, said=decision.events, by=None)
    if after is not None and is_changed:
        await store.put_activation(uow.db, after)
    await tell(uow, decision.events)
    await _look_again(uow, seen.plan, mode=on.mode, decision=decision)


async def _weigh_all(
    uow: UnitOfWork, plans: Sequence[domain.Plan], *, mode: Mode, cause: domain.Cause
) -> None:
    if not plans:
        return
    await store.lock_plans(uow.db, [plan.plan_id for plan in plans])
    world = await _world(uow, mode)
    for plan in plans:
        seen = await _considered(uow, plan, world=world, mode=mode, cause=cause)
        await apply_rules(uow, seen)


async def _considered(
    uow: UnitOfWork, plan: domain.Plan, *, world: domain.World, mode: Mode, cause: domain.Cause
) -> Considered:
    last = await store.last_evaluation(uow.db, plan.plan_id, mode)
    previous = last.findings if last and last.plan_version == plan.plan_version else None
    facts = domain.gather(plan, world, uow.now)
    findings = domain.evaluate(plan, facts, previous=previous, now=uow.now)
    situation = domain.Situation(
        mode=mode,
        findings=findings,
        rising=domain.rising(findings, previous),
        contents=domain.contents(plan, facts, law=await _law(uow, plan), now=uow.now),
        cause=cause,
        now=uow.now,
        evaluation_id=uow.new_id("eva"),
        new_id=domain.ActivationId(uow.new_id("act")),
        incidents=domain.rests_on(facts, cause),
    )
    activation = await store.open_activation(uow.db, plan.plan_id, mode)
    return Considered(plan, activation, facts, previous, situation)


async def _look_again(
    uow: UnitOfWork, plan: domain.Plan, *, mode: Mode, decision: domain.Decision
) -> None:
    key = f"evaluate/{domain.watch_id(plan.plan_id, mode)}"
    if decision.look_again_at is None:
        await uow.unschedule(key)
        return
    await uow.schedule(
        key,
        due_at=decision.look_again_at,
        command=EVALUATE_PLAN,
        payload={"planId": plan.plan_id, "mode": mode.value},
    )


async def _ruling(uow: UnitOfWork, mode: Mode) -> list[domain.Plan]:
    """The version that rules each plan: the one an open activation was made under, else in force."""
    published = await store.published_plans(uow.db)
    bound = [
        domain.version_id(one.plan_id, one.plan_version)
        for one in await store.open_activations(uow.db, mode)
    ]
    ruling = {plan.plan_id: plan for plan in domain.in_force(published, uow.now)}
    ruling |= {plan.plan_id: plan for plan in await store.plans_by_id(uow.db, bound)}
    return [ruling[plan_id] for plan_id in sorted(ruling)]


async def _world(uow: UnitOfWork, mode: Mode) -> domain.World:
    return domain.World(
        jurisdictions=tuple(await store.all_jurisdictions(uow.db)),
        signals=tuple(await store.standing_signals(uow.db, mode)),
        warnings=tuple(await store.standing_warnings(uow.db, mode)),
        incidents=tuple(await store.open_incidents(uow.db, mode)),
        readings=tuple(await store.newest_readings(uow.db, mode)),
    )


async def _law(uow: UnitOfWork, plan: domain.Plan) -> domain.Law:
    return domain.Law(
        provisions=tuple(await store.all_provisions(uow.db)),
        holder=await store.find_organization(uow.db, plan.organization_id),
        organizations=tuple(await store.all_organizations(uow.db)),
    )

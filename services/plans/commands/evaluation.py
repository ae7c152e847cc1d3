"""Weighing plans: whatever changes, every plan it bears on is evaluated, decided and recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import override, target
from services.plans.commands.learning import learn_soon
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


async def weigh(
    uow: UnitOfWork,
    cause: domain.Cause,
    *,
    mode: Mode,
    bears_on: BearsOn,
    exercise_id: str | None = None,
) -> None:
    """Every plan that the cause bears on has been evaluated; what followed is in force and told.

    In an exercise that is not running nothing is: what comes late starts nothing.
    """
    plans = [plan for plan in await _ruling(uow, mode, exercise_id) if bears_on(plan)]
    await _weigh_all(uow, plans, mode=mode, cause=cause, exercise_id=exercise_id)


async def weigh_plan(
    uow: UnitOfWork,
    plan_id: str,
    *,
    mode: Mode,
    cause: domain.Cause,
    exercise_id: str | None = None,
) -> None:
    """The one plan has been evaluated in the mode; nothing happens when no version rules."""
    ruling = await _ruling(uow, mode, exercise_id)
    plans = [one for one in ruling if one.plan_id == plan_id]
    await _weigh_all(uow, plans, mode=mode, cause=cause, exercise_id=exercise_id)


async def consider(
    uow: UnitOfWork,
    plan: domain.Plan,
    *,
    mode: Mode,
    cause: domain.Cause,
    exercise_id: str | None = None,
) -> Considered:
    """The plan, ours alone until the unit of work ends, with the facts as they are known now."""
    await store.lock_plans(uow.db, [plan.plan_id])
    world = await _world(uow, mode, exercise_id)
    return await _considered(
        uow, plan, world=world, mode=mode, cause=cause, exercise_id=exercise_id
    )


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
            exercise_id=on.exercise_id,
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
    """What happened is published, in order; overrides go with the measures that they let pass.

    What is over is learnt from once it has settled.
    """
    for event in said:
        await uow.publish(events.activation_message(event))
        if isinstance(event, _MEASURES_MAY_GO):
            await override.follow_activation(uow, event.activation)
        if isinstance(event, domain.ActivationEnded | domain.ActivationDeclined):
            one = event.activation
            await learn_soon(uow, one.plan_id, one.plan_version)


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
    await _look_again(uow, seen.plan, on=on, decision=decision)


async def _weigh_all(
    uow: UnitOfWork,
    plans: Sequence[domain.Plan],
    *,
    mode: Mode,
    cause: domain.Cause,
    exercise_id: str | None,
) -> None:
    if not plans:
        return
    await store.lock_plans(uow.db, [plan.plan_id for plan in plans])
    world = await _world(uow, mode, exercise_id)
    for plan in plans:
        seen = await _considered(
            uow, plan, world=world, mode=mode, cause=cause, exercise_id=exercise_id
        )
        await apply_rules(uow, seen)


async def _considered(
    uow: UnitOfWork,
    plan: domain.Plan,
    *,
    world: domain.World,
    mode: Mode,
    cause: domain.Cause,
    exercise_id: str | None,
) -> Considered:
    last = await store.last_evaluation(uow.db, plan.plan_id, mode, exercise_id=exercise_id)
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
        exercise_id=exercise_id,
    )
    activation = await store.open_activation(uow.db, plan.plan_id, mode, exercise_id=exercise_id)
    return Considered(plan, activation, facts, previous, situation)


async def _look_again(
    uow: UnitOfWork, plan: domain.Plan, *, on: domain.Situation, decision: domain.Decision
) -> None:
    watch = domain.watch_id(plan.plan_id, on.mode, exercise_id=on.exercise_id)
    key = f"evaluate/{watch}"
    if decision.look_again_at is None:
        await uow.unschedule(key)
        return
    await uow.schedule(
        key,
        due_at=decision.look_again_at,
        command=EVALUATE_PLAN,
        payload={
            "planId": plan.plan_id,
            "mode": on.mode.value,
            "exerciseId": on.exercise_id,
        },
    )


async def _ruling(uow: UnitOfWork, mode: Mode, exercise_id: str | None) -> list[domain.Plan]:
    """The version that rules each plan: the one an open activation was made under, else in force.

    In a running exercise the version that is exercised rules its plan, in force or not.
    """
    exercised = await _exercised(uow, exercise_id) if exercise_id is not None else None
    if exercise_id is not None and exercised is None:
        return []
    published = await store.published_plans(uow.db)
    present = await store.open_activations(uow.db, mode, exercise_id=exercise_id)
    bound = {one.plan_id: one.plan_version for one in present}
    ruling = {plan.plan_id: plan for plan in domain.in_force(published, uow.now)}
    ruling |= {
        plan.plan_id: plan for plan in published if bound.get(plan.plan_id) == plan.plan_version
    }
    if exercised is not None:
        ruling[exercised.plan_id] = exercised
    return [ruling[plan_id] for plan_id in sorted(ruling)]


async def _exercised(uow: UnitOfWork, exercise_id: str) -> domain.Plan | None:
    exercise = await store.find_exercise(uow.db, exercise_id, lock=True)
    if exercise is None or not exercise.is_running:
        return None
    return await store.see_plan(uow.db, exercise.version_id)


async def _world(uow: UnitOfWork, mode: Mode, exercise_id: str | None) -> domain.World:
    db, of = uow.db, exercise_id
    return domain.World(
        jurisdictions=tuple(await store.all_jurisdictions(db)),
        signals=tuple(await store.standing_signals(db, mode, exercise_id=of)),
        warnings=tuple(await store.standing_warnings(db, mode, exercise_id=of)),
        incidents=tuple(await store.open_incidents(db, mode, exercise_id=of)),
        readings=tuple(await store.newest_readings(db, mode, exercise_id=of)),
    )


async def _law(uow: UnitOfWork, plan: domain.Plan) -> domain.Law:
    return domain.Law(
        provisions=tuple(await store.all_provisions(uow.db)),
        holder=await store.find_organization(uow.db, plan.organization_id),
        organizations=tuple(await store.all_organizations(uow.db)),
    )

"""Weighing one plan: evaluated on what is known, decided by its own rules, recorded, told, timed."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store
from services.plans.commands import override, target
from services.plans.commands.facts import Look, Scene
from services.plans.commands.learning import learn_soon

EVALUATE_PLAN = "evaluate_plan"

_MEASURES_MAY_GO = (domain.ActivationRaised, domain.ActivationLowered, domain.ActivationEnded)


@dataclass(frozen=True, slots=True)
class Considered:
    """One plan with everything that a decision about it rests on."""

    plan: domain.Plan
    gist: str
    activation: domain.Activation | None
    facts: domain.Facts
    previous: domain.Findings | None
    situation: domain.Situation


async def considered(
    look: Look,
    one: domain.CompiledPlan,
    *,
    last: domain.Evaluation | None,
    cause: domain.Cause,
) -> Considered:
    """The plan, which is ours alone, with what it says to what is known now."""
    uow, plan = look.uow, one.plan
    previous = last.findings if last and last.plan_version == plan.plan_version else None
    facts = look.facts(one)
    findings = domain.evaluate(plan, facts, previous=previous, now=uow.now, read=one.read)
    situation = domain.Situation(
        mode=look.scene.mode,
        findings=findings,
        rising=domain.rising(findings, previous),
        contents=domain.contents(plan, facts, law=await look.law(plan), now=uow.now),
        cause=cause,
        now=uow.now,
        evaluation_id=uow.new_id("eva"),
        new_id=domain.ActivationId(uow.new_id("act")),
        incidents=domain.rests_on(plan, facts, cause),
        open_incidents=look.incidents(plan),
        exercise_id=look.scene.exercise_id,
    )
    present = look.open.get(plan.plan_id)
    return Considered(plan, one.gist_of(findings), present, facts, previous, situation)


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
        gist=seen.gist,
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


async def apply_rules(look: Look, seen: Considered) -> None:
    """The plan's own rules have been applied to what was seen, recorded, told and timed."""
    uow = look.uow
    decision = domain.decide(seen.plan, seen.activation, seen.situation)
    after, on = decision.activation, seen.situation
    is_changed = after is not None and after != seen.activation
    if after is not None and (is_changed or decision.events):
        # the rules follow whoever set them going, and show nobody what they saw
        uow.authorize(_action(on.cause), target.of_activation(after, sealed=False))
    asked = on.cause.news is not domain.News.CHANGED
    if decision.events or asked or not domain.says_the_same(on.findings, seen.previous):
        await record(uow, seen, said=decision.events, by=None)
    if after is not None and is_changed:
        look.note(await store.put_activation(uow.db, after))
    await tell(uow, decision.events)
    await _look_again(uow, seen.plan, at=look.scene, decision=decision)


def _action(cause: domain.Cause) -> str:
    """What the rules do upon a response under another plan is not its commander's doing."""
    return "set_off_plan" if cause.kind is domain.CauseKind.ACTIVATION else "apply_plan"


async def _look_again(
    uow: UnitOfWork, plan: domain.Plan, *, at: Scene, decision: domain.Decision
) -> None:
    watch = domain.watch_id(plan.plan_id, at.mode, exercise_id=at.exercise_id)
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
            "mode": at.mode.value,
            "exerciseId": at.exercise_id,
        },
    )

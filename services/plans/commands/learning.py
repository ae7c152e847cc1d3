"""Learning from what happened: weighed once a response or an exercise is over and settled."""

from chassis.unit_of_work import UnitOfWork
from services.plans import domain, events, store

LEARN = "learn"


async def learn_soon(uow: UnitOfWork, plan_id: str, plan_version: str) -> None:
    """What happened under the version is weighed once late reports have come."""
    settle = domain.rule_in_force(store.learning_rules(), uow.now).settle
    await uow.schedule(
        f"learn/{domain.version_id(plan_id, plan_version)}",
        due_at=uow.now + settle,
        command=LEARN,
        payload={"planId": plan_id, "planVersion": plan_version},
    )


async def learn_from(uow: UnitOfWork, plan_id: str, plan_version: str) -> None:
    """What speaks against places of the version is proposed, and open proposals have the newest cases."""
    versions = await store.versions_of(uow.db, plan_id)
    plan = next((one for one in versions if one.plan_version == plan_version), None)
    if plan is None:
        return
    rule = domain.rule_in_force(store.learning_rules(), uow.now)
    kept = await kept_of(uow, plan, versions, rule)
    present = {one.at: one for one in await store.open_proposals(uow.db, plan_id)}
    objections = {one.at: one for one in domain.learn(kept, rule, uow.now)}
    for at in sorted(present.keys() | objections.keys()):
        await _weigh(uow, kept, rule, at=at, present=present.get(at), found=objections.get(at))


async def kept_of(
    uow: UnitOfWork, plan: domain.Plan, versions: list[domain.Plan], rule: domain.LearningRule
) -> domain.Kept:
    """Everything that is kept of the plan's cases within the rule's window.

    What rests on a sealed incident is no case: a proposal is seen by whoever keeps the plan.
    """
    db, since = uow.db, uow.now - rule.window
    steps = await store.steps_since(db, plan.plan_id, since)
    measures = await store.measures_since(db, plan.plan_id, since)
    evaluations = await store.evaluations_since(db, plan.plan_id, since)
    led_to = [one.activation_id for one in evaluations]
    led_to += [one.activation_id for one in steps] + [one.activation_id for one in measures]
    ids = {one for one in led_to if one}
    sealed = await store.sealed_among(db, ids)
    steps = [one for one in steps if one.activation_id not in sealed]
    measures = [one for one in measures if one.activation_id not in sealed]
    evaluations = [one for one in evaluations if one.activation_id not in sealed]
    activations = await store.activations_of(db, ids - sealed)
    played = [one.exercise_id for one in steps]
    played += [one.exercise_id for one in measures]
    played += [one.exercise_id for one in activations.values()]
    decided = [one for one in await store.proposals_of(db, plan.plan_id) if one.decided_at]
    return domain.Kept(
        plan=plan,
        versions=tuple(versions),
        steps=tuple(steps),
        measures=tuple(measures),
        evaluations=tuple(evaluations),
        activations=activations,
        exercises=await store.exercises_of(db, {one for one in played if one}),
        decided_at={one.at: one.decided_at for one in decided if one.decided_at},
    )


async def _weigh(
    uow: UnitOfWork,
    kept: domain.Kept,
    rule: domain.LearningRule,
    *,
    at: domain.PlaceInPlan,
    present: domain.RevisionProposal | None,
    found: domain.Objection | None,
) -> None:
    if present is None:
        if found is not None:
            await _propose(uow, kept.plan, found, rule)
        return
    if not domain.has_place(kept.plan, at):
        return
    evidence = domain.evidence_of(at, kept, rule, uow.now)
    proposal, supported = domain.support(present, kept.plan, evidence=evidence, now=uow.now)
    if supported is not None:
        await store.put_proposal(uow.db, proposal)
        await uow.publish(events.revision_message(supported))


async def _propose(
    uow: UnitOfWork, plan: domain.Plan, found: domain.Objection, rule: domain.LearningRule
) -> None:
    id = uow.new_id("rvp")
    proposal, proposed = domain.propose(id, plan, found, rule=rule, now=uow.now)
    await store.put_proposal(uow.db, proposal)
    await uow.publish(events.revision_message(proposed))

"""A person's decisions about activations: each weighed against the facts known now, and recorded."""

from collections.abc import Callable
from dataclasses import replace

from chassis.policy import VIEW
from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands import cascade, facts, target
from services.plans.commands.evaluation import Considered, record, tell
from services.plans.commands.facts import Look
from vocabulary import Mode, ResponseLevel

Decided = tuple[domain.Activation, domain.Event]
Decide = Callable[[domain.Plan, domain.Activation, domain.Situation], Decided]


async def start_activation(
    uow: UnitOfWork,
    plan_id: str,
    *,
    level: ResponseLevel,
    mode: Mode,
    incident_id: str | None,
    by: domain.Signature,
    plan_version: str | None = None,
    exercise_id: str | None = None,
) -> domain.Activation:
    """The plan is in force at `level` because a person says so.

    Raises `plan-not-found`, `plan-version-not-effective`, `plan-already-active`,
    `level-not-in-plan` and `reason-required`; in an exercise `exercise-state-wrong` unless it is
    running.
    """
    scene = await facts.scene(uow, mode, exercise_id)
    await cascade.lock(uow, scene.index, plan_id)
    plan = await _to_start(uow, scene, plan_id, plan_version)
    uow.authorize("start_activation", target.of_start(plan, mode))
    look, seen = await cascade.consider(uow, scene, plan, cause=_person(uow))
    activation, event = domain.start(
        seen.plan, seen.activation, level=level, by=by, on=seen.situation
    )
    told_of = () if incident_id is None else (incident_id,)
    incidents = tuple(sorted({*activation.incidents, *told_of}))
    activation = replace(activation, incident_id=incident_id, incidents=incidents)
    return await _settle(look, seen, (activation, replace(event, activation=activation)), by=by)


async def sign_activation(
    uow: UnitOfWork,
    id: str,
    *,
    level: ResponseLevel | None,
    by: domain.Signature,
    expected_version: int | None,
) -> domain.Activation:
    """What was proposed is in force, at `level` or the level proposed.

    Raises `proposal-already-decided` naming who was first, and as `domain.sign`.
    """

    def decide(plan: domain.Plan, one: domain.Activation, on: domain.Situation) -> Decided:
        return domain.sign(plan, one, level=level, by=by, on=on)

    return await _decide(
        uow, id, action="sign_activation", decide=decide, by=by, expected_version=expected_version
    )


async def decline_activation(
    uow: UnitOfWork, id: str, *, by: domain.Signature, expected_version: int | None
) -> domain.Activation:
    """What was proposed is declined; what is in force stands. Raises as `domain.decline`."""

    def decide(_: domain.Plan, one: domain.Activation, on: domain.Situation) -> Decided:
        return domain.decline(one, by, on)

    return await _decide(
        uow,
        id,
        action="decline_activation",
        decide=decide,
        by=by,
        expected_version=expected_version,
    )


async def raise_activation(
    uow: UnitOfWork,
    id: str,
    *,
    level: ResponseLevel,
    by: domain.Signature,
    expected_version: int | None,
) -> domain.Activation:
    """The more severe `level` is in force. Raises as `domain.raise_level`."""

    def decide(plan: domain.Plan, one: domain.Activation, on: domain.Situation) -> Decided:
        return domain.raise_level(plan, one, level=level, by=by, on=on)

    return await _decide(
        uow, id, action="raise_activation", decide=decide, by=by, expected_version=expected_version
    )


async def lower_activation(
    uow: UnitOfWork,
    id: str,
    *,
    level: ResponseLevel,
    by: domain.Signature,
    expected_version: int | None,
) -> domain.Activation:
    """The less severe `level` is in force. Raises `level-below-conditions`, and as `domain.lower`."""

    def decide(plan: domain.Plan, one: domain.Activation, on: domain.Situation) -> Decided:
        return domain.lower(plan, one, level=level, by=by, on=on)

    return await _decide(
        uow, id, action="lower_activation", decide=decide, by=by, expected_version=expected_version
    )


async def end_activation(
    uow: UnitOfWork, id: str, *, by: domain.Signature, expected_version: int | None
) -> domain.Activation:
    """Nothing is in force any more. Raises `level-below-conditions`, and as `domain.end`."""

    def decide(plan: domain.Plan, one: domain.Activation, on: domain.Situation) -> Decided:
        return domain.end(plan, one, by, on)

    return await _decide(
        uow, id, action="end_activation", decide=decide, by=by, expected_version=expected_version
    )


async def shown(uow: UnitOfWork, decided: domain.Activation) -> domain.Activation:
    """What the one who decided is answered: without what it rests on, where that is sealed to them."""
    sealed = await store.is_sealed(uow.db, decided.incidents)
    seen = uow.decide(VIEW, target.of_activation(decided, sealed=sealed))
    return decided if seen.allowed else domain.without_reasons(decided)


async def _to_start(
    uow: UnitOfWork, scene: facts.Scene, plan_id: str, plan_version: str | None
) -> domain.Plan:
    """The version that a person may start: the one in force, or the one that is exercised."""
    if scene.exercise_id is not None:
        exercise = await store.get_exercise(uow.db, scene.exercise_id)
        domain.expect_running(exercise, scene.mode)
        if scene.exercised is not None and exercise.plan_id == plan_id:
            domain.expect_exercised(exercise, plan_version)
            return scene.exercised
    versions = await store.versions_of(uow.db, plan_id)
    return domain.startable(versions, plan_id, plan_version=plan_version, at=uow.now)


async def _decide(
    uow: UnitOfWork,
    id: str,
    *,
    action: str,
    decide: Decide,
    by: domain.Signature,
    expected_version: int | None,
) -> domain.Activation:
    """Decide on the activation as it stands once its plan is ours alone; the first decision wins."""
    found = await store.get_activation(uow.db, id)
    sealed = await store.is_sealed(uow.db, found.incidents)
    uow.authorize(action, target.of_activation(found, sealed=sealed))
    scene = await facts.scene(uow, found.mode, found.exercise_id)
    await cascade.lock(uow, scene.index, found.plan_id)
    version = domain.version_id(found.plan_id, found.plan_version)
    plan = await store.get_plan(uow.db, version)
    look, seen = await cascade.consider(uow, scene, plan, cause=_person(uow))
    present = await store.get_activation(uow.db, id)
    decided = decide(plan, present, seen.situation)
    await store.get_activation(uow.db, id, expected_version=expected_version)
    return await _settle(look, seen, decided, by=by)


async def _settle(
    look: Look, seen: Considered, decided: Decided, *, by: domain.Signature
) -> domain.Activation:
    """Keep, store and tell the decision; then let the rules of plans see what it left them."""
    uow = look.uow
    activation, event = decided
    await record(uow, seen, said=[event], by=by.by)
    stored = await store.put_activation(uow.db, activation)
    look.note(stored)
    await tell(uow, [event])
    await cascade.settle(look, {seen.plan.plan_id: seen.situation.cause})
    return await store.get_activation(uow.db, stored.id)


def _person(uow: UnitOfWork) -> domain.Cause:
    return domain.Cause(domain.CauseKind.PERSON, uow.caller.subject)

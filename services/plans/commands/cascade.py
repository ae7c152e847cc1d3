"""Weighing plans: whatever changes, every plan it bears on is weighed, then those they set off.

All plans that may be reached are locked at once and in order, so that no two cascades wait for
each other; a round sees the responses as the one before left them, until nothing changes.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from chassis import logging
from chassis.unit_of_work import UnitOfWork
from services.plans import domain, store
from services.plans.commands import facts
from services.plans.commands.evaluation import Considered, apply_rules, considered
from services.plans.commands.facts import Look, Scene
from vocabulary import Mode

log = logging.get(__name__)

Concerned = Callable[[domain.Index], Collection[domain.CompiledPlan]]
Due = Mapping[str, domain.Cause]


async def weigh(
    uow: UnitOfWork,
    cause: domain.Cause,
    *,
    mode: Mode,
    concerned: Concerned,
    exercise_id: str | None = None,
) -> None:
    """Every plan that the cause bears on has been weighed, and whatever followed from that.

    In an exercise that is not running nothing is: what comes late starts nothing.
    """
    scene = await facts.scene(uow, mode, exercise_id)
    found = concerned(scene.index) if scene.is_running else ()
    versions = frozenset(one.plan.id for one in found)
    plan_ids = frozenset(one.plan.plan_id for one in found)
    if not plan_ids:
        return
    await store.lock_plans(uow.db, scene.index.reached(plan_ids))
    look = await facts.look(uow, scene)
    ruling = look.ruling(plan_ids)
    due = {plan_id: cause for plan_id, one in ruling.items() if one.plan.id in versions}
    await settle(look, due)


async def weigh_plan(
    uow: UnitOfWork,
    plan_id: str,
    *,
    mode: Mode,
    cause: domain.Cause,
    exercise_id: str | None = None,
) -> None:
    """The one plan has been weighed in the mode; nothing happens when no version rules."""

    def concerned(index: domain.Index) -> Collection[domain.CompiledPlan]:
        return index.versions(plan_id)

    await weigh(uow, cause, mode=mode, concerned=concerned, exercise_id=exercise_id)


async def lock(uow: UnitOfWork, index: domain.Index, plan_id: str) -> None:
    """The plan, and all that it may set off, are ours until the unit of work ends."""
    await store.lock_plans(uow.db, index.reached([plan_id]))


async def consider(
    uow: UnitOfWork, scene: Scene, plan: domain.Plan, *, cause: domain.Cause
) -> tuple[Look, Considered]:
    """The plan, locked before, with everything that a person's decision about it rests on."""
    look = await facts.look(uow, scene)
    last = await store.last_evaluation(
        uow.db, plan.plan_id, scene.mode, exercise_id=scene.exercise_id
    )
    found = (one for one in scene.index.versions(plan.plan_id) if one.plan.id == plan.id)
    one = next(found, None) or domain.compiled(plan)
    return look, await considered(look, one, last=last, cause=cause)


async def settle(look: Look, due: Due) -> None:
    """The plans due have been weighed, then those that they set off, until nothing changes.

    A cascade deeper than `MOST_ROUNDS` is stopped and logged; what it decided stands.
    """
    for _ in range(domain.MOST_ROUNDS):
        await _weigh_round(look, due)
        due = look.index.set_off(look.end_round())
        if not due:
            return
    log.error("cascade.stopped", mode=look.scene.mode, rounds=domain.MOST_ROUNDS, left=sorted(due))


async def _weigh_round(look: Look, due: Due) -> None:
    """Each plan that is due, once; one that merely says what it said is left as it stands."""
    ruling = list(look.ruling(due).values())
    last = await store.last_findings(
        look.uow.db,
        [one.plan.plan_id for one in ruling],
        look.scene.mode,
        exercise_id=look.scene.exercise_id,
    )
    moved = _moved(look, ruling, due=due, last=last)
    ids = [last[one.plan.plan_id].id for one in moved if one.plan.plan_id in last]
    records = {one.plan_id: one for one in await store.evaluations(look.uow.db, ids)}
    for one in moved:
        plan_id = one.plan.plan_id
        seen = await considered(look, one, last=records.get(plan_id), cause=due[plan_id])
        await apply_rules(look, seen)


def _moved(
    look: Look,
    ruling: Sequence[domain.CompiledPlan],
    *,
    due: Due,
    last: Mapping[str, domain.Last],
) -> list[domain.CompiledPlan]:
    """Those that owe an answer, or say something else than when they were last weighed."""
    quiet = [one for one in ruling if not domain.asks(due[one.plan.plan_id])]
    gists = look.index.gists(quiet, look.facts)
    settled = {
        one
        for one, gist in zip(quiet, gists, strict=True)
        if domain.is_settled(
            gist,
            last=last.get(one.plan.plan_id),
            activation=look.open.get(one.plan.plan_id),
            now=look.uow.now,
        )
    }
    return [one for one in ruling if one not in settled]

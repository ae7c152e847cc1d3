"""Solving who is sent where: read without locks, solve in a worker, claim in order, solve losers again."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from chassis import compute
from chassis.compute import ComputeFailed, ComputeTimeout
from chassis.unit_of_work import UnitOfWork
from services.guarantee import events, store
from services.guarantee.domain import allocation, dispatch, matching, requirement, rule
from services.guarantee.domain import resource as inventory
from services.guarantee.domain.allocation import Assignment, Problem, Solution
from services.guarantee.domain.dispatch import Dispatch
from services.guarantee.domain.ledger import Ledger
from services.guarantee.domain.matching import Picture
from services.guarantee.domain.requirement import Requirement, RequirementStatus
from services.guarantee.domain.resource import Resource

SOLVE = "dispatch.solve"


async def solve_soon(uow: UnitOfWork, *pools: str, ledger: Ledger) -> None:
    """Have these pools, and all others of the ledger that lack something, solved when this unit ends.

    Many asks become one solving. Must come before anything else is locked: a solving holds its
    timer while it waits for requirements and resources, so whoever holds those must not wait for it.
    """
    for pool in sorted({*pools, *await store.wanting_pools(uow.db, ledger)}):
        await _schedule(uow, pool, ledger)


async def _schedule(uow: UnitOfWork, pool: str, ledger: Ledger) -> None:
    await uow.schedule(
        f"{SOLVE}:{ledger.name}:{pool}",
        due_at=uow.now,
        command=SOLVE,
        payload={"pool": pool, "mode": ledger.mode, "exerciseId": ledger.exercise_id},
    )


async def solve_dispatch(uow: UnitOfWork, pool: str, ledger: Ledger) -> None:
    """Order what is cheapest for the needs of a pool, and tell what is met and what is missing.

    What somebody else took between reading and claiming is solved again at once.
    """
    wanting = await store.wanting(uow.db, pool, ledger)
    if not wanting:
        return
    picture = await _picture(uow, wanting, ledger)
    problem = matching.problem_of(picture)
    solution = await _solve(problem)
    lost = await _claim(uow, solution.chosen.assignments, picture, ids=[one.id for one in wanting])
    solved = allocation.record_of(
        uow.new_id("sol"), problem, solution, pool=pool, ledger=ledger, lost=len(lost)
    )
    await store.put_allocation(uow.db, solved)
    if lost:
        await _schedule(uow, pool, ledger)


async def _picture(uow: UnitOfWork, wanting: list[Requirement], ledger: Ledger) -> Picture:
    resources = await store.resources_able(uow.db, [one.capability for one in wanting])
    incident_ids = [one.incident_id for one in wanting if one.incident_id is not None]
    return Picture(
        requirements=tuple(wanting),
        resources=tuple(resources),
        held=await store.held(uow.db, [one.id for one in resources], ledger),
        owners=await store.all_organizations(uow.db),
        jurisdictions={one.id: one for one in await store.all_jurisdictions(uow.db)},
        incident_places=await store.places_of(uow.db, incident_ids),
        tiers=rule.in_force(store.tier_rules(), uow.now),
        rule=rule.in_force(store.dispatch_rules(), uow.now),
        at=uow.now,
    )


async def _solve(problem: Problem) -> Solution:
    """Return the solver's answer, or the greedy one when it does not answer in time."""
    try:
        return await compute.run(allocation.solve, problem, timeout_s=problem.rule.solver_timeout_s)
    except (ComputeTimeout, ComputeFailed):
        return allocation.fall_back(problem)


async def _claim(
    uow: UnitOfWork, assignments: Iterable[Assignment], picture: Picture, *, ids: list[str]
) -> set[str]:
    """Book and order what is still free; return the needs for which something was lost."""
    current = await store.lock_requirements(uow.db, ids)
    chosen = [one for one in assignments if current[one.line_id].outstanding > 0]
    resources = await store.lock_resources(uow.db, sorted({one.resource_id for one in chosen}))
    lost: set[str] = set()
    sent: dict[str, list[Dispatch]] = {}
    for _, group in groupby(chosen, key=lambda one: one.resource_id):
        for one in group:
            need, resource = current[one.line_id], resources.get(one.resource_id)
            ordered = await _order(uow, one, need=need, resource=resource)
            if ordered is None:
                lost.add(need.id)
            else:
                sent.setdefault(need.id, []).append(ordered)
    for need in current.values():
        if need.outstanding > 0:
            await _settle(uow, need, picture, sent=sent.get(need.id, []), is_lost=need.id in lost)
    return lost


async def _order(
    uow: UnitOfWork, one: Assignment, *, need: Requirement, resource: Resource | None
) -> Dispatch | None:
    """Order the resource when it can still be had."""
    if resource is None or not inventory.is_usable(resource, uow.now):
        return None
    ordered = dispatch.order(
        uow.new_id("dsp"),
        one,
        requirement=need,
        resource=resource,
        now=uow.now,
        by=uow.caller.subject,
    )
    booked = (
        await store.book_whole(uow.db, ordered)
        if resource.is_whole
        else await store.book_part(uow.db, ordered, resource.quantity)
    )
    if not booked:
        return None
    stored = await store.put_dispatch(uow.db, ordered)
    await uow.publish(events.dispatch_told(stored))
    return stored


async def _settle(
    uow: UnitOfWork,
    need: Requirement,
    picture: Picture,
    *,
    sent: list[Dispatch],
    is_lost: bool,
) -> None:
    """Keep and tell what the solving means for one need; one that lost a claim is told after the next."""
    served = requirement.served(need, need.met_quantity + sum(one.quantity for one in sent))
    if served.status is RequirementStatus.MET:
        await uow.publish(events.requirement_met(await store.put_requirement(uow.db, served)))
        return
    if is_lost:
        await store.put_requirement(uow.db, served)
        return
    shortage = matching.shortage_of(
        served, picture, sent=frozenset(one.resource_id for one in sent)
    )
    short = requirement.short(served, shortage, tiers=picture.tiers, now=uow.now)
    if replace(short, version=need.version) == need:
        return  # nothing new: it was told before
    await uow.publish(events.requirement_unmet(await store.put_requirement(uow.db, short)))

"""What plans are judged against, gathered from our copies; judged in a worker process."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import compute
from services.plans import domain, store
from vocabulary import area, is_within

# Some 20 ms a plan the first time, 6 ms again (bench/quality.py); a hostile one a second a level.
WITHIN_S = 30.0


async def judged(
    db: AsyncConnection, plans: Sequence[domain.Plan], *, at: datetime
) -> list[domain.Quality]:
    """The report of each plan by what is known here at `at`. Raises `compute-timeout`."""
    around = await surroundings(db, plans, at=at)
    bare = [_without_text(one) for one in plans]
    return await compute.run(domain.judge, bare, around, at, timeout_s=WITHIN_S)


async def surroundings(
    db: AsyncConnection, plans: Sequence[domain.Plan], *, at: datetime
) -> domain.Surroundings:
    """Whatever bears on these plans."""
    return domain.Surroundings(
        plans=tuple(_without_text(one) for one in await ruling_above(db, plans, at=at)),
        provisions=tuple(await store.all_provisions(db)),
        organizations=tuple(await store.all_organizations(db)),
        jurisdictions=tuple(await store.all_jurisdictions(db)),
        resources=tuple(await _resources(db, plans)),
        reported=await store.reported(db),
        drills=await drill_standings(db, plans, at=at),
    )


async def ruling_above(
    db: AsyncConnection, plans: Sequence[domain.Plan], *, at: datetime
) -> list[domain.Plan]:
    """The versions that rule at `at` for the plans' divisions, those above, and those they name."""
    divisions = {code for one in plans for code in area.chain(one.jurisdiction)}
    named = {id for one in plans for id in one.superiors}
    return domain.in_force(await store.settled_versions(db, divisions, named), at)


async def drill_standings(
    db: AsyncConnection, plans: Sequence[domain.Plan], *, at: datetime
) -> dict[str, domain.DrillStanding]:
    """How the plans stand with their drills, by plan."""
    rules = store.cycle_rules()
    return {
        id: domain.drill_standing(await store.versions_of(db, id), rules, at)
        for id in sorted({one.plan_id for one in plans})
    }


async def _resources(
    db: AsyncConnection, plans: Sequence[domain.Plan]
) -> Sequence[domain.Resource]:
    """What lies within the plans' divisions; anything at all, if nothing does: then it is none."""
    codes = {one.jurisdiction for one in plans}
    outermost = {
        code
        for code in codes
        if not any(other != code and is_within(code, other) for other in codes)
    }
    found = [one for code in sorted(outermost) for one in await store.resources_within(db, code)]
    return found or await store.some_resources(db)


def _without_text(plan: domain.Plan) -> domain.Plan:
    return replace(plan, text="")

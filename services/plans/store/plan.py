"""Plan versions: drafts and what has been published."""

from collections import OrderedDict
from collections.abc import Collection, Iterable

from sqlalchemy import Column, Computed, DateTime, Index, Text, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans import domain
from services.plans.domain import CompiledPlan, Plan, PlanStatus
from services.plans.store.tables import metadata
from vocabulary import area

plan = documents.table(
    "plan",
    metadata,
    Column("plan_id", Text, nullable=False),
    Column("plan_version", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("effective_from", DateTime(timezone=True), nullable=False),
    Column("digest", Text, Computed("md5(doc::text)", persisted=True)),
    Index("plan_versions", "plan_id", "plan_version", unique=True),
)

PUBLISHING = 0x706C616E  # "plan": the advisory lock under which versions are published

# Ready versions by id and digest of the whole document: what a key stands for never changes.
_READY: OrderedDict[tuple[str, str], CompiledPlan] = OrderedDict()
MOST_READY = 5000  # versions; some 40 KB each with their text


async def get_plan(db: AsyncConnection, id: str, *, expected_version: int | None = None) -> Plan:
    """The version, locked until the unit of work ends. Raises `plan-not-found`."""
    return await documents.load(db, plan, id, Plan, lock=True, expected_version=expected_version)


async def find_plan(db: AsyncConnection, id: str) -> Plan | None:
    """The version, locked until the unit of work ends, or None."""
    found = await documents.find(db, plan, Plan, plan.c.id == id, lock=True)
    return found[0] if found else None


async def read_plan(db: AsyncConnection, id: str) -> Plan:
    """The version as it stands, not locked. Raises `plan-not-found`."""
    return await documents.load(db, plan, id, Plan)


async def published_plans(db: AsyncConnection) -> list[Plan]:
    """Every published version of every plan."""
    return [one.plan for one in (await ready_plans(db)).plans]


async def versions_of(db: AsyncConnection, plan_id: str) -> list[Plan]:
    """Every version of the plan, drafts too, the earliest effective first."""
    order = [plan.c.effective_from, plan.c.id]
    return await documents.find(db, plan, Plan, plan.c.plan_id == plan_id, order_by=order)


async def settled_versions(
    db: AsyncConnection, divisions: Iterable[str], plan_ids: Iterable[str]
) -> list[Plan]:
    """Versions that are no drafts: of plans for these divisions, and of these plans."""
    wanted = plan.c.jurisdiction.in_(list(divisions)) | plan.c.plan_id.in_(list(plan_ids))
    return await documents.find(db, plan, Plan, plan.c.status != PlanStatus.DRAFT, wanted)


async def settled_within(db: AsyncConnection, code: str) -> list[Plan]:
    """Versions that are no drafts, for the division or one within it."""
    within = plan.c.jurisdiction.startswith(area.prefix(code), autoescape=True)
    return await documents.find(db, plan, Plan, plan.c.status != PlanStatus.DRAFT, within)


async def ready_plans(db: AsyncConnection) -> domain.Index:
    """Every published version, ready to be asked; each is read and compiled once a process."""
    rows = await db.execute(
        select(plan.c.id, plan.c.digest)
        .where(plan.c.status == PlanStatus.PUBLISHED)
        .order_by(plan.c.id)
    )
    keys = [(row.id, row.digest) for row in rows]
    fresh = await _made_ready(db, [id for id, digest in keys if (id, digest) not in _READY])
    found = {key: _READY[key] if key in _READY else fresh[key[0]] for key in keys}
    for key, one in found.items():
        _READY[key] = one
        _READY.move_to_end(key)
    while len(_READY) > max(MOST_READY, len(found)):
        _READY.popitem(last=False)
    return domain.index(tuple(found.values()))


async def lock_plans(db: AsyncConnection, plan_ids: Collection[str]) -> None:
    """Whoever weighs these plans waits until this unit of work ends: one decision at a time.

    Rows are locked in the order of their ids: whoever locks all that it needs in one call waits
    for others and never they for it.
    """
    statement = select(plan.c.id).where(plan.c.plan_id.in_(plan_ids)).order_by(plan.c.id)
    await db.execute(statement.with_for_update())


async def lock_publishing(db: AsyncConnection) -> None:
    """One version is published at a time, so that each sees the others that it would set off."""
    await db.execute(select(func.pg_advisory_xact_lock(PUBLISHING)))


async def lock_all_plans(db: AsyncConnection) -> None:
    """Whoever weighs any plan waits until this unit of work ends, and who does now has ended."""
    await db.execute(select(plan.c.id).order_by(plan.c.id).with_for_update())


async def put_plan(db: AsyncConnection, one: Plan) -> Plan:
    """Store the version and return it as stored."""
    return await documents.save(db, plan, one)


async def _made_ready(db: AsyncConnection, ids: Collection[str]) -> dict[str, CompiledPlan]:
    if not ids:
        return {}
    found = await documents.find(db, plan, Plan, plan.c.id.in_(ids))
    return {one.id: domain.compiled(one) for one in found}

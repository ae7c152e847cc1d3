"""Plan versions: drafts and what has been published."""

from collections import OrderedDict
from collections.abc import Collection, Iterable

from sqlalchemy import Column, Computed, DateTime, Index, Text, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans import domain
from services.plans.domain import ONCE_PUBLISHED, STANDING, CompiledPlan, Plan, PlanStatus
from services.plans.store.activation import OPEN, activation
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


async def once_published_plans(db: AsyncConnection) -> list[Plan]:
    """Every version of every plan that is published, or was until it was retired."""
    return await documents.find(db, plan, Plan, plan.c.status.in_(ONCE_PUBLISHED))


async def locked_versions(db: AsyncConnection, plan_id: str) -> list[Plan]:
    """All versions of the plan, drafts too, locked until the unit of work ends."""
    return await documents.find(db, plan, Plan, plan.c.plan_id == plan_id, lock=True)


async def plans_below(db: AsyncConnection, plan_id: str) -> list[Plan]:
    """The published versions that name the plan as their superior, locked."""
    return await _naming(db, "superiors", plan_id)


async def plans_resting_on(db: AsyncConnection, provision_id: str) -> list[Plan]:
    """The published versions that name the provision as their legal basis, locked."""
    return await _naming(db, "legal_basis", provision_id)


async def _naming(db: AsyncConnection, member: str, id: str) -> list[Plan]:
    names_it = plan.c.doc[member].contains(cast([id], JSONB))
    return await documents.find(db, plan, Plan, plan.c.status.in_(STANDING), names_it, lock=True)


async def versions_of(db: AsyncConnection, plan_id: str) -> list[Plan]:
    """Every version of the plan, drafts too, the earliest effective first."""
    order = [plan.c.effective_from, plan.c.id]
    return await documents.find(db, plan, Plan, plan.c.plan_id == plan_id, order_by=order)


async def settled_versions(
    db: AsyncConnection, divisions: Iterable[str], plan_ids: Iterable[str]
) -> list[Plan]:
    """Versions that were published: of plans for these divisions, and of these plans."""
    wanted = plan.c.jurisdiction.in_(list(divisions)) | plan.c.plan_id.in_(list(plan_ids))
    return await documents.find(db, plan, Plan, plan.c.status.in_(ONCE_PUBLISHED), wanted)


async def settled_within(db: AsyncConnection, code: str) -> list[Plan]:
    """Versions that were published, for the division or one within it."""
    within = plan.c.jurisdiction.startswith(area.prefix(code), autoescape=True)
    return await documents.find(db, plan, Plan, plan.c.status.in_(ONCE_PUBLISHED), within)


async def ready_plans(db: AsyncConnection) -> domain.Index:
    """Every version that stands, ready to be asked, and those retired that something open is under.

    Each is read and compiled once a process.
    """
    version_id = func.concat(activation.c.plan_id, "@", activation.c.doc["plan_version"].astext)
    bound = select(version_id).where(activation.c.state.in_(OPEN))
    rows = await db.execute(
        select(plan.c.id, plan.c.digest)
        .where(
            plan.c.status.in_(STANDING)
            | ((plan.c.status == PlanStatus.RETIRED) & plan.c.id.in_(bound)),
        )
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

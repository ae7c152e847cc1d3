"""Plan versions: drafts and what has been published."""

from collections.abc import Iterable

from sqlalchemy import Column, DateTime, Index, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import Plan, PlanStatus
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
    Index("plan_versions", "plan_id", "plan_version", unique=True),
)


async def get_plan(db: AsyncConnection, id: str, *, expected_version: int | None = None) -> Plan:
    """The version, locked until the unit of work ends. Raises `plan-not-found`."""
    return await documents.load(db, plan, id, Plan, lock=True, expected_version=expected_version)


async def see_plan(db: AsyncConnection, id: str) -> Plan:
    """The version, unlocked, for whoever does not decide on it. Raises `plan-not-found`."""
    return await documents.load(db, plan, id, Plan)


async def find_plan(db: AsyncConnection, id: str) -> Plan | None:
    """The version, locked until the unit of work ends, or None."""
    found = await documents.find(db, plan, Plan, plan.c.id == id, lock=True)
    return found[0] if found else None


async def published_plans(db: AsyncConnection) -> list[Plan]:
    """Every published version of every plan."""
    return await documents.find(db, plan, Plan, plan.c.status == PlanStatus.PUBLISHED)


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


async def lock_plans(db: AsyncConnection, plan_ids: list[str]) -> None:
    """Whoever weighs these plans waits until this unit of work ends: one decision at a time."""
    await documents.find(db, plan, Plan, plan.c.plan_id.in_(plan_ids), lock=True)


async def lock_all_plans(db: AsyncConnection) -> None:
    """Whoever weighs any plan waits until this unit of work ends, and who does now has ended."""
    await db.execute(select(plan.c.id).order_by(plan.c.id).with_for_update())


async def put_plan(db: AsyncConnection, one: Plan) -> Plan:
    """Store the version and return it as stored."""
    return await documents.save(db, plan, one)

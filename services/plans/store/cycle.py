"""Cycles of plans, and the rules that they follow: services/plans/data/cycles/*.yaml."""

from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import Column, DateTime, Index, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import Cycle, CycleRule, parse_cycle_rule
from services.plans.store.tables import metadata

cycle = documents.table(
    "cycle",
    metadata,
    Column("plan_id", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("warn_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Index("cycle_of_plan", "plan_id"),
    Index("cycle_due", "due_at"),
)


@cache
def cycle_rules() -> tuple[CycleRule, ...]:
    """Every edition of every rule. Raises RuleDataInvalid naming the file's fault."""
    folder = files("services.plans") / "data" / "cycles"
    texts = sorted((one.name, one.read_text("utf-8")) for one in folder.iterdir())
    return tuple(parse_cycle_rule(yaml.safe_load(text)) for _, text in texts)


async def cycles_of(db: AsyncConnection, plan_id: str) -> list[Cycle]:
    """The plan's cycles, locked until the unit of work ends."""
    return await documents.find(db, cycle, Cycle, cycle.c.plan_id == plan_id, lock=True)


async def put_cycle(db: AsyncConnection, one: Cycle) -> Cycle:
    """Store the cycle and return it as stored."""
    return await documents.save(db, cycle, one)

"""How steps went: one record a task."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Boolean, Column, DateTime, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import Visible
from services.plans.domain import StepRecord
from services.plans.store.incident import sealed_with
from services.plans.store.tables import metadata

step_record = documents.table(
    "step_record",
    metadata,
    Column("plan_id", Text, nullable=False),
    Column("plan_version", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("organization_id", Text),
    Column("mode", Text, nullable=False),
    Column("activation_id", Text),
    Column("exercise_id", Text, index=True),
    Column("incidents", ARRAY(Text), nullable=False),
    Column("incident_sealed", Boolean, nullable=False),
    Column("owed_at", DateTime(timezone=True), nullable=False),
    Index("step_record_incidents", "incidents", postgresql_using="gin"),
    Index("step_record_of_plan", "plan_id", "owed_at"),
    Index("step_record_of_activation", "activation_id"),
    visible=Visible(
        area="jurisdiction", organizations=("organization_id",), sealed="incident_sealed"
    ),
)


async def find_step_record(db: AsyncConnection, id: str) -> StepRecord | None:
    """The record, locked until the unit of work ends, or None."""
    found = await documents.find(db, step_record, StepRecord, step_record.c.id == id, lock=True)
    return found[0] if found else None


async def steps_played(db: AsyncConnection, exercise_id: str) -> list[StepRecord]:
    """Every step that was asked for in the exercise."""
    where = step_record.c.exercise_id == exercise_id
    return await documents.find(db, step_record, StepRecord, where)


async def steps_since(
    db: AsyncConnection, plan_id: str, since: datetime, *, versions: Sequence[str] | None = None
) -> list[StepRecord]:
    """Every step of the plan that was asked for since then, under any version unless named."""
    where = [step_record.c.plan_id == plan_id, step_record.c.owed_at >= since]
    if versions is not None:
        where.append(step_record.c.plan_version.in_(versions))
    return await documents.find(db, step_record, StepRecord, *where)


async def put_step_record(db: AsyncConnection, one: StepRecord) -> StepRecord:
    """Store the record and return it as stored."""
    return await documents.save(
        db,
        step_record,
        one,
        incidents=list(one.incidents),
        incident_sealed=sealed_with(one.incidents),
    )

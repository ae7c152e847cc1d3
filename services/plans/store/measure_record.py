"""How measures went: one record an order and measure."""

from datetime import datetime

from sqlalchemy import Boolean, Column, DateTime, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import Visible
from services.plans.domain import MeasureRecord
from services.plans.store.incident import sealed_with
from services.plans.store.tables import metadata

measure_record = documents.table(
    "measure_record",
    metadata,
    Column("plan_id", Text, nullable=False),
    Column("order_id", Text, nullable=False, index=True),
    Column("jurisdiction", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("exercise_id", Text, index=True),
    Column("incidents", ARRAY(Text), nullable=False),
    Column("incident_sealed", Boolean, nullable=False),
    Column("ordered_at", DateTime(timezone=True), nullable=False),
    Index("measure_record_incidents", "incidents", postgresql_using="gin"),
    Index("measure_record_of_plan", "plan_id", "ordered_at"),
    visible=Visible(area="jurisdiction", sealed="incident_sealed"),
)


async def measures_of_order(db: AsyncConnection, order_id: str) -> dict[str, MeasureRecord]:
    """The records of the order's measures by id, locked until the unit of work ends."""
    where = measure_record.c.order_id == order_id
    found = await documents.find(db, measure_record, MeasureRecord, where, lock=True)
    return {one.id: one for one in found}


async def measures_played(db: AsyncConnection, exercise_id: str) -> list[MeasureRecord]:
    """Every measure that was ordered in the exercise."""
    where = measure_record.c.exercise_id == exercise_id
    return await documents.find(db, measure_record, MeasureRecord, where)


async def measures_since(db: AsyncConnection, plan_id: str, since: datetime) -> list[MeasureRecord]:
    """Every measure of the plan that was ordered since then."""
    where = [measure_record.c.plan_id == plan_id, measure_record.c.ordered_at >= since]
    return await documents.find(db, measure_record, MeasureRecord, *where)


async def put_measure_record(db: AsyncConnection, one: MeasureRecord) -> MeasureRecord:
    """Store the record and return it as stored."""
    return await documents.save(
        db,
        measure_record,
        one,
        incidents=list(one.incidents),
        incident_sealed=sealed_with(one.incidents),
    )

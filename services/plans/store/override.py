"""Overrides: asked for, granted, declined, over. At most one open one a measure of an activation."""

from collections.abc import Collection

from sqlalchemy import Boolean, Column, DateTime, Index, Text, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.policy import Visible
from services.plans.domain import OPEN_OVERRIDES, Override
from services.plans.store.incident import sealed_with
from services.plans.store.tables import metadata

override = documents.table(
    "override",
    metadata,
    Column("activation_id", Text, nullable=False),
    Column("measure_code", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("seen_by", ARRAY(Text), nullable=False),
    Column("incidents", ARRAY(Text)),
    Column("incident_sealed", Boolean),
    Index("override_incidents", "incidents", postgresql_using="gin"),
    Index("override_of_activation", "activation_id", "asked_at"),
    Index("override_of_jurisdiction", "jurisdiction", "mode", "asked_at"),
    visible=Visible(area="jurisdiction", organizations=("seen_by",), sealed="incident_sealed"),
)
Index(
    "override_open_once",
    override.c.activation_id,
    override.c.measure_code,
    unique=True,
    postgresql_where=override.c.state.in_(["ASKED", "GRANTED"]),
)


async def get_override(
    db: AsyncConnection, id: str, *, expected_version: int | None = None
) -> Override:
    """The override, locked until the unit of work ends. Raises `override-not-found`."""
    return await documents.load(
        db, override, id, Override, lock=True, expected_version=expected_version
    )


async def open_overrides(db: AsyncConnection, activation_id: str) -> list[Override]:
    """What is overridden, or asked to be, under the activation, locked."""
    return await documents.find(
        db,
        override,
        Override,
        override.c.activation_id == activation_id,
        override.c.state.in_(OPEN_OVERRIDES),
        lock=True,
    )


async def sealed_overrides(db: AsyncConnection, ids: Collection[str]) -> set[str]:
    """Those of the overrides that rest on a sealed incident, as far as the reader sees them."""
    sealed = override.c.incident_sealed.is_(True)
    return set(await db.scalars(select(override.c.id).where(override.c.id.in_(list(ids)), sealed)))


async def put_override(db: AsyncConnection, one: Override) -> Override:
    """Store the override and return it as stored."""
    return await documents.save(
        db,
        override,
        one,
        measure_code=one.measure.code,
        seen_by=list(one.seen_by),
        incidents=list(one.incidents),
        incident_sealed=sealed_with(one.incidents),
    )

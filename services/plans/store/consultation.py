"""Consultations: one round a row, open until the version is approved or sent back."""

from collections.abc import Sequence

from sqlalchemy import Column, DateTime, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.plans.domain import Consultation
from services.plans.store.tables import metadata

consultation = documents.table(
    "consultation",
    metadata,
    Column("version_id", Text, nullable=False),
    Column("asked", ARRAY(Text), nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Index("consultation_of_version", "version_id", "opened_at"),
    Index("consultation_asked", "asked", postgresql_using="gin"),
)
Index(
    "consultation_open_once",
    consultation.c.version_id,
    unique=True,
    postgresql_where=consultation.c.closed_at.is_(None),
)


async def get_consultation(
    db: AsyncConnection, id: str, *, expected_version: int | None = None
) -> Consultation:
    """The round, locked. Raises `consultation-not-found` and `version-conflict`."""
    return await documents.load(
        db, consultation, id, Consultation, lock=True, expected_version=expected_version
    )


async def open_consultation(db: AsyncConnection, version_id: str) -> Consultation | None:
    """The version's round that is not closed, locked, or None."""
    found = await documents.find(
        db,
        consultation,
        Consultation,
        consultation.c.version_id == version_id,
        consultation.c.closed_at.is_(None),
        lock=True,
    )
    return found[0] if found else None


async def put_consultation(db: AsyncConnection, one: Consultation) -> Consultation:
    """Store the round and return it as stored."""
    return await documents.save(db, consultation, one, asked=_asked(one))


def _asked(one: Consultation) -> Sequence[str]:
    return [asked.organization_id for asked in one.consulted]

"""Obligations as rows, and what was handed to channels for them."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import (
    Delivery,
    Obligation,
    ObligationKind,
    ObligationState,
    Outgoing,
    concerned,
)
from services.org.store import tables
from services.org.store.incident import sealed_with

_OPEN = (ObligationState.OWED, ObligationState.OVERDUE)


async def get_obligation(
    db: AsyncConnection, obligation_id: str, *, expected_version: int | None = None
) -> Obligation:
    """Return the obligation, ours until the unit of work ends.

    Raises NotFound `obligation-not-found` and VersionConflict.
    """
    return await documents.load(
        db,
        tables.obligation,
        obligation_id,
        Obligation,
        lock=True,
        expected_version=expected_version,
    )


async def find_obligation(db: AsyncConnection, key: str) -> Obligation | None:
    """Return the one obligation of this key, ours until the unit of work ends, or None."""
    found = await _locked(db, tables.obligation.c.key == key)
    return found[0] if found else None


async def open_obligations(
    db: AsyncConnection,
    kind: ObligationKind,
    *,
    subject_id: str,
    owed_by: str | None = None,
) -> list[Obligation]:
    """Return the obligations of that kind on the subject that wait for an answer, locked."""
    table = tables.obligation
    where = [table.c.kind == kind, table.c.subject_id == subject_id, table.c.state.in_(_OPEN)]
    if owed_by is not None:
        where.append(table.c.owed_by == owed_by)
    return await _locked(db, *where)


async def open_obligations_of_exercise(db: AsyncConnection, exercise_id: str) -> list[Obligation]:
    """Return the obligations of the exercise that wait for an answer, locked."""
    table = tables.obligation
    return await _locked(db, table.c.exercise_id == exercise_id, table.c.state.in_(_OPEN))


async def put_obligation(db: AsyncConnection, obligation: Obligation) -> Obligation:
    """Store the obligation."""
    told = {one.post for one in obligation.notices if one.failure is None}
    return await documents.save(
        db,
        tables.obligation,
        obligation,
        subject_id=obligation.subject.id,
        told=sorted(told),
        seen_by=sorted(concerned(obligation)),
        incident_sealed=sealed_with(obligation.incident_id),
    )


async def record_sent(
    db: AsyncConnection, message: Outgoing, delivery: Delivery, *, sent_at: datetime
) -> None:
    """Keep what was handed to a channel, word for word."""
    await db.execute(
        tables.sent_message.insert().values(
            obligation_id=message.obligation_id,
            post=message.post,
            channel=message.channel,
            address=message.address,
            text_zh=message.text_zh,
            text_en=message.text_en,
            sent_at=sent_at,
            delivered_at=delivery.delivered_at,
            failure=delivery.failure,
        )
    )


async def _locked(db: AsyncConnection, *where: ColumnElement[bool]) -> list[Obligation]:
    return await documents.find(db, tables.obligation, Obligation, *where, lock=True)

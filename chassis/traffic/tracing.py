"""What one service knows of events: when it said them, and what became of those that it heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

MOST = 2000  # events; a correlation with more is a flood and not a story


class SaidEvent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An event of this service. Wall times; null while the broker has not stored it (again)."""

    event_id: str
    aggregate: str
    event: str
    id: str
    version: int
    mode: str
    correlation_id: str
    causation_id: str | None
    occurred_at: datetime
    recorded_at: datetime
    stored_at: datetime | None
    stream: str
    stream_seq: int | None


class HeardEvent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What became of an event here, and when that was committed."""

    event_id: str
    consumer: str
    outcome: str
    recorded_at: datetime


class TraceView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was asked for, as far as this service knows it, in the order of its saying."""

    said: list[SaidEvent]
    heard: list[HeardEvent]


async def about(db: AsyncConnection, keys: Sequence[str]) -> TraceView:
    """Return what was said under these keys, and what became of the events they name here.

    A key is the id of an event or of an object, or a correlation. At most 2000 events.
    """
    said = await db.execute(_SAID, {"keys": list(keys), "most": MOST})
    heard = await db.execute(_HEARD, {"keys": list(keys)})
    return TraceView(
        said=[msgspec.convert(dict(row), SaidEvent, strict=False) for row in said.mappings()],
        heard=[msgspec.convert(row, HeardEvent, from_attributes=True) for row in heard],
    )


_SAID = text(
    """
    SELECT event_id AS "eventId", aggregate, split_part(type, '.', 4) AS event,
           aggregate_id AS id, version, headers ->> 'ce-mode' AS mode,
           headers ->> 'ce-correlationid' AS "correlationId",
           headers ->> 'ce-causationid' AS "causationId", occurred_at AS "occurredAt",
           recorded_at AS "recordedAt", sent_at AS "storedAt", stream,
           stream_seq AS "streamSeq"
    FROM outbox
    WHERE event_id = ANY(CAST(:keys AS text[])) OR aggregate_id = ANY(CAST(:keys AS text[]))
       OR headers ->> 'ce-correlationid' = ANY(CAST(:keys AS text[]))
    ORDER BY seq LIMIT :most
    """
)
_HEARD = text(
    """
    SELECT event_id, consumer, outcome, recorded_at FROM inbox
    WHERE event_id = ANY(CAST(:keys AS text[])) ORDER BY position
    """
)

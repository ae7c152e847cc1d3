"""The sayer's side of the books: is every event that was said in its stream?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.broker import Broker
from chassis.reconciliation import Missing, Stored
from chassis.streams import Stream

MOST = 1000  # rows named at once; the stream's ends are where rows go missing


@dataclass(frozen=True, slots=True)
class _Extent:
    """What a stream holds: everything from `first` to `last` but the `deleted`."""

    first: int
    last: int
    deleted: frozenset[int]

    def holds(self, seq: int | None) -> bool:
        return seq is not None and self.first <= seq <= self.last and seq not in self.deleted


async def check(
    engine: AsyncEngine, broker: Broker, stream: Stream
) -> tuple[Stored, list[Missing]]:
    """Return how the stream stands, and which events it lacks that it should still hold.

    Aged out is not lost; of a state only the newest counts. An event that is waiting to be said
    (again) is not lost. Raises one of `broker.AWAY` or SQLAlchemyError when nobody can know.
    """
    extent = await _extent(broker, stream)
    async with engine.connect() as db:
        counted = (await db.execute(_COUNTS, {"stream": stream.name})).one()
        suspects = (await db.execute(_suspects(stream), _values(stream, extent))).all()
    missing = await _confirmed(broker, stream, suspects)
    stored = Stored(stream=stream.name, said=counted.said, unsent=counted.unsent, lost=len(missing))
    return stored, missing


async def _confirmed(broker: Broker, stream: Stream, suspects: Any) -> list[Missing]:  # noqa: ANN401 - rows
    """Return those that a later look does not find either: the first may have come too early."""
    if not suspects:
        return []
    extent = await _extent(broker, stream)
    return [
        Missing(
            event_id=row.event_id,
            stream=stream.name,
            stream_seq=row.stream_seq,
            said_at=row.recorded_at,
        )
        for row in suspects
        if not extent.holds(row.stream_seq)
    ]


async def _extent(broker: Broker, stream: Stream) -> _Extent:
    """A message that went missing from the middle is told as deleted, by number."""
    info = await broker.api(f"STREAM.INFO.{stream.name}", {"deleted_details": True})
    state = info["state"]
    return _Extent(state["first_seq"], state["last_seq"], frozenset(state.get("deleted") or ()))


def _keeps_last(stream: Stream) -> bool:
    return stream.config(replicas=1).max_msgs_per_subject == 1


def _suspects(stream: Stream) -> Any:  # noqa: ANN401 - a statement
    return _LAST_STATES if _keeps_last(stream) else _EVENTS


def _values(stream: Stream, extent: _Extent) -> dict[str, object]:
    values: dict[str, object] = {
        "stream": stream.name,
        "first": extent.first,
        "last": extent.last,
        "deleted": sorted(extent.deleted),
        "most": MOST,
    }
    return values if _keeps_last(stream) else values | {"max_age": stream.max_age}


_COUNTS = text(
    """
    SELECT count(*) AS said, count(*) FILTER (WHERE sent_at IS NULL) AS unsent
    FROM outbox WHERE stream = :stream
    """
)
_UNPLACED = """
    SELECT event_id, stream_seq, recorded_at FROM outbox
    WHERE stream = :stream AND stream_seq IS NULL AND sent_at IS NOT NULL
"""
# Before the beginning only the nearest are looked at: what lies farther is older still.
_EVENTS = text(
    f"""
    SELECT event_id, stream_seq, recorded_at FROM (
        ({_UNPLACED} LIMIT :most)
        UNION ALL
        (SELECT event_id, stream_seq, recorded_at FROM outbox
         WHERE stream = :stream AND stream_seq > :last AND sent_at IS NOT NULL
         ORDER BY stream_seq LIMIT :most)
        UNION ALL
        (SELECT event_id, stream_seq, recorded_at FROM outbox
         WHERE stream = :stream AND stream_seq < :first AND sent_at IS NOT NULL
         ORDER BY stream_seq DESC LIMIT :most)
        UNION ALL
        (SELECT event_id, stream_seq, recorded_at FROM outbox
         WHERE stream = :stream AND stream_seq = ANY(CAST(:deleted AS bigint[]))
           AND sent_at IS NOT NULL LIMIT :most)
    ) AS outside
    WHERE CAST(:max_age AS interval) IS NULL
       OR recorded_at > now() - CAST(:max_age AS interval) * 0.99
    """  # noqa: S608 - built of constants
)
_LAST_STATES = text(
    """
    SELECT o.event_id, o.stream_seq, o.recorded_at FROM outbox o
    JOIN outbox_head h USING (aggregate, aggregate_id, version)
    WHERE o.stream = :stream AND o.sent_at IS NOT NULL
      AND (o.stream_seq IS NULL OR o.stream_seq < :first OR o.stream_seq > :last
           OR o.stream_seq = ANY(CAST(:deleted AS bigint[])))
    ORDER BY o.seq LIMIT :most
    """
)

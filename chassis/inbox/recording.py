"""The inbox' rows: what came and what became of it, and how far each consumer is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.delivery import Heard
from chassis.inbox.deciding import Outcome, Standing
from chassis.tables.messaging import INBOX, WATERMARK


async def lock(db: AsyncConnection, consumer: str, keys: Iterable[tuple[str, str]]) -> None:
    """Have nobody else decide on these aggregates for this consumer until the transaction ends.

    Without it two workers that both see no row would lose an event: one parks the second while
    the other commits the first. In sorted order, or batches would deadlock.
    """
    numbers = sorted({_lock_number(consumer, key) for key in keys})
    await db.execute(_LOCK, {"numbers": numbers})


async def standings(
    db: AsyncConnection, consumer: str, arrivals: Sequence[Heard]
) -> list[Standing]:
    """Return how the consumer stands to each arrival; under `lock`, it stays so."""
    rows = await db.execute(
        _STANDINGS,
        {
            "consumer": consumer,
            "aggregates": [heard.envelope.aggregate for heard in arrivals],
            "ids": [heard.envelope.id for heard in arrivals],
            "events": [heard.envelope.event_id for heard in arrivals],
        },
    )
    return [Standing(row.watermark, row.held, row.waiting, row.seen) for row in rows]


async def claim(db: AsyncConnection, consumer: str, arrivals: Sequence[Heard]) -> list[Standing]:
    """Record the arrivals of a log as applied; return for each whether it had been seen before.

    Two workers with the same event wait for one another here, on the inbox' key.
    """
    ordered = sorted(arrivals, key=lambda heard: heard.envelope.event_id)  # or they deadlock
    rows = _columns([(heard, Outcome.APPLIED) for heard in ordered])
    result = await db.execute(_CLAIM, {"consumer": consumer, **rows})
    fresh = {row.event_id for row in result}
    return [Standing(seen=heard.envelope.event_id not in fresh) for heard in arrivals]


async def record(
    db: AsyncConnection,
    consumer: str,
    outcomes: Iterable[tuple[Heard, Outcome]],
    *,
    reached: Mapping[tuple[str, str], int] | None = None,
) -> None:
    """Have the inbox say what became of each, and the consumer stand at the versions reached.

    Of a duplicate only where it lies now is noted; a watermark never goes back.
    """
    first: dict[str, tuple[Heard, Outcome]] = {}
    for heard, outcome in outcomes:
        first.setdefault(heard.envelope.event_id, (heard, outcome))
    marks = reached or {}
    await db.execute(
        _RECORD,
        {
            "consumer": consumer,
            "mark_aggregates": [aggregate for aggregate, _ in marks],
            "mark_ids": [identity for _, identity in marks],
            "mark_versions": list(marks.values()),
            **_columns(list(first.values())),
        },
    )


async def settle(db: AsyncConnection, consumer: str, event_id: str, outcome: Outcome) -> None:
    """Have the inbox say what finally became of an event that waited."""
    await db.execute(
        INBOX.update()
        .where(INBOX.c.consumer == consumer, INBOX.c.event_id == event_id)
        .values(outcome=outcome.value)
    )


async def outcome_of(db: AsyncConnection, consumer: str, event_id: str) -> Outcome | None:
    """Return what the inbox says of the event; None when it has not come."""
    found = await db.scalar(
        select(INBOX.c.outcome).where(INBOX.c.consumer == consumer, INBOX.c.event_id == event_id)
    )
    return None if found is None else Outcome(found)


async def advance(db: AsyncConnection, consumer: str, key: tuple[str, str], *, to: int) -> None:
    """Have the consumer stand at this version of the aggregate; a watermark never goes back."""
    statement = insert(WATERMARK).values(
        consumer=consumer, aggregate=key[0], aggregate_id=key[1], version=to
    )
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["consumer", "aggregate", "aggregate_id"],
            set_={"version": func.greatest(WATERMARK.c.version, statement.excluded.version)},
        )
    )


async def watermark(db: AsyncConnection, consumer: str, key: tuple[str, str]) -> int:
    """Return the version up to which the consumer has taken the aggregate; 0 for nothing."""
    found = await db.scalar(
        select(WATERMARK.c.version).where(
            WATERMARK.c.consumer == consumer,
            WATERMARK.c.aggregate == key[0],
            WATERMARK.c.aggregate_id == key[1],
        )
    )
    return found or 0


_LOCK = text(
    "SELECT pg_advisory_xact_lock(number) FROM unnest(CAST(:numbers AS bigint[])) AS number"
)
_STANDINGS = text(
    """
    SELECT coalesce(w.version, 0) AS watermark,
           EXISTS (SELECT FROM quarantine q
                   WHERE q.consumer = :consumer AND q.aggregate = a.aggregate
                     AND q.aggregate_id = a.id AND q.resolved_at IS NULL) AS held,
           EXISTS (SELECT FROM parked p
                   WHERE p.consumer = :consumer AND p.aggregate = a.aggregate
                     AND p.aggregate_id = a.id) AS waiting,
           EXISTS (SELECT FROM inbox i
                   WHERE i.consumer = :consumer AND i.event_id = a.event_id) AS seen
    FROM unnest(CAST(:aggregates AS text[]), CAST(:ids AS text[]), CAST(:events AS text[]))
         WITH ORDINALITY AS a (aggregate, id, event_id, n)
    LEFT JOIN watermark w
           ON w.consumer = :consumer AND w.aggregate = a.aggregate AND w.aggregate_id = a.id
    ORDER BY a.n
    """
)

_ROWS = """
    INSERT INTO inbox
        (consumer, event_id, aggregate, aggregate_id, version, stream, stream_seq, outcome)
    SELECT :consumer, r.*
    FROM unnest(CAST(:event_ids AS text[]), CAST(:aggregates AS text[]), CAST(:ids AS text[]),
                CAST(:versions AS bigint[]), CAST(:streams AS text[]), CAST(:seqs AS bigint[]),
                CAST(:outcomes AS text[])) AS r
    ON CONFLICT (consumer, event_id)
"""
_MARKED = """
    WITH marked AS (
        INSERT INTO watermark AS w (consumer, aggregate, aggregate_id, version)
        SELECT :consumer, m.*
        FROM unnest(CAST(:mark_aggregates AS text[]), CAST(:mark_ids AS text[]),
                    CAST(:mark_versions AS bigint[])) AS m
        ON CONFLICT (consumer, aggregate, aggregate_id) DO UPDATE
        SET version = greatest(w.version, excluded.version)
    )
"""
_CLAIM = text(_ROWS + "DO NOTHING RETURNING event_id")
_RECORD = text(
    _MARKED + _ROWS + "DO UPDATE SET stream = excluded.stream, stream_seq = excluded.stream_seq"
)


def _lock_number(consumer: str, key: tuple[str, str]) -> int:
    digest = hashlib.blake2b("\0".join((consumer, *key)).encode(), digest_size=8)
    return int.from_bytes(digest.digest(), signed=True)


def _columns(outcomes: Sequence[tuple[Heard, Outcome]]) -> dict[str, object]:
    """Return the arrivals column by column: one statement, prepared once, for any number."""
    return {
        "event_ids": [heard.envelope.event_id for heard, _ in outcomes],
        "aggregates": [heard.envelope.aggregate for heard, _ in outcomes],
        "ids": [heard.envelope.id for heard, _ in outcomes],
        "versions": [heard.envelope.version for heard, _ in outcomes],
        "streams": [heard.delivery.stream for heard, _ in outcomes],
        "seqs": [heard.delivery.stream_seq for heard, _ in outcomes],
        "outcomes": [outcome.value for _, outcome in outcomes],
    }

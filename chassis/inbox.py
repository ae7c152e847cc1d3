"""The inbox: each event has its effect once, in the order of its aggregate, or it waits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.delivery import Heard, Route
from chassis.messages import Subscription
from chassis.tables.messaging import INBOX, WATERMARK


class Order(Enum):
    """What a subscription needs of the order of events."""

    GAPLESS = auto()  # every version of an aggregate, one after the other
    NEWEST = auto()  # full states: a newer one replaces, an older one is nothing
    EVERY = auto()  # a log: each event once, in whatever order


class Outcome(StrEnum):
    """What became of a delivery."""

    APPLIED = "APPLIED"
    ADVANCED = "ADVANCED"  # nobody handles it; the aggregate's watermark moved on
    PARKED = "PARKED"  # came before its predecessor; applied when that has been
    SKIPPED = "SKIPPED"  # older than what has been applied, or told in another major
    DUPLICATE = "DUPLICATE"
    QUARANTINED = "QUARANTINED"
    DISCARDED = "DISCARDED"  # taken out of quarantine by a person, without effect


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a consumer is with an aggregate. `held`: an event of it is in quarantine."""

    watermark: int = 0
    held: bool = False
    waiting: bool = False  # events of it are parked
    seen: bool = False  # this very event is in the inbox


def order_of(subscription: Subscription) -> Order:
    """Return the order that the subscription needs."""
    if subscription.aggregate == "*" and not subscription.state:
        return Order.EVERY
    return Order.NEWEST if subscription.state else Order.GAPLESS


def decide(order: Order, heard: Heard, standing: Standing) -> Outcome:
    """Return what becomes of the event.

    It is next when `previous <= watermark < version`: within an epoch that is the successor, and
    the first event of a new epoch follows whatever the forgotten past had reached.
    """
    about = heard.envelope
    if standing.seen:
        return Outcome.DUPLICATE
    taken = Outcome.ADVANCED if heard.route is Route.UNHANDLED else Outcome.APPLIED
    if order is Order.EVERY:
        return taken
    if about.version <= standing.watermark or heard.route is Route.OTHER_MAJOR:
        return Outcome.SKIPPED
    if order is Order.NEWEST:
        return taken
    if standing.held or about.previous > standing.watermark:
        return Outcome.PARKED
    return taken


def decide_all(
    order: Order, arrivals: Sequence[Heard], standings: Sequence[Standing]
) -> tuple[list[Outcome], dict[tuple[str, str], int]]:
    """Return the outcome of each arrival, taken one after the other, and the new watermarks."""
    outcomes: list[Outcome] = []
    reached: dict[tuple[str, str], int] = {}
    seen: set[str] = set()
    for heard, standing in zip(arrivals, standings, strict=True):
        about = heard.envelope
        present = Standing(
            watermark=reached.get(heard.key, standing.watermark),
            held=standing.held,
            seen=standing.seen or about.event_id in seen,
        )
        outcome = decide(order, heard, present)
        outcomes.append(outcome)
        seen.add(about.event_id)
        if outcome in (Outcome.APPLIED, Outcome.ADVANCED) and order is not Order.EVERY:
            reached[heard.key] = about.version
    return outcomes, reached


def decide_parked(order: Order, heard: Heard, standing: Standing) -> Outcome:
    """Return what becomes of a parked event now; that it is in the inbox says only that it came."""
    return decide(order, heard, replace(standing, seen=False))


def successors(
    arrivals: Sequence[Heard],
    standings: Sequence[Standing],
    outcomes: Sequence[Outcome],
    *,
    reached: Mapping[tuple[str, str], int],
) -> set[tuple[str, str]]:
    """Return the aggregates that moved on and of which something is parked: it may have its turn."""
    rows = zip(arrivals, standings, outcomes, strict=True)
    parked = {h.key for h, s, o in rows if s.waiting or o is Outcome.PARKED}
    return parked & reached.keys()


def is_its_turn(order: Order, heard: Heard, *, reached: int) -> bool:
    """Whether a person may have the quarantined event handled: its predecessor has been taken."""
    return order is not Order.GAPLESS or heard.envelope.previous <= reached


def is_handled_by_replay(order: Order, heard: Heard, *, reached: int) -> bool:
    """Whether a replay has an effect: not where something newer has been taken meanwhile."""
    return order is Order.EVERY or heard.envelope.version > reached


def may_be_held(outcome: Outcome | None, *, is_held: bool) -> bool:
    """Whether quarantine takes an event that the inbox says this of; not one that has been taken.

    A delivery is given up before anybody looks at what it is: it may repeat what was applied, and
    handling that again would be a second effect.
    """
    return not is_held and outcome in (None, Outcome.PARKED, Outcome.QUARANTINED)


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

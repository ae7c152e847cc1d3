"""How far a service is with what it has to do, in numbers that others can hold against their own.

Of every aggregate a service says how many versions and events it has said, of every consumer how
many of them it has taken. Where all that was said has been taken, nothing is between two services.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import delivery, inbox
from chassis.inbox import Order
from chassis.messages import Subscription
from chassis.outbox import ORDINAL_MASK

# One statement is one snapshot: an effect, its watermark and what it said are all in it, or none.
_LOOK = text(
    """
    SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL) AS unsent,
           (SELECT count(*) FROM timer WHERE due_at <= :now AND stopped_at IS NULL) AS timers,
           (SELECT min(due_at) FROM timer WHERE stopped_at IS NULL) AS due_at,
           (SELECT jsonb_object_agg(aggregate, versions) FROM (
                SELECT aggregate, sum(version & :mask) AS versions
                FROM outbox_head GROUP BY aggregate) AS head) AS versions,
           (SELECT count(*) FROM outbox WHERE NOT state) AS events,
           (SELECT jsonb_object_agg(consumer, versions) FROM (
                SELECT consumer, sum(version & :mask) AS versions
                FROM watermark GROUP BY consumer) AS mark) AS watermarks,
           (SELECT jsonb_object_agg(consumer, events) FROM (
                SELECT consumer, count(*) AS events FROM inbox
                WHERE consumer = ANY(CAST(:logs AS text[])) GROUP BY consumer) AS log) AS logged
    """
)


class Hearing(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many versions of an aggregate's objects, or with "*" how many events, were taken."""

    consumer: str
    service: str
    aggregate: str
    taken: int


class ProgressView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is to do here, what was said, and what was taken of what others said.

    `versions` counts what was said of each aggregate, `events` all that is no state.
    """

    unsent: int
    timers: int
    due_at: datetime | None
    versions: dict[str, int]
    events: int
    heard: list[Hearing]


async def look(
    db: AsyncConnection, service: str, subscriptions: Sequence[Subscription], *, now: datetime
) -> ProgressView:
    """Return how far the service is; timers count as due at `now`."""
    heard = {delivery.consumer_name(service, one): one for one in subscriptions}
    logs = [name for name, one in heard.items() if inbox.order_of(one) is Order.EVERY]
    row = (await db.execute(_LOOK, {"now": now, "mask": ORDINAL_MASK, "logs": logs})).one()
    taken = (row.watermarks or {}) | (row.logged or {})
    return ProgressView(
        unsent=row.unsent,
        timers=row.timers,
        due_at=row.due_at,
        versions=row.versions or {},
        events=row.events,
        heard=[
            Hearing(
                consumer=name,
                service=one.service,
                aggregate=one.aggregate,
                taken=taken.get(name, 0),
            )
            for name, one in heard.items()
        ],
    )

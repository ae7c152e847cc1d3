"""Heard events on their way into the log, numbered in the order in which they are committed."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.analytics import domain
from services.analytics.store.load import stage
from services.analytics.store.tables import LOG_POSITION


async def stage_events(db: AsyncConnection, events: Sequence[domain.LoggedEvent]) -> None:
    """Append the events to the log, in this order.

    One transaction appends at a time, so that whoever reads after a number misses nothing below.
    """
    claim = insert(LOG_POSITION).values(log="event_log", position=len(events))
    statement = claim.on_conflict_do_update(
        index_elements=["log"],
        set_={"position": LOG_POSITION.c.position + claim.excluded.position},
    )
    last = (await db.execute(statement.returning(LOG_POSITION.c.position))).scalar_one()
    numbers = range(last - len(events) + 1, last + 1)
    await stage(db, domain.Kind.EVENT, _columns(events, numbers))


def _columns(events: Sequence[domain.LoggedEvent], numbers: Sequence[int]) -> list[list[object]]:
    return [
        list(numbers),
        [one.event_id for one in events],
        [one.service for one in events],
        [one.aggregate for one in events],
        [one.event for one in events],
        [one.major for one in events],
        [one.id for one in events],
        [one.area for one in events],
        [one.mode for one in events],
        [one.version for one in events],
        [one.time for one in events],
        [one.heard_at for one in events],
        [one.correlation_id for one in events],
        [one.causation_id or "" for one in events],
        [one.payload.decode() for one in events],
    ]

"""Rows of accepted samples: taken once each, read back for windows, forgotten after retention."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from services.analytics import domain
from services.analytics.store.tables import OBSERVATION
from vocabulary import Mode

# Sorted by key, so that two requests with the same samples wait for one another and never deadlock.
_TAKE = text(
    """
    INSERT INTO observation (key, mode, source, jurisdiction, metric, observed_at, value)
    SELECT * FROM unnest(CAST(:keys AS bytea[]), CAST(:modes AS text[]), CAST(:sources AS text[]),
        CAST(:jurisdictions AS text[]), CAST(:metrics AS text[]),
        CAST(:instants AS timestamptz[]), CAST(:values AS float8[]))
    ON CONFLICT (key) DO NOTHING
    RETURNING key
    """
)


async def take_observations(
    db: AsyncConnection, observations: Collection[domain.Observation]
) -> set[bytes]:
    """Store those whose key is new and return the new keys; the others were taken before."""
    rows = sorted(observations, key=lambda one: one.key)
    if not rows:
        return set()
    result = await db.execute(
        _TAKE,
        {
            "keys": [row.key for row in rows],
            "modes": [row.mode.value for row in rows],
            "sources": [row.source for row in rows],
            "jurisdictions": [row.jurisdiction for row in rows],
            "metrics": [row.metric for row in rows],
            "instants": [row.observed_at for row in rows],
            "values": [row.value for row in rows],
        },
    )
    return {row.key for row in result}


async def values_by_key(db: AsyncConnection, keys: Collection[bytes]) -> Mapping[bytes, float]:
    """The values that were taken under these keys."""
    statement = select(OBSERVATION.c.key, OBSERVATION.c.value)
    rows = await db.execute(statement.where(OBSERVATION.c.key.in_(keys)))
    return {row.key: row.value for row in rows}


async def samples(
    db: AsyncConnection,
    *,
    mode: Mode,
    metric: str,
    sources: Collection[str],
    after: datetime,
) -> dict[str, list[domain.Sample]]:
    """The samples of each source after `after`, in order of time."""
    table = OBSERVATION.c
    order = aggregate_order_by
    statement = (
        select(
            table.source,
            func.array_agg(order(table.observed_at, table.observed_at)),
            func.array_agg(order(table.value, table.observed_at)),
        )
        .where(
            table.mode == mode,
            table.metric == metric,
            table.source.in_(sources),
            table.observed_at > after,
        )
        .group_by(table.source)
    )
    found: dict[str, list[domain.Sample]] = {source: [] for source in sources}
    for source, instants, values in await db.execute(statement):
        found[source] = list(map(domain.Sample, instants, values))
    return found


async def forget_observations(db: AsyncConnection, *, before: datetime) -> int:
    """Leave no sample observed before `before`; return how many went."""
    gone = await db.execute(delete(OBSERVATION).where(OBSERVATION.c.observed_at < before))
    return gone.rowcount


async def lock_metric(db: AsyncConnection, *, mode: Mode, metric: str) -> None:
    """Wait until nobody else evaluates `metric`: whoever evaluates last has seen every sample."""
    await db.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"evaluate:{mode}:{metric}"},
    )


def payload(
    observations: Sequence[domain.Observation], *, recorded_at: datetime
) -> list[list[object]]:
    """The observations as columns of the warehouse's table."""
    return [
        [one.mode.value for one in observations],
        [one.source for one in observations],
        [one.jurisdiction for one in observations],
        [one.metric for one in observations],
        [one.value for one in observations],
        [one.unit for one in observations],
        [one.observed_at for one in observations],
        [recorded_at for _ in observations],
        [one.observation_id or "" for one in observations],
    ]

"""Copies of published plans: the limits they watch, newest version kept."""

from collections.abc import Collection

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.analytics import domain
from services.analytics.store.tables import PLAN

_THRESHOLDS = msgspec.json.Decoder(tuple[domain.WatchedThreshold, ...])


async def put_plan(db: AsyncConnection, plan: domain.Plan, *, version: int) -> None:
    """Store the copy, unless a newer version is stored already."""
    values = {
        "version": version,
        "plan_version": plan.version,
        "jurisdiction": plan.jurisdiction,
        "thresholds": msgspec.json.encode(plan.thresholds),
    }
    statement = insert(PLAN).values(id=plan.id, **values)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_=values, where=PLAN.c.version < version
        )
    )


async def watched_thresholds(
    db: AsyncConnection, *, indicators: Collection[str]
) -> list[domain.WatchedThreshold]:
    """The limits on these indicators that published plans watch."""
    rows = await db.execute(select(PLAN.c.thresholds).order_by(PLAN.c.id))
    watched = [limit for row in rows for limit in _THRESHOLDS.decode(row.thresholds)]
    return [limit for limit in watched if limit.indicator in indicators]

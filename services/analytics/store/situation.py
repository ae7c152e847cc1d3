"""Rows of what the situation picture counts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.policy.visible import restricted
from services.analytics import domain
from services.analytics.store.tables import SITUATION_ITEM

_CHANGED = ("jurisdiction", "version", "open", "sealed")


async def put_items(db: AsyncConnection, items: Collection[domain.SituationItem]) -> None:
    """Store each item unless a newer event of it was counted already."""
    newest = {(item.kind, item.id): item for item in sorted(items, key=lambda one: one.version)}
    if not newest:
        return
    rows = [
        {
            "kind": item.kind,
            "id": item.id,
            "mode": item.mode,
            "jurisdiction": item.jurisdiction,
            "version": item.version,
            "open": int(item.open),
            "sealed": item.sealed,
            "at": item.at,
        }
        for _, item in sorted(newest.items())
    ]
    statement = insert(SITUATION_ITEM)
    changed = {name: statement.excluded[name] for name in _CHANGED}
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "id"],
            set_=changed,  # `at` stays that of the first event heard
            where=SITUATION_ITEM.c.version < statement.excluded.version,
        ),
        rows,
    )


async def counting_items(
    db: AsyncConnection, *, mode: str, reports_since: datetime
) -> list[tuple[domain.Counted, str]]:
    """Kind and jurisdiction of every item that counts now and that the reader may see."""
    table = SITUATION_ITEM.c
    statement = select(table.kind, table.jurisdiction).where(
        table.mode == mode,
        table.open == 1,
        or_(table.kind != domain.Counted.REPORT, table.at > reports_since),
    )
    rows = await db.execute(restricted(db, statement))
    return [(domain.Counted(row.kind), row.jurisdiction) for row in rows]

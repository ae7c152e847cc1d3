"""Rows of what the situation picture counts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.policy.visible import restricted
from services.analytics import domain
from services.analytics.store.tables import SITUATION_ITEM

_CHANGED = ("jurisdiction", "version", "open", "sealed", "incident_id")


async def put_items(db: AsyncConnection, items: Collection[domain.SituationItem]) -> None:
    """Store each item unless a newer event of it was counted already.

    What belongs to an incident is sealed as it is, whichever was heard first: one transaction
    puts at a time, as `stage_events` has it.
    """
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
            "incident_id": item.incident_id,
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
    await _seal_belonging(db, {id for _, id in newest})


async def _seal_belonging(db: AsyncConnection, changed: Collection[str]) -> None:
    """Seal what belongs to an incident as it is, where one of the two is among `changed`."""
    belonging, incident = SITUATION_ITEM.c, SITUATION_ITEM.alias("incident")
    ids = list(changed)
    await db.execute(
        SITUATION_ITEM.update()
        .where(incident.c.kind == domain.Counted.INCIDENT)
        .where(belonging.incident_id == incident.c.id)
        .where(or_(belonging.id.in_(ids), belonging.incident_id.in_(ids)))
        .values(sealed=incident.c.sealed)
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

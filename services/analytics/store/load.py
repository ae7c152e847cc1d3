"""Batches that wait for the warehouse, and the load that takes them there."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.analytics import domain
from services.analytics.store.tables import BATCH, LOAD, LOADED

MOST_ROWS = 100_000  # of one insert: an engine likes few large ones, and this fits in memory
MOST_BATCHES = 1_000
_COLUMNS = msgspec.msgpack.Decoder(list[list[object]])


async def stage(
    db: AsyncConnection, kind: domain.Kind, columns: Sequence[Sequence[object]]
) -> None:
    """Leave the rows, given as columns, to be loaded after this transaction commits."""
    payload = msgspec.msgpack.encode(columns)
    values = {"kind": kind, "rows": len(columns[0]), "payload": payload}
    await db.execute(BATCH.insert().values(**values))


async def open_load(db: AsyncConnection) -> domain.Load | None:
    """The load that was opened and not finished; None when there is none."""
    row = (await db.execute(select(LOAD).order_by(LOAD.c.opened_at).limit(1))).one_or_none()
    return domain.Load(row.id, domain.Kind(row.kind), row.rows) if row else None


async def begin_load(db: AsyncConnection, load_id: str, *, now: datetime) -> domain.Load | None:
    """Open a load of the oldest staged batches of one kind; None when nothing is staged."""
    kind = await db.scalar(
        select(BATCH.c.kind).where(BATCH.c.load_id.is_(None)).order_by(BATCH.c.id).limit(1)
    )
    if kind is None:
        return None
    batches = await _oldest(db, domain.Kind(kind))
    load = domain.Load(load_id, domain.Kind(kind), sum(rows for _, rows in batches))
    await db.execute(
        LOAD.insert().values(id=load.id, kind=load.kind, rows=load.rows, opened_at=now)
    )
    chosen = [batch_id for batch_id, _ in batches]
    await db.execute(update(BATCH).where(BATCH.c.id.in_(chosen)).values(load_id=load.id))
    return load


async def load_columns(db: AsyncConnection, load: domain.Load) -> list[list[object]]:
    """The rows of a load as columns, in the order in which they were staged."""
    statement = select(BATCH.c.payload).where(BATCH.c.load_id == load.id).order_by(BATCH.c.id)
    payloads = [_COLUMNS.decode(row.payload) for row in await db.execute(statement)]
    return [[value for part in parts for value in part] for parts in zip(*payloads, strict=True)]


async def finish_load(db: AsyncConnection, load: domain.Load) -> None:
    """Count the load as arrived and forget its batches; nothing when that was done before."""
    await db.execute(delete(BATCH).where(BATCH.c.load_id == load.id))
    gone = await db.execute(delete(LOAD).where(LOAD.c.id == load.id))
    if gone.rowcount == 0:
        return
    counted = insert(LOADED).values(kind=load.kind, rows=load.rows)
    await db.execute(
        counted.on_conflict_do_update(
            index_elements=["kind"], set_={"rows": LOADED.c.rows + counted.excluded.rows}
        )
    )


async def ledger(db: AsyncConnection) -> list[domain.Ledger]:
    """For every kind how many rows were accepted, have been loaded, and are on their way."""
    staged = {
        row.kind: int(row.rows)
        for row in await db.execute(
            select(BATCH.c.kind, func.sum(BATCH.c.rows).label("rows")).group_by(BATCH.c.kind)
        )
    }
    loaded = {row.kind: int(row.rows) for row in await db.execute(select(LOADED))}
    return [
        domain.Ledger(
            kind=kind,
            accepted=loaded.get(kind, 0) + staged.get(kind, 0),
            loaded=loaded.get(kind, 0),
            staged=staged.get(kind, 0),
        )
        for kind in domain.Kind
    ]


async def newest_batch(db: AsyncConnection) -> int | None:
    """The newest batch on its way; None when everything has arrived."""
    newest: int | None = await db.scalar(select(func.max(BATCH.c.id)))
    return newest


async def oldest_batch(db: AsyncConnection) -> int | None:
    """The oldest batch on its way; None when everything has arrived."""
    oldest: int | None = await db.scalar(select(func.min(BATCH.c.id)))
    return oldest


async def _oldest(db: AsyncConnection, kind: domain.Kind) -> list[tuple[int, int]]:
    statement = (
        select(BATCH.c.id, BATCH.c.rows)
        .where(BATCH.c.kind == kind, BATCH.c.load_id.is_(None))
        .order_by(BATCH.c.id)
        .limit(MOST_BATCHES)
        .with_for_update(skip_locked=True)
    )
    chosen: list[tuple[int, int]] = []
    total = 0
    for row in await db.execute(statement):
        if chosen and total + row.rows > MOST_ROWS:
            break
        chosen.append((row.id, row.rows))
        total += row.rows
    return chosen

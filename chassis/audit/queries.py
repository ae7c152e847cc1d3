"""Reading the audit: what concerns an object or a person, and the chain for a verifier elsewhere."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.audit.anchor import Anchor
from chassis.audit.record import FIELDS, Record, of_row
from chassis.audit.verifier import Link
from chassis.tables.audit import LINK, RECORD

MOST = 1000
_COLUMNS = [RECORD.c[name] for name in FIELDS]


class LinksView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of the chain, in order of position; the next part begins after its last position."""

    nodes: list[Link]


class RecordsView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Records, newest first; the next page is `before` the last one's `seq`."""

    nodes: list[Record]
    has_next_page: bool


class UnlinkedView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What waits to be linked, oldest first, at most 1000 of `count`."""

    count: int
    nodes: list[Record]


class AnchorView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One message of the stream; `anchor` is null when it is none."""

    seq: int
    anchor: Anchor | None


class AnchorsView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of the service's anchors, in order; `last_seq` is the stream's last by now."""

    nodes: list[AnchorView]
    last_seq: int


async def links(db: AsyncConnection, *, after: int, limit: int) -> LinksView:
    """Return the links after this position, each with its record."""
    query = (
        select(LINK, *_COLUMNS)
        .join(RECORD, RECORD.c.id == LINK.c.record_id, isouter=True)
        .where(LINK.c.position > after)
        .order_by(LINK.c.position)
        .limit(limit)
    )
    rows = (await db.execute(query)).mappings()
    return LinksView(
        nodes=[
            Link(
                position=row["position"],
                record_id=row["record_id"],
                form=row["form"],
                hash=bytes(row["hash"]).hex(),
                record=None if row["seq"] is None else of_row(row),
            )
            for row in rows
        ]
    )


async def unlinked(db: AsyncConnection) -> UnlinkedView:
    """Return the records that have no link."""
    without = ~select(LINK.c.position).where(LINK.c.record_id == RECORD.c.id).exists()
    count = await db.scalar(select(func.count()).select_from(RECORD).where(without)) or 0
    if count == 0:
        return UnlinkedView(count=0, nodes=[])
    query = select(*_COLUMNS).where(without).order_by(RECORD.c.seq).limit(MOST)
    rows = (await db.execute(query)).mappings()
    return UnlinkedView(count=count, nodes=[of_row(row) for row in rows])


async def records(
    db: AsyncConnection,
    *,
    object: tuple[str, str] | None = None,
    subject: str | None = None,
    since: datetime | None = None,
    before: int | None = None,
    limit: int,
) -> RecordsView:
    """Return what was recorded, newest first; `object` is kind and id."""
    wanted: list[ColumnElement[bool]] = []
    if object is not None:
        kind, identity = object
        wanted += [RECORD.c.object_kind == kind, RECORD.c.object_id == identity]
    if subject is not None:
        wanted.append(RECORD.c.subject == subject)
    if since is not None:
        wanted.append(RECORD.c.recorded_at >= since)
    if before is not None:
        wanted.append(RECORD.c.seq < before)
    query = select(*_COLUMNS).where(*wanted).order_by(RECORD.c.seq.desc()).limit(limit + 1)
    rows = list((await db.execute(query)).mappings())
    return RecordsView(nodes=[of_row(row) for row in rows[:limit]], has_next_page=len(rows) > limit)

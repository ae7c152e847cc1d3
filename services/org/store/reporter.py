"""Reporters as rows: the sealed record in one table, the key that opens it in another."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.errors import missing
from chassis.sealing import Wrapped
from services.org.domain import Purpose, Reporter, RetentionRule, parse_retention_rule
from services.org.store import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """The wrapped key of one record, and what stands for the number in the index."""

    report_id: str
    wrapped: Wrapped
    phone_index: bytes | None


async def find_reporter(
    db: AsyncConnection, report_id: str, *, lock: bool = False
) -> Reporter | None:
    """Return the reporter of the report, or None when none was told."""
    table = tables.reporter
    found = await documents.find(db, table, Reporter, table.c.id == report_id, lock=lock)
    return found[0] if found else None


async def get_reporter(
    db: AsyncConnection, report_id: str, *, expected_version: int | None = None
) -> Reporter:
    """Return the reporter, ours until the unit of work ends. Raises NotFound, VersionConflict."""
    return await documents.load(
        db, tables.reporter, report_id, Reporter, lock=True, expected_version=expected_version
    )


async def put_reporter(db: AsyncConnection, reporter: Reporter) -> Reporter:
    """Store the reporter, sealed as the report is."""
    table = tables.report
    sealed = select(table.c.incident_sealed).where(table.c.id == reporter.id).scalar_subquery()
    return await documents.save(db, tables.reporter, reporter, incident_sealed=sealed)


async def get_key(db: AsyncConnection, report_id: str) -> KeyRow:
    """Return the key of the record. Raises NotFound `reporter-not-found` once it was destroyed."""
    table = tables.reporter_key
    row = (await db.execute(select(table).where(table.c.report_id == report_id))).one_or_none()
    if row is None:
        raise missing("reporter", report_id)
    return _key(row)


async def put_key(db: AsyncConnection, key: KeyRow) -> None:
    """Store the key; an older wrapping of it is gone."""
    values = {
        "key_id": key.wrapped.key_id,
        "wrapped": key.wrapped.key,
        "phone_index": key.phone_index,
    }
    statement = insert(tables.reporter_key).values(report_id=key.report_id, **values)
    await db.execute(statement.on_conflict_do_update(index_elements=["report_id"], set_=values))


async def destroy_key(db: AsyncConnection, report_id: str) -> None:
    """Leave no key of the record, and nothing in the index."""
    table = tables.reporter_key
    await db.execute(table.delete().where(table.c.report_id == report_id))


async def keys_not_under(db: AsyncConnection, key_id: str, *, limit: int) -> list[KeyRow]:
    """Return keys that another key of the ring wraps, ours until the unit of work ends."""
    table = tables.reporter_key
    statement = select(table).where(table.c.key_id != key_id).order_by(table.c.report_id)
    rows = await db.execute(statement.limit(limit).with_for_update(skip_locked=True))
    return [_key(row) for row in rows]


async def reports_by_phone(
    db: AsyncConnection, indexes: Collection[bytes], *, limit: int
) -> list[str]:
    """Return the reports whose number stands in the index as one of `indexes`, by id."""
    table = tables.reporter_key
    found = await db.scalars(
        select(table.c.report_id)
        .where(table.c.phone_index.in_(list(indexes)))
        .order_by(table.c.report_id)
        .limit(limit)
    )
    return list(found)


async def put_reveal(
    db: AsyncConnection, report_id: str, *, by: str, purpose: Purpose, at: datetime
) -> None:
    """Record who looked, and what for."""
    await db.execute(
        tables.reporter_reveal.insert().values(
            report_id=report_id, revealed_by=by, purpose=purpose.value, revealed_at=at
        )
    )


async def reveals_since(db: AsyncConnection, by: str, since: datetime) -> int:
    """Return how often that person looked after `since`."""
    table = tables.reporter_reveal
    counted = select(func.count()).where(table.c.revealed_by == by, table.c.revealed_at > since)
    return await db.scalar(counted) or 0


@cache
def retention_rules() -> tuple[RetentionRule, ...]:
    """Return every version of the retention rule. Raises RuleDataInvalid naming the file's fault."""
    folder = files("services.org") / "data" / "retention"
    texts = sorted((one.name, one.read_text("utf-8")) for one in folder.iterdir())
    return tuple(parse_retention_rule(yaml.safe_load(text)) for _, text in texts)


def _key(row: object) -> KeyRow:
    wrapped = Wrapped(key_id=row.key_id, key=row.wrapped)  # type: ignore[attr-defined]
    return KeyRow(report_id=row.report_id, wrapped=wrapped, phone_index=row.phone_index)  # type: ignore[attr-defined]

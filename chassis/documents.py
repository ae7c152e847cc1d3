"""Aggregates as rows: id, version, the columns that are searched, and the whole as JSONB.

An aggregate is a frozen dataclass (or struct) with `id: str` and `version: int`; version 0 has
never been stored. The version column and the document always agree.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Executable,
    MetaData,
    Select,
    Table,
    Text,
    cast,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.errors import Conflict, VersionConflict, missing
from chassis.policy.visible import INFO, Visible, restricted


class Aggregate(Protocol):
    """What can be stored: anything msgspec can encode that has an identity and a version."""

    @property
    def id(self) -> str:
        """The identity."""

    @property
    def version(self) -> int:
        """How often it has been stored; 0 before the first time."""


A = TypeVar("A", bound=Aggregate)

# PostgreSQL 18 returns the row as it was and as it is; both are hashed where they lie.
_BEFORE: ColumnElement[bytes] = literal_column("sha256(convert_to(old.doc::text, 'UTF8'))")
_AFTER: ColumnElement[bytes] = literal_column("sha256(convert_to(new.doc::text, 'UTF8'))")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a save did to one aggregate; the hashes are SHA-256 of the stored document."""

    kind: str  # the table's name
    id: str
    version: int
    before: bytes | None  # null: it was created
    after: bytes


class AlreadyExists(Conflict):
    """An aggregate of this id is stored already."""

    slug = "already-exists"


def table(
    name: str,
    metadata: MetaData,
    *columns: Any,  # noqa: ANN401 - columns, constraints, indexes
    visible: Visible | None = None,
) -> Table:
    """Return the table of an aggregate: id, version, `columns`, doc, and who changed it when.

    `columns` are Columns, constraints and indexes; a column that bears the name of an attribute
    of the aggregate is filled from it by `save`. `visible` says who may see which rows; without
    it they are open to every viewer.
    """
    return Table(
        name,
        metadata,
        Column("id", Text, primary_key=True),
        Column("version", BigInteger, nullable=False),
        *columns,
        Column("doc", JSONB, nullable=False),
        Column("changed_by", Text, nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        info={"documents": True} | ({} if visible is None else {INFO: visible}),
    )


async def load(
    db: AsyncConnection,
    table: Table,
    id: str,
    of: type[A],
    *,
    lock: bool = False,
    expected_version: int | None = None,
) -> A:
    """Return the aggregate; with `lock` its row is ours until the unit of work ends.

    Raises NotFound `<table>-not-found`, and VersionConflict (with currentVersion, changedBy and
    changedAt) when `expected_version` is given and is not the stored one.
    """
    statement = select(
        cast(table.c.doc, Text), table.c.version, table.c.changed_by, table.c.changed_at
    ).where(table.c.id == id)
    statement = restricted(db, statement)
    row = (await db.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        raise missing(table.name, id)
    if expected_version is not None and row.version != expected_version:
        raise conflict(id, row.version, changed_by=row.changed_by, changed_at=row.changed_at)
    return msgspec.json.decode(row[0], type=of)


async def find(
    db: AsyncConnection,
    table: Table,
    of: type[A],
    *where: ColumnElement[bool],
    order_by: Any = None,  # noqa: ANN401 - a column expression or a sequence of them
    limit: int | None = None,
    lock: bool = False,
) -> list[A]:
    """Return the aggregates that satisfy `where`, by id unless `order_by` says otherwise."""
    order = [table.c.id] if order_by is None else order_by
    order = order if isinstance(order, (list, tuple)) else [order]
    statement: Select[Any] = select(cast(table.c.doc, Text)).where(*where).order_by(*order)
    statement = restricted(db, statement)
    if limit is not None:
        statement = statement.limit(limit)
    if lock:
        statement = statement.with_for_update()
    decoder = msgspec.json.Decoder(of)
    return [decoder.decode(row[0]) for row in await db.execute(statement)]


async def save(db: AsyncConnection, table: Table, aggregate: A, **columns: object) -> A:
    """Store the aggregate under the next version and return it with that version.

    Version 0 is inserted, any other must be the stored one. `columns` sets columns that no
    attribute of the aggregate fills. Raises AlreadyExists (409) and VersionConflict (409).
    """
    stored = _replace(aggregate, version=aggregate.version + 1)
    actor, now = _signature(db)
    values = _columns(table, stored, columns) | {
        "version": stored.version,
        "doc": stored,
        "changed_by": actor,
        "changed_at": now,
    }
    if aggregate.version == 0:
        statement: Executable = (
            insert(table)
            .values(id=stored.id, **values)
            .on_conflict_do_nothing(index_elements=["id"])
            .returning(_BEFORE, _AFTER)
        )
    else:
        statement = (
            table.update()
            .where(table.c.id == stored.id, table.c.version == aggregate.version)
            .values(**values)
            .returning(_BEFORE, _AFTER)
        )
    hashes = (await db.execute(statement)).one_or_none()
    if hashes is None:
        await _refuse(db, table, aggregate)
    else:
        _note(db, table, stored, before=hashes[0], after=hashes[1])
    return stored


def expect(aggregate: Aggregate, expected_version: int | None) -> None:
    """Pass when the caller expected nothing or the stored version. Raises VersionConflict."""
    if expected_version is not None and aggregate.version != expected_version:
        raise conflict(
            aggregate.id,
            aggregate.version,
            changed_by=getattr(aggregate, "changed_by", None),
            changed_at=getattr(aggregate, "changed_at", None),
        )


async def current(
    db: AsyncConnection, table: Table, aggregate: A, expected_version: int | None
) -> None:
    """Pass as `expect` does; for what was loaded and locked before it was known who may see it.

    Raises VersionConflict with changedBy and changedAt.
    """
    if expected_version is not None and aggregate.version != expected_version:
        await load(db, table, aggregate.id, type(aggregate), expected_version=expected_version)


def conflict(
    identity: str, version: int, *, changed_by: str | None, changed_at: datetime | None
) -> VersionConflict:
    """Return the refusal that tells who was faster."""
    return VersionConflict(
        f"{identity} is at version {version}.",
        field=("expectedVersion",),
        remedy="Read it again, decide again, and send its present version.",
        currentVersion=version,
        changedBy=changed_by,
        changedAt=changed_at,
    )


async def _refuse(db: AsyncConnection, table: Table, aggregate: Aggregate) -> None:
    present = await db.execute(
        select(table.c.version, table.c.changed_by, table.c.changed_at).where(
            table.c.id == aggregate.id
        )
    )
    row = present.one_or_none()
    if row is None:
        raise missing(table.name, aggregate.id)
    if aggregate.version == 0:
        raise AlreadyExists(f"{aggregate.id} exists already.", currentVersion=row.version)
    raise conflict(aggregate.id, row.version, changed_by=row.changed_by, changed_at=row.changed_at)


def _columns(table: Table, aggregate: Aggregate, given: dict[str, object]) -> dict[str, object]:
    own = {"id", "version", "doc", "changed_by", "changed_at"}
    names = [column.name for column in table.c if column.name not in own]
    filled = {name: getattr(aggregate, name) for name in names if hasattr(aggregate, name)}
    return filled | given


def _signature(db: AsyncConnection) -> tuple[str, datetime]:
    options = db.sync_connection.get_execution_options() if db.sync_connection else {}
    return options["actor"], options["now"]


def _note(
    db: AsyncConnection, table: Table, stored: Aggregate, *, before: bytes | None, after: bytes
) -> None:
    options = db.sync_connection.get_execution_options() if db.sync_connection else {}
    change = Change(
        kind=table.name, id=stored.id, version=stored.version, before=before, after=after
    )
    options["changes"].append(change)


def _replace(aggregate: A, *, version: int) -> A:
    value: Any = aggregate
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, version=version)  # type: ignore[return-value]
    replaced: A = dataclasses.replace(value, version=version)
    return replaced

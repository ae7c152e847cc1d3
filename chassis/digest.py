"""The canonical business state of a service: two runs of one scenario have the same digest.

Ids become their prefix and numbers given out in turn their series, since which of two things that
happen at once comes first is nobody's decision; wall times and who-changed-when are dropped, rows
sorted, then hashed.
"""

from __future__ import annotations

import hashlib
import re
from enum import Enum
from typing import Any

import msgspec
from sqlalchemy import MetaData, Table, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

_ID = re.compile(r"\b([a-z]{2,8})_[0-9a-f]{32}\b")
_IN_TURN = re.compile(r"\b(\d{6,12}-\d{4,8})-\d{3,}\b")  # series, year or day, ordinal


class Detail(Enum):
    """How much of the digest is wanted."""

    HASHES = "hashes"
    ROWS = "rows"


class TableDigest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One table: how many rows, their hash, and the canonical rows when asked."""

    name: str
    count: int
    sha256: str
    rows: list[dict[str, Any]] | None = None


class DigestView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The hash of everything, and of each table."""

    sha256: str
    tables: list[TableDigest]


async def compute(db: AsyncConnection, metadata: MetaData, detail: Detail) -> DigestView:
    """Return the digest of every table of aggregates in `metadata`."""
    found = [
        await _table(db, table, detail)
        for table in sorted(metadata.tables.values(), key=lambda table: table.name)
        if table.info.get("documents")
    ]
    whole = hashlib.sha256(b"\n".join(f"{t.name} {t.sha256}".encode() for t in found))
    return DigestView(sha256=whole.hexdigest(), tables=found)


def canonical(document: dict[str, Any], dropped: frozenset[str]) -> dict[str, Any]:
    """Return the document without the `dropped` members, ids as prefixes, members sorted."""
    kept = {name: value for name, value in document.items() if name not in dropped}
    return dict(sorted((name, _plain(value, dropped)) for name, value in kept.items()))


def _plain(value: Any, dropped: frozenset[str]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {_nameless(name): item for name, item in canonical(value, dropped).items()}
    if isinstance(value, list):
        return [_plain(item, dropped) for item in value]
    if isinstance(value, str):
        return _nameless(value)
    return value


def _nameless(text: str) -> str:
    return _IN_TURN.sub(r"\1-*", _ID.sub(r"\1_*", text))


async def _table(db: AsyncConnection, table: Table, detail: Detail) -> TableDigest:
    dropped = frozenset(table.info.get("not_in_digest", ()))
    rows = [
        canonical(msgspec.json.decode(row[0]), dropped)
        for row in await db.execute(select(cast(table.c.doc, Text)))
    ]
    lines = sorted(msgspec.json.encode(row) for row in rows)
    return TableDigest(
        name=str(table.name),  # SQLAlchemy's own string type is not JSON
        count=len(rows),
        sha256=hashlib.sha256(b"\n".join(lines)).hexdigest(),
        rows=[msgspec.json.decode(line) for line in lines] if detail is Detail.ROWS else None,
    )

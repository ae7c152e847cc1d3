"""Row security and rights in the database: what `visible` says, repeated by PostgreSQL itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy import MetaData, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from chassis.policy.visible import INFO, row_security

APPEND_ONLY: Final = "append_only"  # in a table's info: the service may insert and read, no more
_POLICY: Final = "uem_visible"
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_QUOTED = _DIALECT.identifier_preparer

_APPLIED = text(
    "SELECT c.relname, obj_description(p.oid, 'pg_policy') AS digest"
    " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    " WHERE p.polname = :policy AND c.relnamespace = current_schema()::regnamespace"
)


def secure(connection: Connection, metadata: MetaData) -> list[str]:
    """Make every table marked `visible` show what its predicate says, also to its owner.

    A table that is not marked any more is open again. Returns the tables that were altered; one
    that stands as it should is not locked.
    """
    found = connection.execute(_APPLIED, {"policy": _POLICY})
    applied = {str(row.relname): str(row.digest) for row in found}
    altered = []
    for table in metadata.sorted_tables:
        wanted = _digest(table)
        if applied.get(table.name) == wanted:
            continue
        for statement in _statements(table, wanted):
            connection.exec_driver_sql(statement)
        altered.append(table.name)
    return altered


def grant(connection: Connection, metadata: MetaData, role: str, *, read_only: set[str]) -> None:
    """Let `role` do the service's work on its tables, and own none of them.

    It reads and writes rows; of append-only tables it inserts and reads, of `read_only` it reads.
    """
    name = _QUOTED.quote(role)
    everything = "ALL TABLES IN SCHEMA public"
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {everything} TO {name}",
        f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {name}",
    ]
    kept = [table.name for table in metadata.sorted_tables if table.info.get(APPEND_ONLY)]
    statements += [f"REVOKE UPDATE, DELETE ON {_QUOTED.quote(one)} FROM {name}" for one in kept]
    statements += [
        f"REVOKE INSERT, UPDATE, DELETE ON {_QUOTED.quote(one)} FROM {name}"
        for one in sorted(read_only)
    ]
    for statement in statements:
        connection.exec_driver_sql(statement)


def using(table: Table) -> str:
    """Return the predicate of the table's row security, as SQL."""
    compiled = row_security(table).compile(
        dialect=_DIALECT, compile_kwargs={"literal_binds": True, "include_table": False}
    )
    return str(compiled)


def _statements(table: Table, digest: str | None) -> Iterator[str]:
    name = _QUOTED.format_table(table)
    yield f"DROP POLICY IF EXISTS {_POLICY} ON {name}"
    if digest is None:
        yield f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
        return
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY {_POLICY} ON {name} USING ({using(table)})"
    yield f"COMMENT ON POLICY {_POLICY} ON {name} IS '{digest}'"


def _digest(table: Table) -> str | None:
    if INFO not in table.info:
        return None
    return hashlib.sha256(using(table).encode()).hexdigest()

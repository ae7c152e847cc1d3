"""Migrations: one Alembic history per service, in its own database, under a lock timeout.

A service's `migrations/env.py` is two imports and `migrations.run(store.metadata)`.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations.ops import CreateTableOp
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis import database, policy, stamp
from chassis.policy import rows
from chassis.settings import Deployment

LOCK_TIMEOUT = "5s"  # a migration that cannot have its lock steps back instead of blocking all
UPGRADE_LOCK = 0x75656D01  # session lock: two upgrades of one database run after each other
VERSION_TABLE = "schema_version"
TEMPLATE = Path(__file__).parent / "migration.mako"  # every service's migrations are made of it


class Schema(Enum):
    """How a database stands to the migrations that this process knows."""

    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"  # newer than we are: allowed, since migrations are additive first


@dataclass(frozen=True, slots=True)
class History:
    """The migrations of one service: its name and the folder of its package."""

    service: str
    folder: Path

    @classmethod
    def of(cls, package: str) -> History:
        """Return the history in the package, like "services.org.migrations"."""
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise ModuleNotFoundError(f"no migrations package {package}")
        return cls(package.split(".")[-2], Path(spec.submodule_search_locations[0]))

    def config(self) -> Config:
        """Return Alembic's configuration; there is no ini file."""
        config = Config()
        config.set_main_option("script_location", str(self.folder))
        config.set_main_option("version_locations", str(self.folder / "versions"))
        config.set_main_option("path_separator", "os")
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        return config

    def heads(self) -> Sequence[str]:
        """Return the newest revisions (one, unless somebody forgot to rebase)."""
        return ScriptDirectory.from_config(self.config()).get_heads()

    def is_empty(self) -> bool:
        """Return whether no migration was written yet."""
        return not self.heads()


def upgrade(
    package: str, *, url: str, deployment: Deployment, application: str | None = None
) -> None:
    """Bring the database to the newest migration and stamp it with `deployment`, in one transaction.

    Row security says what the tables' `visible` says. The role `application`, as which the
    service is to connect, may work on the tables and owns none. Raises StampMismatch, and changes
    nothing, when the database was born as the other kind.
    """
    asyncio.run(upgrade_async(package, url=url, deployment=deployment, application=application))


async def upgrade_async(
    package: str, *, url: str, deployment: Deployment, application: str | None = None
) -> None:
    """Do what `upgrade` does, inside a running loop."""
    history = History.of(package)
    engine = _engine(url, history.service)
    try:
        async with engine.begin() as db:
            await db.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            await db.execute(text("SET LOCAL statement_timeout = 0"))
            await db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
            await policy.enter(db, policy.EVERYTHING)  # what moves data moves all of it
            metadata = await db.run_sync(_upgrade, history)
            await stamp.write(db, history.service, deployment)
            await db.run_sync(protect, metadata, application)
    finally:
        await engine.dispose()


def protect(connection: Connection, metadata: MetaData, application: str | None) -> None:
    """Apply row security, and the rights of the role `application` unless it is null."""
    rows.secure(connection, metadata)
    if application is not None:
        present = inspect(connection).has_table(VERSION_TABLE)
        rows.grant(
            connection, metadata, application, read_only={VERSION_TABLE} if present else set()
        )


def revision(package: str, message: str, *, url: str) -> Path:
    """Write the migration that leads from the database at `url` to the service's metadata.

    The database must be at the newest migration. Returns the file.
    """
    return asyncio.run(_revision(History.of(package), message, url))


async def drift(package: str, *, url: str) -> list[str]:
    """Return what the metadata says and the migrated database does not, as Alembic puts it."""
    history = History.of(package)
    engine = _engine(url, history.service)
    found: list[str] = []
    try:
        async with engine.connect() as db:
            await db.run_sync(_compare, history, found)
    finally:
        await engine.dispose()
    return found


async def state(db: AsyncConnection, history: History) -> Schema:
    """Return whether the database is at our newest migration, behind or ahead of it."""
    present = set(await db.run_sync(_present))
    heads, known = _revisions(history)
    if present == heads:
        return Schema.CURRENT
    return Schema.BEHIND if present <= known else Schema.AHEAD


@cache
def _revisions(history: History) -> tuple[frozenset[str], frozenset[str]]:
    """Return the newest and all revisions that this process was started with."""
    script = ScriptDirectory.from_config(history.config())
    known = frozenset(item.revision for item in script.walk_revisions())
    return frozenset(script.get_heads()), known


def run(metadata: MetaData) -> None:
    """Be the body of a service's env.py: migrate over the connection that the caller opened."""
    context.config.attributes["metadata"] = metadata
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=False,
        process_revision_directives=_without_info,
    )
    with context.begin_transaction():
        context.run_migrations()


def _without_info(_: object, __: object, directives: list[Any]) -> None:
    """Write no table's info into a migration: it is our own note, not the database's."""
    for directive in directives:
        for operation in directive.upgrade_ops.ops + directive.downgrade_ops.ops:
            if isinstance(operation, CreateTableOp):
                operation.info = {}


def _upgrade(connection: Connection, history: History) -> MetaData:
    config = history.config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    metadata = config.attributes["metadata"]
    assert isinstance(metadata, MetaData)
    return metadata


async def _revision(history: History, message: str, url: str) -> Path:
    engine = _engine(url, history.service)
    written: list[Path] = []
    try:
        async with engine.begin() as db:
            await db.run_sync(_with_connection, history, lambda c: _write(c, message, written))
    finally:
        await engine.dispose()
    return written[0]


def _write(config: Config, message: str, written: list[Path]) -> None:
    shutil.copyfile(
        TEMPLATE, Path(config.get_main_option("script_location", "")) / "script.py.mako"
    )
    made = command.revision(config, message, autogenerate=True, rev_id=_next_id(config))
    assert isinstance(made, Script)
    written.append(Path(made.path))


def _next_id(config: Config) -> str:
    count = sum(1 for _ in ScriptDirectory.from_config(config).walk_revisions())
    return f"{count + 1:04d}"


def _compare(connection: Connection, history: History, found: list[str]) -> None:
    def compare(config: Config) -> None:
        found.extend(_differences(config))

    _with_connection(connection, history, compare)


def _differences(config: Config) -> list[str]:
    try:
        command.check(config)
    except CommandError as error:
        return [str(error)]
    return []


def _with_connection(
    connection: Connection, history: History, act: Callable[[Config], object]
) -> None:
    config = history.config()
    config.attributes["connection"] = connection
    act(config)


def _present(connection: Connection) -> Sequence[str]:
    migration = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return migration.get_current_heads()


def _engine(url: str, service: str) -> AsyncEngine:
    return database.connect(url, service=f"{service}-migrations", pool=1, command_timeout_s=None)

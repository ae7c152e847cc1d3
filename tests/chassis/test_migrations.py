"""Migrations: written from the metadata, run once, stamped, and told apart from drift."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Text, text
from sqlalchemy.exc import DBAPIError

from chassis import database, migrations, stamp
from chassis.migrations import History, Schema
from chassis.settings import Deployment
from chassis.stamp import StampMismatch
from tests.databases import Postgres

ENV = """
from chassis import migrations
from {package} import store

migrations.run(store.metadata)
"""
STORE = """
from sqlalchemy import Column, Text
from chassis import database, documents

metadata = database.metadata()
LID = documents.table("lid", metadata, Column("label", Text, nullable=False))
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch, request) -> Iterator[str]:
    """A service with a store and an empty history, importable for the time of one test."""
    name = f"lids_{abs(hash(request.node.name))}"
    folder = tmp_path / name / "migrations"
    (folder / "versions").mkdir(parents=True)
    (tmp_path / name / "__init__.py").touch()
    (tmp_path / name / "store.py").write_text(STORE)
    (folder / "__init__.py").touch()
    (folder / "env.py").write_text(ENV.format(package=name))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield f"{name}.migrations"
    for module in [m for m in sys.modules if m.startswith(name)]:
        del sys.modules[module]


@pytest.fixture
async def url(postgres: Postgres, request) -> str:
    return await postgres.empty(f"migrated_{abs(hash(request.node.name))}")


async def write_first(package: str, url: str) -> Path:
    return await asyncio.to_thread(migrations.revision, package, "first tables", url=url)


async def upgrade(package: str, url: str, deployment: Deployment = Deployment.PRODUCTION) -> None:
    await asyncio.to_thread(migrations.upgrade, package, url=url, deployment=deployment)


async def query(url: str, statement: str) -> object:
    engine = database.connect(url, service="test", pool=1)
    try:
        async with engine.begin() as db:
            return await db.scalar(text(statement))
    finally:
        await engine.dispose()


async def test_the_first_migration_makes_all_tables_and_the_stamp(package, url):
    written = await write_first(package, url)
    await upgrade(package, url)

    assert written.name == "0001_first_tables.py"
    assert "create_table('lid'" in written.read_text()
    assert "create_table('timer'" in written.read_text()
    assert await query(url, "SELECT deployment FROM stamp") == "production"
    assert await query(url, "SELECT service FROM stamp") == package.split(".")[0]
    assert await migrations.drift(package, url=url) == []


async def test_upgrading_twice_and_at_once_changes_nothing(package, url):
    await write_first(package, url)

    await asyncio.gather(upgrade(package, url), upgrade(package, url))
    await upgrade(package, url)

    assert await query(url, "SELECT count(*) FROM stamp") == 1


async def test_a_database_stays_what_it_was_born_as(package, url):
    await write_first(package, url)
    await upgrade(package, url, Deployment.REHEARSAL)

    with pytest.raises(StampMismatch, match="MODE_STAMP_MISMATCH"):
        await upgrade(package, url, Deployment.PRODUCTION)

    assert await query(url, "SELECT deployment FROM stamp") == "rehearsal"


async def test_a_migration_that_fails_leaves_nothing(package, url):
    written = await write_first(package, url)
    broken = written.read_text().replace(
        "def upgrade() -> None:", "def upgrade() -> None:\n    op.execute('SELECT 1/0')"
    )
    written.write_text(broken.replace("SELECT 1/0", "CREATE TABLE half (id int); SELECT 1/0"))

    with pytest.raises(DBAPIError):
        await upgrade(package, url)

    assert await query(url, "SELECT to_regclass('half')") is None
    assert await query(url, "SELECT to_regclass('stamp')") is None


async def test_a_model_that_ran_ahead_of_its_migrations_is_drift(package, url):
    await write_first(package, url)
    await upgrade(package, url)
    import importlib

    store = importlib.import_module(f"{package.split('.')[0]}.store")
    store.LID.append_column(Column("colour", Text))

    (found,) = await migrations.drift(package, url=url)
    assert "colour" in found


async def test_a_database_is_behind_current_or_ahead(package, url):
    written = await write_first(package, url)
    history = History.of(package)
    engine = database.connect(url, service="test", pool=1)
    migrations._revisions.cache_clear()

    async def state() -> Schema:
        async with engine.connect() as db:
            return await migrations.state(db, history)

    try:
        before = await state()
        await upgrade(package, url)
        after = await state()
        written.rename(written.with_suffix(".gone"))
        migrations._revisions.cache_clear()
        older_code = await state()
    finally:
        await engine.dispose()

    assert (before, after, older_code) == (Schema.BEHIND, Schema.CURRENT, Schema.AHEAD)


def test_a_service_without_migrations_says_so():
    with pytest.raises(ModuleNotFoundError, match="chassis"):
        History.of("chassis.errors")


async def test_a_database_without_a_stamp_is_not_used(toy_database):
    async with toy_database.engine.begin() as db:
        await db.execute(text("DELETE FROM stamp"))
        with pytest.raises(StampMismatch, match="bears no stamp"):
            await stamp.read(db)


async def test_a_database_of_another_service_is_not_used(toy_database):
    async with toy_database.engine.begin() as db:
        found = await stamp.read(db)

    with pytest.raises(StampMismatch, match="rehearsal of toy"):
        stamp.check(found, "plans", Deployment.REHEARSAL)


@pytest.fixture
async def toy_database(postgres):
    from tests.chassis.toy.app import create_app

    async with postgres.lend(create_app().state.service, Deployment.REHEARSAL) as lent:
        yield lent

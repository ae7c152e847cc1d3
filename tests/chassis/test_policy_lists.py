"""Lists, row security and Cedar say the same about who sees which row."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from chassis.paging import PageRequest
from chassis.policy import EVERYBODY, EVERYTHING, VIEW, Grant, Scope, Target, enter
from chassis.unit_of_work import Caller, UnitOfWork
from tests.chassis.toy import store
from tests.chassis.toy.app import create_app, jars, open_jar
from tests.chassis.toy.domain import Jar
from tests.databases import Postgres
from tests.harness import Harness
from tests.tokens import Issuer

AREAS = ("410000", "410100", "410105", "410105000", "410105001", "420000", "441900003")
COVERING = (*AREAS, "000000", "440000", "441900", "", "4101", "%", "*")
ORGANIZATIONS = ("org_a", "org_b", "org_c")
ODD = ("org_a,org_b", "*", "")

grants = st.builds(
    Grant,
    role=st.sampled_from(["viewer", "keeper", "sealed_reader"]),
    area=st.sampled_from(COVERING),
    organization=st.none() | st.sampled_from(ORGANIZATIONS + ODD),
)


@dataclass(frozen=True)
class Row:
    area: str
    owners: tuple[str, ...]
    shelf: str | None
    sealed: bool


rows = st.builds(
    Row,
    area=st.sampled_from(AREAS),
    owners=st.lists(st.sampled_from((*ORGANIZATIONS, EVERYBODY)), max_size=2, unique=True).map(
        tuple
    ),
    shelf=st.none() | st.sampled_from(ORGANIZATIONS),
    sealed=st.booleans(),
)


@pytest.fixture
async def toy(postgres: Postgres, issuer: Issuer) -> AsyncIterator[Harness]:
    async with Harness.open(create_app(), postgres, issuer) as toy:
        yield toy


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants=st.lists(grants, max_size=4), rows=st.lists(rows, min_size=1, max_size=8))
async def test_a_list_returns_the_rows_that_cedar_lets_the_caller_view(
    toy: Harness, grants: list[Grant], rows: list[Row]
):
    policy = toy.runtime.policy
    assert policy is not None
    caller = Caller(subject="ali", grants=tuple(grants))
    targets = await _stored(toy, rows)
    permitted = {
        one.id for one in targets if policy.decide(caller, VIEW, one, now=toy.clock.now()).allowed
    }

    scope = policy.scope(caller, now=toy.clock.now())

    assert await _listed(toy, scope) == permitted
    assert await _left_by_row_security(toy, scope) == permitted


async def test_a_connection_without_a_scope_sees_and_writes_nothing(toy: Harness):
    await toy.run(open_jar, label="x")

    async with toy.runtime.engine.begin() as db:
        assert (await db.execute(select(store.JAR))).all() == []
        assert (await db.execute(delete(store.JAR))).rowcount == 0


async def test_a_scope_ends_with_its_transaction(toy: Harness):
    await toy.run(open_jar, label="x")

    async with toy.runtime.engine.connect() as db:
        for _ in range(2):
            async with db.begin():
                before = (await db.execute(select(store.JAR))).all()
                await enter(db, Scope(areas=("*",)))
                after = (await db.execute(select(store.JAR))).all()
                assert (len(before), len(after)) == (0, 1)


async def _stored(toy: Harness, rows: list[Row]) -> list[Target]:
    async def put(uow: UnitOfWork) -> list[Target]:
        await uow.db.execute(delete(store.JAR))
        return [await _put(uow, row) for row in rows]

    return await toy.run(put)


async def _put(uow: UnitOfWork, row: Row) -> Target:
    jar = Jar(
        id=uow.new_id("jar"),
        label="x",
        capacity=1,
        area=row.area,
        owners=row.owners,
        sealed=row.sealed,
    )
    await store.put_jar(uow.db, jar, shelf=row.shelf)
    organizations = {*row.owners, *([row.shelf] if row.shelf else [])}
    return Target(
        kind="jar",
        id=jar.id,
        area=row.area,
        organizations=frozenset(organizations),
        sealed=row.sealed,
    )


async def _listed(toy: Harness, scope: Scope) -> set[str]:
    """Return what the service's own predicate lets through, with row security out of its way."""
    async with toy.runtime.engine.connect() as connection:
        db = await connection.execution_options(scope=scope)
        async with db.begin():
            await enter(db, EVERYTHING)
            found = await jars(db, PageRequest(first=100, count=True))
    assert found.total_count == len(found.nodes)
    return {jar.id for jar in found.nodes}


async def _left_by_row_security(toy: Harness, scope: Scope) -> set[str]:
    async with toy.runtime.engine.begin() as db:
        await enter(db, scope)
        return {row.id for row in await db.execute(select(store.JAR.c.id))}

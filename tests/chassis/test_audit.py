"""The audit's rows: one for each decision exactly when it took effect or was refused, for ever."""

import dataclasses
import hashlib
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Response
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from chassis import edge, migrations, telemetry
from chassis.audit import writing
from chassis.edge import Edge
from chassis.errors import Conflict, NotFound
from chassis.policy import EVERYTHING, Grant, NotPermitted, Policy, SecondPersonRequired, Target
from chassis.service import create_service
from chassis.settings import Deployment
from chassis.tables.audit import LINK, RECORD
from chassis.unit_of_work import Caller, UnitOfWork
from tests.chassis.toy import domain, store
from tests.chassis.toy.domain import Jar, JarFull
from tests.harness import START, app_of
from vocabulary import area

SERVICES = ("org", "plans", "guarantee", "analytics")
POLICY = Policy(
    """
    @id("keep") @needs("the role keeper")
    permit (principal is Grant, action in [Action::"open", Action::"fill"], resource)
    when { principal.role == "keeper" && resource in principal.area };

    @id("second-person")
    forbid (principal is Grant, action == Action::"fill", resource)
    when { resource.authors.contains(principal.subject) };

    @id("toy-itself")
    permit (principal == Service::"toy", action == Action::"fill", resource);
    """,
    areas=area,
)
KEEPER = Caller(
    subject="ali",
    organization="org_a",
    person="per_ali",
    roles=frozenset({"keeper"}),
    grants=(
        Grant(
            role="keeper", area="410100", organization="org_b", id="gra_1", granted_by="head:pantry"
        ),
    ),
)
VIEWER = Caller(subject="bo", grants=(Grant(role="viewer", area="410100"),))
STRANGER = Caller(subject="cy", grants=(Grant(role="keeper", area="420000"),))
router = APIRouter()


def target(jar_id: str, **about: Any) -> Target:
    return Target(kind="jar", id=jar_id, area="410105", **about)


async def open_jar(uow: UnitOfWork, *, label: str = "plums", marbles: int = 0) -> Jar:
    jar = Jar(id=uow.new_id("jar"), label=label, capacity=10, marbles=marbles)
    uow.authorize("open", target(jar.id, new=True))
    return await store.put_jar(uow.db, jar)


async def fill(uow: UnitOfWork, jar_id: str, *, count: int = 1, **about: Any) -> Jar:
    uow.authorize("fill", target(jar_id, **about))
    jar = await store.get_jar(uow.db, jar_id)
    return await store.put_jar(uow.db, domain.put(jar, count))


async def move(uow: UnitOfWork, source: str, to: str) -> None:
    """One decision that changes two jars, one of them twice."""
    uow.authorize("fill", target(to))
    emptied = dataclasses.replace(await store.get_jar(uow.db, source), marbles=0)
    await store.put_jar(uow.db, emptied)
    jar = await store.put_jar(uow.db, domain.put(await store.get_jar(uow.db, to), 1))
    await store.put_jar(uow.db, domain.put(jar, 1))


@router.post("/v1/jars/{jar_id}/fill")
async def post_fill(jar_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    async def command(uow: UnitOfWork) -> dict[str, int]:
        return {"marbles": (await fill(uow, jar_id)).marbles}

    return await edge.command(command, roles={"viewer", "keeper"})


def create_app() -> FastAPI:
    return create_service(
        "toy",
        router=router,
        subscriptions=(),
        timers={},
        published=(),
        metadata=store.metadata,
        migrations="tests.chassis.toy.migrations",
        policy=POLICY,
    )


@pytest.fixture
async def toy(harness):
    return await harness(create_app())


async def rows(toy) -> list[Any]:
    async with toy.runtime.reading.connect() as db:
        return list(await db.execute(select(RECORD).order_by(RECORD.c.seq)))


async def documents(toy) -> dict[str, bytes]:
    async with toy.runtime.seen_by(EVERYTHING) as db:
        found = await db.execute(text("SELECT id, doc::text FROM jar"))
        return {row.id: hashlib.sha256(row[1].encode()).digest() for row in found}


async def test_a_command_that_commits_leaves_who_did_what_by_which_right(toy):
    jar = await toy.run(open_jar, caller=KEEPER, correlation_id="cor_1", cause_id="evt_1")

    (row,) = await rows(toy)
    told = {name: value for name, value in row._mapping.items() if name not in ("seq", "id")}
    assert told.pop("recorded_at") > START
    assert told.pop("decision_id") == row.id
    assert told == {
        "decided_at": START,
        "subject": "ali",
        "person": "per_ali",
        "organization": "org_b",
        "role": "keeper",
        "grant_id": "gra_1",
        "granted_by": "head:pantry",
        "action": "open",
        "decision": "PERMITTED",
        "policies": ["keep"],
        "reason": "allowed",
        "object_kind": "jar",
        "object_id": jar.id,
        "object_version": 1,
        "mode": "REAL",
        "before_hash": None,
        "after_hash": (await documents(toy))[jar.id],
        "correlation_id": "cor_1",
        "cause_id": "evt_1",
        "trace_id": None,
        "remote": None,
    }


async def test_the_hashes_of_an_object_follow_one_another_through_its_rows(toy):
    jar = await toy.run(open_jar, caller=KEEPER)
    await toy.run(fill, jar.id, caller=KEEPER)
    await toy.run(fill, jar.id, caller=KEEPER, mode="EXERCISE")

    found = await rows(toy)
    assert [row.object_version for row in found] == [1, 2, 3]
    assert [row.mode for row in found] == ["REAL", "REAL", "EXERCISE"]
    assert [row.before_hash for row in found[1:]] == [row.after_hash for row in found[:-1]]
    assert found[-1].after_hash == (await documents(toy))[jar.id]


async def test_every_other_object_that_a_decision_changed_has_a_row_under_it(toy):
    one = await toy.run(open_jar, caller=KEEPER, marbles=5)
    other = await toy.run(open_jar, caller=KEEPER)
    before = await documents(toy)

    await toy.run(move, one.id, other.id, caller=KEEPER)

    decided, further = (await rows(toy))[2:]
    after = await documents(toy)
    assert (decided.object_id, decided.object_version) == (other.id, 3)
    assert (decided.before_hash, decided.after_hash) == (before[other.id], after[other.id])
    assert (further.object_id, further.object_version) == (one.id, 2)
    assert (further.before_hash, further.after_hash) == (before[one.id], after[one.id])
    assert {decided.decision_id, further.decision_id} == {decided.id}
    assert (further.action, further.subject) == ("fill", "ali")


async def test_a_command_that_is_rolled_back_leaves_nothing(toy):
    jar = await toy.run(open_jar, caller=KEEPER)

    with pytest.raises(JarFull):
        await toy.run(fill, jar.id, count=11, caller=KEEPER)

    assert [row.action for row in await rows(toy)] == ["open"]


async def test_a_row_that_cannot_be_written_lets_nothing_be_committed(toy, monkeypatch):
    async def fails(uow: UnitOfWork) -> None:
        raise Conflict("the audit cannot be written")

    monkeypatch.setattr(writing, "record", fails)
    with pytest.raises(Conflict):
        await toy.run(open_jar, caller=KEEPER)

    assert await documents(toy) == {}


async def test_a_handler_that_asks_nobody_leaves_no_row_and_one_that_asks_does(toy):
    async def put(uow: UnitOfWork) -> Jar:
        return await store.put_jar(uow.db, Jar(id=uow.new_id("jar"), label="figs", capacity=3))

    jar = await toy.run(put, caller=Caller.service("toy"))
    await toy.run(fill, jar.id, caller=Caller.service("toy"))

    (row,) = await rows(toy)
    assert (row.subject, row.policies, row.grant_id) == ("service:toy", ["toy-itself"], None)


@pytest.mark.parametrize(
    ("caller", "about", "refusal", "policies"),
    [
        (VIEWER, {}, NotPermitted, []),
        (KEEPER, {"authors": frozenset({"ali"})}, SecondPersonRequired, ["second-person"]),
        (STRANGER, {}, NotFound, []),
        (VIEWER, {"sealed": True}, NotFound, ["sealed"]),
    ],
    ids=["not-permitted", "second-person", "not-visible", "sealed"],
)
async def test_a_refused_write_is_recorded_though_nothing_else_is(
    toy, caller, about, refusal, policies
):
    jar = await toy.run(open_jar, caller=KEEPER)
    before = await documents(toy)

    with pytest.raises(refusal):
        await toy.run(fill, jar.id, caller=caller, **about)

    _, row = await rows(toy)
    assert (row.decision, row.subject, row.action) == ("REFUSED", caller.subject, "fill")
    assert (row.object_id, row.object_version, row.after_hash) == (jar.id, None, None)
    assert row.policies == policies
    assert row.grant_id is None
    assert await documents(toy) == before


async def test_a_refusal_after_a_change_takes_the_change_back_and_stays(toy):
    async def change_then_ask(uow: UnitOfWork) -> None:
        await store.put_jar(uow.db, Jar(id=uow.new_id("jar"), label="figs", capacity=3))
        uow.authorize("fill", target("jar_x"))

    with pytest.raises(NotPermitted):
        await toy.run(change_then_ask, caller=VIEWER)

    (row,) = await rows(toy)
    assert (row.decision, row.object_id, row.after_hash) == ("REFUSED", "jar_x", None)
    assert await documents(toy) == {}


async def test_a_refusal_that_a_command_survives_is_recorded_beside_what_it_did(toy):
    async def ask_then_do(uow: UnitOfWork) -> None:
        with pytest.raises(SecondPersonRequired):
            uow.authorize("fill", target("jar_x", authors=frozenset({"ali"})))
        await open_jar(uow)

    await toy.run(ask_then_do, caller=KEEPER)

    assert [(row.action, row.decision) for row in await rows(toy)] == [
        ("fill", "REFUSED"),
        ("open", "PERMITTED"),
    ]


async def test_a_refusal_is_told_even_when_it_cannot_be_recorded(toy, monkeypatch, caplog):
    telemetry.configure("tests", None)
    monkeypatch.setattr(writing, "_APPEND", text("SELECT 1/0 FROM (SELECT :rows) AS one"))

    with pytest.raises(NotPermitted):
        await toy.run(fill, "jar_x", caller=VIEWER)

    assert await rows(toy) == []
    assert "audit.refusal_unrecorded" in caplog.messages
    assert b"audit_unrecorded_total" in telemetry.prometheus_text()


async def test_over_http_the_row_has_address_trace_and_correlation_and_the_answer_comes_once(toy):
    jar = await toy.run(open_jar, caller=KEEPER)
    headers = {
        "Idempotency-Key": "one-key-of-many",
        "UEM-Correlation-Id": "cor_2",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    }
    async with toy.client(roles=["keeper"], areas=["410100"], org="org_a") as client:
        for _ in range(2):
            answer = await client.post(f"/v1/jars/{jar.id}/fill", headers=headers)
            assert answer.json() == {"marbles": 1}

    _, row = await rows(toy)
    assert (row.remote, row.correlation_id) == ("127.0.0.1", "cor_2")
    assert row.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert (row.grant_id, row.role, row.organization) == ("token", "keeper", "org_a")


async def test_over_http_a_refusal_is_answered_and_recorded(toy):
    jar = await toy.run(open_jar, caller=KEEPER)

    async with toy.client(roles=["keeper"], areas=["420000"], subject="cy") as client:
        answer = await client.post(f"/v1/jars/{jar.id}/fill")

    assert (answer.status_code, answer.json()["slug"]) == (404, "jar-not-found")
    _, row = await rows(toy)
    assert (row.decision, row.subject, row.object_id) == ("REFUSED", "cy", jar.id)


CHANGES = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
)


@pytest.mark.parametrize("statement", CHANGES, ids=lambda one: one.split()[0].lower())
@pytest.mark.parametrize("service", SERVICES)
async def test_the_database_lets_nobody_change_the_audit_not_even_its_owner(
    postgres, service, statement
):
    async with postgres.lend(app_of(service).state.service, Deployment.REHEARSAL) as lent:
        for role in (lent.engine, lent.owner):
            for table, column in ((RECORD.name, "subject"), (LINK.name, "hash")):
                with pytest.raises(DBAPIError, match=r"only grows|permission denied"):
                    async with role.begin() as db:
                        await db.execute(text(statement.format(table=table, column=column)))


@pytest.mark.parametrize("service", SERVICES)
async def test_the_migrations_make_what_the_tables_say(postgres, service):
    made = app_of(service).state.service
    async with postgres.lend(made, Deployment.REHEARSAL) as lent:
        url = lent.owner.url.render_as_string(hide_password=False)
        drift = await migrations.drift(made.migrations, url=url)

    assert [line for line in drift if "audit" in line] == []


async def test_several_decisions_are_several_rows_in_the_order_of_the_decisions(toy):
    async def ask_thrice(uow: UnitOfWork) -> None:
        for number in range(3):
            uow.authorize("open", target(f"jar_{number}", new=True))

    await toy.run(ask_thrice, caller=KEEPER)

    found = await rows(toy)
    assert [row.object_id for row in found] == ["jar_0", "jar_1", "jar_2"]
    assert [row.decision_id for row in found] == [row.id for row in found]

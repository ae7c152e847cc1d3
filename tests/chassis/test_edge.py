"""The HTTP edge: roles, idempotency, refusals, pages, batches, limits, correlation."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request

from chassis import problem
from chassis.edge import Edge
from chassis.errors import Invalid, Unavailable
from chassis.policy import EVERYTHING
from chassis.unit_of_work import Caller
from tests.chassis.toy.app import create_app
from tests.chassis.toy.store import JAR


@pytest.fixture
async def toy(harness):
    return await harness(create_app())


@pytest.fixture
async def keeper(toy):
    async with toy.client(roles=["keeper"]) as client:
        yield client


async def jars(toy) -> int:
    async with toy.runtime.seen_by(EVERYTHING) as db:
        return len((await db.execute(select(JAR.c.id))).all())


async def test_a_command_answers_with_what_it_made_and_says_it(toy, keeper):
    answer = await keeper.post("/v1/jars", json={"label": "first"})

    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    assert (answer.json()["label"], answer.json()["marbleCount"]) == ("first", 0)
    assert [said.type for said in await toy.published()] == ["uem.toy.jar.opened.v1"]


async def test_a_refused_command_changes_nothing_and_says_why(toy, keeper):
    jar = (await keeper.post("/v1/jars", json={"label": "x", "capacity": 1})).json()

    answer = await keeper.post(f"/v1/jars/{jar['id']}/marbles", json={"count": 2})

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert len(told.pop("traceId")) == 32
    assert told == {
        "type": "urn:uem:problem:jar-full",
        "title": "Jar full",
        "status": 409,
        "slug": "jar-full",
        "detail": "x holds 1.",
        "field": ["count"],
        "capacity": 1,
    }


async def test_nobody_without_a_token_and_nobody_without_the_role(toy):
    async with toy.anonymous() as nobody:
        unknown = await nobody.post("/v1/jars", json={"label": "x"})
    async with toy.client(roles=["viewer"]) as viewer:
        forbidden = await viewer.post("/v1/jars", json={"label": "x"})

    assert (unknown.status_code, unknown.json()["slug"]) == (401, "unauthenticated")
    assert (forbidden.status_code, forbidden.json()["action"]) == (403, "open")
    assert await jars(toy) == 0


async def test_whoever_holds_a_role_may_read(toy, keeper):
    async with toy.client(roles=[]) as bare:
        refused = await bare.get("/v1/jars")

    assert (await keeper.get("/v1/jars")).status_code == 200
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ["label"]),
        ({"label": ""}, ["label"]),
        ({"label": "x", "capacity": 2**40}, ["capacity"]),
        ({"label": "x", "status": "CLOSED"}, ["status"]),
    ],
)
async def test_invalid_input_is_refused_naming_the_field(toy, keeper, body, field):
    answer = await keeper.post("/v1/jars", json=body)

    assert (answer.status_code, answer.json()["slug"]) == (422, "invalid-input")
    assert answer.json()["field"] == field
    assert await jars(toy) == 0


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b'{"label": "a\\u0000b"}', 422, "invalid-input"),
        (b'{"label": "a\\\\u0000b"}', 201, None),  # an escaped backslash, not a NUL
        (b'{"label": ' + b"[" * 40 + b"]" * 40 + b"}", 422, "invalid-input"),
        (b'{"label": "' + b"[" * 38 + b'"}', 201, None),  # brackets in text are text
        (b'{"label": "\\ud800"}', 422, "invalid-input"),
        (b'{"label": "x"', 422, "invalid-input"),
        (b'{"label": "' + b"x" * 1024 * 1024 + b'"}', 413, "too-large"),
        (b'{"label": "x", "capacity": NaN}', 422, "invalid-input"),
    ],
)
async def test_a_body_that_cannot_be_taken_is_refused_never_a_500(keeper, content, status, slug):
    answer = await keeper.post(
        "/v1/jars", content=content, headers={"Content-Type": "application/json"}
    )

    assert (answer.status_code, answer.json().get("slug")) == (status, slug), answer.text


async def test_a_body_without_a_length_is_counted_while_it_comes(keeper):
    async def endless():
        for _ in range(40):
            yield b"x" * 65536

    answer = await keeper.post(
        "/v1/jars", content=endless(), headers={"Content-Type": "application/json"}
    )

    assert (answer.status_code, answer.json()["limit"]) == (413, 1024 * 1024)


async def test_a_bug_is_answered_with_nothing_but_its_trace(keeper, caplog):
    answer = await keeper.post("/v1/raw")

    assert answer.status_code == 500
    told = answer.json()
    assert (told["slug"], len(told["traceId"])) == ("internal-error", 32)
    assert "ZeroDivisionError" not in answer.text
    assert "a bug" in caplog.text


async def test_an_unknown_path_and_a_wrong_method_are_problems_too(keeper):
    missing = await keeper.get("/v1/nothing")
    wrong = await keeper.delete("/v1/jars")

    assert (missing.status_code, missing.json()["slug"]) == (404, "not-found")
    assert (wrong.status_code, wrong.json()["slug"]) == (405, "method-not-allowed")
    assert "POST" in wrong.headers["Allow"] or "GET" in wrong.headers["Allow"]


async def test_a_correlation_id_is_kept_or_made(toy, keeper):
    given = await keeper.post(
        "/v1/jars", json={"label": "x"}, headers={"UEM-Correlation-Id": "cor_mine"}
    )
    made = await keeper.post(
        "/v1/jars", json={"label": "x"}, headers={"UEM-Correlation-Id": "no good\x7f"}
    )

    assert given.headers["UEM-Correlation-Id"] == "cor_mine"
    assert made.headers["UEM-Correlation-Id"].startswith("cor_")
    first, _ = await toy.published()
    assert first.headers["ce-correlationid"] == "cor_mine"


async def test_a_trace_goes_in_and_out(toy, keeper):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    parent = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}

    await keeper.post("/v1/jars", json={"label": "x"}, headers=parent)
    refused = await keeper.post("/v1/jars", json={}, headers=parent)

    (said,) = await toy.published()
    assert said.headers["traceparent"].split("-")[1] == trace
    assert refused.json()["traceId"] == trace


async def test_a_service_that_has_not_started_answers_that_it_will(issuer):
    import httpx

    app = create_app()
    token = {"Authorization": f"Bearer {issuer.token(roles=['viewer'])}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as client:
        answer = await client.get("/v1/jars", headers=token)

    assert (answer.status_code, answer.json()["slug"]) == (503, "starting")
    assert answer.headers["Retry-After"] == "1"


async def test_a_database_that_is_away_is_503_and_retryable(toy, keeper, monkeypatch):
    def away(*_: object) -> None:
        raise ConnectionRefusedError("no such server")

    monkeypatch.setattr(type(toy.runtime.engine), "connect", away)

    answer = await keeper.get("/v1/jars")

    assert (answer.status_code, answer.json()["slug"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SELECT pg_sleep(1)", Unavailable),
        ("SELECT convert_from('\\x00'::bytea, 'UTF8')", Invalid),
        ("SELECT 99999999999::int", Invalid),
        ("SELECT nonsense", None),
    ],
)
async def test_database_errors_are_told_apart(toy, statement, kind):
    async def fail() -> None:
        async with toy.runtime.engine.begin() as db:
            await db.exec_driver_sql("SET LOCAL statement_timeout = 50")
            await db.exec_driver_sql(statement)

    with pytest.raises(DBAPIError) as failed:
        await fail()

    refusal = problem.translate(failed.value)
    assert refusal is None if kind is None else isinstance(refusal, kind)


class Deadlock(Exception):
    sqlstate = "40P01"


class Broken(Exception):
    sqlstate = "42601"


class DiskFull(Exception):
    sqlstate = "53100"


def test_a_full_disk_is_told_as_such_and_to_be_tried_again():
    refusal = problem.translate(DBAPIError("INSERT", {}, DiskFull()))

    assert isinstance(refusal, problem.StorageFull)
    told = problem.answer(refusal)
    assert (told.status_code, told.headers["Retry-After"]) == (503, "1")


async def attempt(toy, failures: list[Exception]) -> tuple[int, bytes | memoryview]:
    """Run a command that fails as told, then succeeds; return its tries and the answer."""
    tries = 0

    async def command(_: object) -> dict[str, int]:
        nonlocal tries
        tries += 1
        if len(failures) >= tries:
            raise DBAPIError("UPDATE", {}, failures[tries - 1])
        return {"tries": tries}

    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []})
    caller = Caller(subject="ali", roles=frozenset({"keeper"}))
    answer = await Edge(toy.runtime, request, caller, "cor_1").command(
        command, roles={"keeper"}, exempt="it touches nothing"
    )
    return tries, answer.body


async def test_a_deadlocked_command_is_done_again(toy):
    assert await attempt(toy, [Deadlock(), Deadlock()]) == (3, b'{"tries":3}')


async def test_a_command_is_not_tried_for_ever_nor_after_a_bug(toy):
    with pytest.raises(DBAPIError):
        await attempt(toy, [Deadlock()] * 3)
    with pytest.raises(DBAPIError):
        await attempt(toy, [Broken()])


async def test_a_statement_that_is_wrong_is_a_bug_not_an_outage(toy, keeper, monkeypatch):
    from chassis import paging

    async def broken(db, *_, **__):
        await db.exec_driver_sql("SELECT nonsense")

    monkeypatch.setattr(paging, "page", broken)

    answer = await keeper.get("/v1/jars")

    assert (answer.status_code, answer.json()["slug"]) == (500, "internal-error")


def test_a_missing_file_of_ours_is_a_bug_not_an_outage():
    assert problem.translate(FileNotFoundError("rules.yaml")) is None
    assert isinstance(problem.translate(ConnectionResetError()), Unavailable)

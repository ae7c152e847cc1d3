"""What operators and the player of a rehearsal ask of any service."""

from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from chassis import digest
from chassis.settings import Deployment
from tests.chassis.toy.app import create_app, open_jar, put_marbles
from tests.harness import START


@pytest.fixture
async def toy(harness):
    return await harness(create_app())


@pytest.fixture
async def operator(toy):
    async with toy.client(roles=["operator"]) as client:
        yield client


async def test_the_clock_is_set_and_kept(toy, operator):
    later = START + timedelta(hours=2)

    answer = await operator.put("/v1/rehearsal/clock", json={"now": later.isoformat()})

    assert answer.json() == {"now": "2026-06-01T10:00:00Z"}
    assert toy.clock.now() == later
    assert (await operator.get("/v1/rehearsal/clock")).json() == answer.json()
    from chassis import stamp

    kept = await toy.read(stamp.read)
    assert stamp.clock(kept).now() == later


async def test_the_clock_does_not_go_back(operator):
    await operator.put("/v1/rehearsal/clock", json={"now": "2026-06-01T10:00:00Z"})

    answer = await operator.put("/v1/rehearsal/clock", json={"now": "2026-06-01T09:00:00Z"})

    assert (answer.status_code, answer.json()["slug"]) == (409, "clock-goes-back")


async def test_a_naive_time_is_refused(operator):
    answer = await operator.put("/v1/rehearsal/clock", json={"now": "2026-06-01T09:00:00"})

    assert (answer.status_code, answer.json()["field"]) == (422, ["now"])


async def test_a_production_has_no_settable_clock(harness):
    toy = await harness(create_app(), deployment=Deployment.PRODUCTION)

    async with toy.client(roles=["operator"]) as operator:
        answers = [
            await operator.put("/v1/rehearsal/clock", json={"now": "2030-01-01T00:00:00Z"}),
            await operator.get("/v1/rehearsal/clock"),
            await operator.get("/v1/rehearsal/next-due"),
            await operator.get("/v1/rehearsal/quiescent"),
        ]

    assert [(a.status_code, a.json()["slug"]) for a in answers] == [(409, "not-a-rehearsal")] * 4
    assert toy.clock.now() == START


async def test_only_an_operator_may(toy):
    async with toy.client(roles=["keeper"]) as keeper:
        answers = [
            await keeper.put("/v1/rehearsal/clock", json={"now": "2030-01-01T00:00:00Z"}),
            await keeper.get("/v1/rehearsal/quiescent"),
            await keeper.get("/v1/operator/digest"),
            await keeper.get("/v1/operator/timers"),
        ]

    assert {answer.status_code for answer in answers} == {403}


async def test_the_player_learns_what_falls_due_next(toy, operator):
    assert (await operator.get("/v1/rehearsal/next-due")).json() == {"dueAt": None}

    await toy.run(open_jar, label="x")

    assert (await operator.get("/v1/rehearsal/next-due")).json() == {
        "dueAt": "2026-06-01T09:00:00Z"
    }


async def test_quiescence_counts_timers_that_are_due(toy, operator):
    jar = await toy.run(open_jar, label="x")
    toy.clock.set(START + timedelta(hours=1))

    due = (await operator.get("/v1/rehearsal/quiescent")).json()

    assert (due["quiescent"], due["timers"], due["outbox"]) == (False, 1, 1)
    await toy.advance(toy.clock.now())
    assert (await operator.get("/v1/rehearsal/quiescent")).json()["timers"] == 0
    assert jar.version == 1


async def test_an_operator_sees_timers_in_trouble_and_has_them_tried_again(toy, operator):
    from chassis import firing

    await toy.run(open_jar, label="hopeless")
    toy.clock.set(START + timedelta(hours=1))
    await firing.fire_next(toy.runtime, toy.service.timers)

    (timer,) = (await operator.get("/v1/operator/timers")).json()["nodes"]
    again = await operator.post(f"/v1/operator/timers/{timer['key']}/retry")

    assert timer["lastError"] == "Quarantine: nobody can check this jar"
    assert timer["stoppedAt"] is not None
    assert again.json() == {"key": timer["key"]}
    (timer,) = (await operator.get("/v1/operator/timers")).json()["nodes"]
    assert timer["stoppedAt"] is None
    assert (await operator.post("/v1/operator/timers/x/retry")).status_code == 404


async def play(toy) -> None:
    for label, marbles in (("a", 1), ("b", 2)):
        jar = await toy.run(open_jar, label=label)
        await toy.run(put_marbles, jar.id, marbles)


async def test_two_runs_of_the_same_have_the_same_digest(harness):
    first, second = await harness(create_app()), await harness(create_app())
    await play(first)
    await play(second)

    async with first.client(roles=["operator"]) as one, second.client(roles=["operator"]) as other:
        here = (await one.get("/v1/operator/digest?rows=true")).json()
        there = (await other.get("/v1/operator/digest?rows=true")).json()

    assert here == there
    (table,) = here["tables"]
    assert (table["name"], table["count"]) == ("jar", 2)
    assert table["rows"][0]["id"] == "jar_*"


async def test_another_outcome_has_another_digest(harness):
    first, second = await harness(create_app()), await harness(create_app())
    await play(first)
    await play(second)
    await second.run(open_jar, label="c")

    async with first.client(roles=["operator"]) as one, second.client(roles=["operator"]) as other:
        here = (await one.get("/v1/operator/digest")).json()
        there = (await other.get("/v1/operator/digest")).json()

    assert here["sha256"] != there["sha256"]
    assert here["tables"][0]["rows"] is None


def test_ids_become_their_prefix_wherever_they_stand():
    one = "jar_" + "0" * 32
    document = {"b": [one, {"of": f"check:{one}"}], "a": {one: 1}, "at": 1, "n": None}

    assert digest.canonical(document, frozenset({"at"})) == {
        "a": {"jar_*": 1},
        "b": ["jar_*", {"of": "check:jar_*"}],
        "n": None,
    }


def test_numbers_given_out_in_turn_become_their_series():
    document = {"text": "410100-2021-002 after EX-410100-20210719-001", "on": "2021-07-19"}

    assert digest.canonical(document, frozenset()) == {
        "on": "2021-07-19",
        "text": "410100-2021-* after EX-410100-20210719-*",
    }


async def test_the_probes_need_no_token_and_no_broker(toy):
    async with toy.anonymous() as anyone:
        live = await anyone.get("/livez")
        ready = await anyone.get("/readyz")
        metrics = await anyone.get("/metrics")

    assert (live.status_code, live.json()) == (200, {"live": True})
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "because": None})
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")


async def test_readiness_says_what_is_missing(toy, monkeypatch):
    async with toy.anonymous() as anyone:
        toy.app.state.draining = True
        draining = await anyone.get("/readyz")
        toy.app.state.draining = False
        with monkeypatch.context() as patch:

            def away(*_: object) -> None:
                raise ConnectionRefusedError("no such server")

            patch.setattr(type(toy.runtime.engine), "connect", away)
            away_answer = await anyone.get("/readyz")
            live = await anyone.get("/livez")
        runtime, toy.app.state.runtime = toy.app.state.runtime, None
        starting = await anyone.get("/readyz")
        toy.app.state.runtime = runtime

    assert (draining.status_code, draining.json()["because"]) == (503, "draining")
    assert away_answer.status_code == 503
    assert away_answer.json()["because"] == "database: ConnectionRefusedError"
    assert (starting.status_code, starting.json()["because"]) == (503, "starting")
    assert live.status_code == 200


async def test_a_service_whose_connections_are_all_at_work_stays_ready(toy):
    async with AsyncExitStack() as busy, toy.anonymous() as anyone:
        for _ in range(toy.runtime.engine.pool.size()):
            await busy.enter_async_context(toy.runtime.engine.connect())

        ready = await anyone.get("/readyz")

    assert ready.json() == {"ready": True, "because": None}


async def test_a_service_whose_database_is_behind_is_not_ready(toy, monkeypatch):
    from chassis import migrations

    async def behind(*_: object) -> migrations.Schema:
        return migrations.Schema.BEHIND

    monkeypatch.setattr(migrations, "state", behind)

    async with toy.anonymous() as anyone:
        answer = await anyone.get("/readyz")

    assert (answer.status_code, answer.json()["because"]) == (503, "schema is behind")


async def test_progress_counts_what_was_said_and_what_is_to_do(toy, operator):
    await play(toy)

    seen = (await operator.get("/v1/rehearsal/progress")).json()

    assert (seen["events"], seen["versions"]) == (2, {"jar": 2})
    assert (seen["unsent"], seen["timers"]) == (2, 0)
    assert seen["dueAt"] == "2026-06-01T09:00:00Z"
    toy.clock.set(START + timedelta(hours=1))
    assert (await operator.get("/v1/rehearsal/progress")).json()["timers"] == 2

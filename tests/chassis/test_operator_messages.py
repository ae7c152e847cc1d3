"""What an operator sees and does about messages, over HTTP."""

import pytest
from sqlalchemy import select

from chassis import quarantine
from chassis.errors import Quarantine
from chassis.listener import Listener
from chassis.tables.audit import RECORD
from chassis.tables.messaging import OUTBOX
from tests.chassis.toy.app import JarOpened, create_app, open_jar

ABOUT = {"service": "finder", "aggregate": "marble", "event": "found", "area": "410105"}


@pytest.fixture
async def toy(harness):
    return await harness(create_app())


@pytest.fixture
async def operator(toy):
    async with toy.client(roles=["operator"]) as client:
        yield client


@pytest.fixture
async def hopeless(toy, operator):
    """The id of a quarantined message whose body does not decode, with a parked successor."""
    event = toy.event(JarOpened(label="a"), id="mar_1", **ABOUT)
    broken = event.delivery()
    object.__setattr__(broken, "payload", b'{"label": 1}')
    listener = Listener(toy.runtime, toy.service.subscriptions[0])
    with pytest.raises(Quarantine):
        await toy_apply(listener, broken)
    await quarantine.hold(listener, broken, reason="the body does not decode")
    await toy.deliver(JarOpened(label="b"), id="mar_1", **ABOUT)
    (node,) = (await operator.get("/v1/operator/quarantine")).json()["nodes"]
    return node["id"]


async def toy_apply(listener, delivery):
    from chassis import consumer

    return await consumer.apply(listener, [delivery])


ROUTES = [
    ("GET", "/v1/operator/outbox"),
    ("POST", "/v1/operator/outbox/rewind"),
    ("GET", "/v1/operator/ledger"),
    ("GET", "/v1/operator/parked"),
    ("GET", "/v1/operator/quarantine"),
    ("POST", "/v1/operator/quarantine/qua_1/replay"),
    ("POST", "/v1/operator/quarantine/qua_1/discard"),
    ("POST", "/v1/operator/restore/finish"),
    ("GET", "/v1/operator/reconciliation"),
    ("POST", "/v1/operator/reconciliation"),
    ("POST", "/v1/operator/trace"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_only_an_operator_may(toy, method, path):
    bodies = {
        "rewind": {"firstSeq": 1, "lastSeq": 2},
        "replay": None,
        "trace": {"keys": ["evt_1"]},
    }
    body = bodies.get(path.rpartition("/")[2], {"reason": "because"})
    async with toy.client(roles=["viewer", "duty_officer"]) as client:
        answer = await client.request(method, path, json=body if method == "POST" else None)

    assert answer.status_code == 403


async def test_the_outbox_says_what_waits(toy, operator):
    await toy.run(open_jar, label="a")

    answer = (await operator.get("/v1/operator/outbox")).json()

    assert answer.pop("oldestUnsentAt") is not None
    assert answer == {"said": 1, "unsent": 1, "epoch": 0, "refusing": False}


async def test_a_rewind_selects_by_time_by_rows_or_by_aggregate(toy, operator):
    jars = [await toy.run(open_jar, label=label) for label in "abc"]
    async with toy.runtime.engine.begin() as db:
        await db.execute(OUTBOX.update().values(sent_at=OUTBOX.c.recorded_at))
    seqs = [said["seq"] for said in (await operator.get("/v1/operator/ledger")).json()["said"]]

    async def rewind(**body):
        answer = await operator.post("/v1/operator/outbox/rewind", json=body)
        return answer.status_code, answer.json().get("saidAgain", answer.json().get("slug"))

    assert await rewind(aggregate="jar", id=jars[1].id) == (200, 1)
    assert await rewind(aggregate="jar", id=jars[1].id) == (200, 0)  # it waits already
    assert await rewind(firstSeq=seqs[0], lastSeq=seqs[1]) == (200, 1)
    assert await rewind(since="2026-01-01T00:00:00Z") == (200, 1)
    for bad in ({}, {"firstSeq": 1}, {"aggregate": "jar"}, {"since": "2026-01-01T00:00:00"}):
        assert await rewind(**bad) == (422, "invalid-input")
    both = {"since": "2026-01-01T00:00:00Z", "aggregate": "jar", "id": "x"}
    assert await rewind(**both) == (422, "invalid-input")


async def test_the_ledger_balances_what_was_said_and_heard(toy, operator):
    jar = await toy.run(open_jar, label="a")
    await toy.deliver(JarOpened(label="b"), id="mar_1", **ABOUT)

    first = (await operator.get("/v1/operator/ledger")).json()
    after = {"saidAfter": first["saidAfter"], "heardAfter": first["heardAfter"]}
    rest = (await operator.get("/v1/operator/ledger", params=after)).json()

    said, because_of_the_marble = first["said"]
    (heard,) = first["heard"]
    assert (said["aggregate"], said["id"], said["version"]) == ("jar", jar.id, 1)
    assert said["streamSeq"] is None
    assert (heard["consumer"], heard["outcome"]) == ("toy-finder-marble", "APPLIED")
    assert because_of_the_marble["id"] != jar.id
    assert rest == {"said": [], "heard": [], **after}


async def test_what_is_parked_names_what_it_waits_for(toy, operator):
    await toy.deliver(JarOpened(label="b"), id="mar_1", version=3, **ABOUT)

    (node,) = (await operator.get("/v1/operator/parked")).json()["nodes"]

    assert (node["id"], node["version"], node["waitsFor"]) == ("mar_1", 3, 2)


async def test_a_message_in_quarantine_is_shown_with_its_payload_and_its_reason(operator, hopeless):
    (node,) = (await operator.get("/v1/operator/quarantine")).json()["nodes"]

    assert (node["id"], node["reason"]) == (hopeless, "the body does not decode")
    assert (node["aggregateId"], node["payload"]) == ("mar_1", '{"label": 1}')
    (parked,) = (await operator.get("/v1/operator/parked")).json()["nodes"]
    assert parked["version"] == 2


async def test_a_replay_in_vain_says_why_and_changes_nothing(operator, hopeless):
    answer = await operator.post(f"/v1/operator/quarantine/{hopeless}/replay")

    assert (answer.status_code, answer.json()["slug"]) == (409, "replay-failed")
    assert "Expected `str`" in answer.json()["detail"]
    assert len((await operator.get("/v1/operator/quarantine")).json()["nodes"]) == 1


async def test_a_discard_needs_a_reason_and_is_done_once(operator, hopeless):
    path = f"/v1/operator/quarantine/{hopeless}/discard"
    assert (await operator.post(path, json={"reason": ""})).status_code == 422

    done = await operator.post(path, json={"reason": "a typing error"})
    again = await operator.post(path, json={"reason": "a typing error"})

    assert done.json() == {"id": hopeless, "resolution": "DISCARDED"}
    assert (again.status_code, again.json()["slug"]) == (404, "quarantine-not-found")
    assert (await operator.get("/v1/operator/quarantine")).json()["nodes"] == []


async def test_there_is_no_restore_to_finish_where_nothing_was_forgotten(operator):
    answer = await operator.post("/v1/operator/restore/finish", json={"reason": "to be sure"})

    assert (answer.status_code, answer.json()["slug"]) == (409, "no-restore-to-finish")


async def test_before_anything_could_be_compared_nothing_is_claimed(operator):
    latest = await operator.get("/v1/operator/reconciliation")
    now = await operator.post("/v1/operator/reconciliation")

    assert (latest.json()["at"], latest.json()["lost"]) == (None, 0)
    assert (now.status_code, now.json()["slug"]) == (503, "cannot-reconcile")


async def test_a_trace_tells_what_was_said_and_what_became_of_what_was_heard(toy, operator):
    await toy.run(open_jar, label="a")
    await toy.deliver(JarOpened(label="b"), id="mar_1", version=1, **ABOUT)
    row = (await operator.get("/v1/operator/ledger")).json()["said"][0]
    keys = [row["id"], *(one["eventId"] for one in await inbox(operator))]

    told = (await operator.post("/v1/operator/trace", json={"keys": keys})).json()

    assert [one["eventId"] for one in told["said"]] == [row["eventId"]]
    assert told["said"][0]["storedAt"] is None
    assert [one["outcome"] for one in told["heard"]] == ["APPLIED"]


async def inbox(operator):
    return (await operator.get("/v1/operator/ledger")).json()["heard"]


async def recorded(toy):
    async with toy.runtime.reading.connect() as db:
        rows = await db.execute(select(RECORD).order_by(RECORD.c.seq))
        return [
            (row.decision, row.subject, row.role, row.action, row.object_kind, row.object_id)
            for row in rows
        ]


async def test_what_an_operator_does_and_what_others_try_is_audited(toy, operator, hopeless):
    sent = [
        ("rewind_outbox", "/v1/operator/outbox/rewind", {"aggregate": "jar", "id": "jar_1"},
         "outbox", "aggregate=jar id=jar_1"),
        ("discard_quarantined", f"/v1/operator/quarantine/{hopeless}/discard",
         {"reason": "a typing error"}, "quarantine", hopeless),
        ("set_clock", "/v1/rehearsal/clock", {"now": "2026-06-01T10:00:00Z"}, "service", "toy"),
    ]  # fmt: skip
    before = len(await recorded(toy))

    async with toy.client(roles=["viewer"], subject="eve") as eve:
        for action, path, body, _, _ in sent:
            refused = await eve.request("PUT" if "clock" in path else "POST", path, json=body)
            assert (refused.status_code, refused.json()["action"]) == (403, action)
            assert refused.json()["needs"] == "the role operator"
    for _, path, body, _, _ in sent:
        done = await operator.request("PUT" if "clock" in path else "POST", path, json=body)
        assert done.status_code == 200, done.text

    told = (await recorded(toy))[before:]
    assert [one[:4] for one in told] == [
        *[("REFUSED", "eve", None, action) for action, *_ in sent],
        *[("PERMITTED", "tester", "operator", action) for action, *_ in sent],
    ]
    assert [one[4:] for one in told] == [(kind, id) for *_, kind, id in sent] * 2


@pytest.mark.parametrize(
    ("path", "action", "object"),
    [
        ("quarantine/qua_1/replay", "replay_quarantined", ("quarantine", "qua_1")),
        ("restore/finish", "finish_restore", ("service", "toy")),
        ("timers/tick/1/retry", "retry_timer", ("timer", "tick/1")),
    ],
)
async def test_who_is_no_operator_is_recorded_before_anything_is_looked_for(
    toy, path, action, object
):
    async with toy.client(roles=["viewer", "duty_officer"], subject="eve") as eve:
        refused = await eve.post(f"/v1/operator/{path}", json={"reason": "because"})

    assert refused.status_code == 403
    assert await recorded(toy) == [("REFUSED", "eve", None, action, *object)]

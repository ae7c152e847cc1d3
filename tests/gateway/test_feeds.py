"""Feeds over a real broker and real sockets: snapshot, changes, heartbeat, resume, gap, closing codes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import websockets

from chassis.clock import Clock
from gateway import endpoint
from gateway.errors import Service
from tests.gateway import world
from tests.gateway.sockets import BOARD, DESK, eventually

DRILLS = """
subscription($code: String!) {
  jurisdiction(code: $code, mode: EXERCISE) {
    kind
    changed { __typename ... on Exercise { id state } }
  }
}
"""


async def test_a_feed_begins_with_a_snapshot_and_goes_on_with_changes(gateway, broker):
    async with gateway.following(BOARD, code="410100") as socket:
        first = await socket.next()
        await broker.signal()
        second = await socket.change()

    assert (first["kind"], first["jurisdiction"]) == ("SNAPSHOT", {"name": "郑州市"})
    assert second["kind"] == "CHANGE"
    assert second["changed"] == {"__typename": "Signal", "id": world.SIGNAL, "colour": "RED"}
    assert second["jurisdiction"] is None


async def test_a_reader_that_was_away_resumes_with_nothing_lost_or_doubled(gateway, broker):
    async with gateway.following(BOARD, code="410100") as socket:
        cursor = (await socket.next())["cursor"]
        await broker.signal()
        cursor = (await socket.change())["cursor"]
    await broker.say("plans", "activation", "raised", id=world.ACTIVATION)
    await broker.signal(area="410105")
    await eventually(
        lambda: gateway.hub.positions(["UEM_GUARANTEE"]).by_stream["UEM_GUARANTEE"].seq == 2
    )
    await eventually(lambda: gateway.hub.positions(["UEM_PLANS"]).by_stream["UEM_PLANS"].seq == 1)

    async with gateway.following(BOARD, code="410100", after=cursor) as socket:
        missed = [await socket.change(), await socket.change()]
        await broker.signal()
        after = await socket.change()

    assert sorted(one["changed"]["__typename"] for one in missed) == ["Activation", "Signal"]
    assert {one["kind"] for one in missed} == {"CHANGE"}
    assert after["changed"]["__typename"] == "Signal"


async def test_a_cursor_of_a_stream_made_anew_gets_a_gap_and_a_snapshot(gateway, broker):
    async with gateway.following(BOARD, code="410100") as socket:
        cursor = (await socket.next())["cursor"]
    created = gateway.hub.positions(["UEM_PLANS"]).by_stream["UEM_PLANS"].created
    await broker.drop_streams()
    await broker.make_streams()
    await eventually(
        lambda: gateway.hub.positions(["UEM_PLANS"]).by_stream["UEM_PLANS"].created != created
    )

    async with gateway.following(BOARD, code="410100", after=cursor) as socket:
        kinds = [(await socket.change())["kind"], (await socket.change())["kind"]]

    assert kinds == ["GAP", "SNAPSHOT"]


async def test_a_quiet_feed_says_that_it_is_live(gateway):
    async with gateway.following(BOARD, code="410100") as socket:
        await socket.next()
        assert (await socket.next())["kind"] == "HEARTBEAT"


async def test_what_is_elsewhere_or_an_exercise_is_not_told(gateway, broker):
    async with gateway.following(BOARD, code="410100") as socket:
        await socket.next()
        await broker.signal("sig_elsewhere", area="440300")
        await broker.signal("sig_exercise", mode="EXERCISE")
        await broker.signal(area="410000")
        change = await socket.change()

    assert change["changed"]["id"] == world.SIGNAL


async def test_who_follows_exercises_is_told_how_they_stand_and_nothing_real(gateway, broker):
    async with gateway.following(DRILLS, code="410100") as socket:
        await socket.next()
        await broker.signal()
        await broker.say("plans", "exercise", "started", id=world.EXERCISE, mode="EXERCISE")
        change = await socket.change()

    assert change["changed"] == {
        "__typename": "Exercise", "id": world.EXERCISE, "state": "COMPLETED",
    }  # fmt: skip


async def test_a_desk_hears_only_what_its_organization_owes(gateway, broker):
    async with gateway.following(DESK) as socket:
        await socket.next()
        await broker.say("org", "obligation", "owed", id="obl_other", owedBy=world.METRO)
        await broker.say(
            "org", "obligation", "owed", id=world.OBLIGATION, owedBy=world.FLOOD_COMMAND
        )
        change = await socket.change()

    assert change["obligation"] == {"id": world.OBLIGATION}


async def test_a_cursor_that_no_feed_gave_out_is_refused(gateway):
    async with gateway.following(BOARD, code="410100", after="nonsense") as socket:
        message = await socket.receive()

    [error] = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
    assert error["extensions"]["code"] == "CURSOR_INVALID"


async def test_a_socket_without_a_token_is_closed_4401(gateway):
    async with gateway.socket() as socket:
        with pytest.raises(websockets.ConnectionClosed):
            await socket.start(None)
        code, reason = await socket.closed()

    assert (code, reason) == (4401, "A bearer token is needed.")


async def test_a_socket_is_closed_4401_when_its_token_expires(gateway, issuer):
    expiring = issuer.token(
        roles=["viewer"], org=world.FLOOD_COMMAND, exp=Clock().wall() + timedelta(seconds=1)
    )
    async with gateway.socket() as socket:
        assert (await socket.start(expiring))["type"] == "connection_ack"
        code, reason = await socket.closed()

    assert (code, reason) == (4401, "token expired")


async def test_a_socket_with_too_many_operations_is_closed_4429(gateway):
    async with gateway.following(BOARD, code="410100") as socket:
        for number in range(endpoint.OPERATIONS_PER_SOCKET):
            await socket.subscribe(DESK, id=f"more-{number}")
        code, reason = await socket.closed()

    assert code == 4429
    assert "`jurisdiction` feed" in reason


async def test_a_service_that_is_away_leaves_its_part_of_a_message_unknown(gateway, broker):
    await gateway.services[Service.GUARANTEE].stop()
    async with gateway.following(BOARD, code="410100") as socket:
        await socket.next()
        await broker.signal()
        while (message := await socket.receive())["payload"]["data"]["jurisdiction"][
            "kind"
        ] != "CHANGE":
            pass

    assert message["payload"]["data"]["jurisdiction"]["changed"] is None
    [error] = message["payload"]["errors"]
    assert error["extensions"]["service"] == "GUARANTEE"


async def test_a_client_that_takes_nothing_is_closed_4410(monkeypatch):
    monkeypatch.setattr(endpoint, "SEND_WITHIN_S", 0.05)
    closed = asyncio.get_running_loop().create_future()

    class Stuck:
        async def send_json(self, message: Any) -> None:
            await asyncio.Event().wait()

        async def close(self, code: int, reason: str) -> None:
            closed.set_result((code, reason))

    socket = endpoint.Socket(
        view=None,  # type: ignore[arg-type]
        websocket=Stuck(),  # type: ignore[arg-type]
        context=None,  # type: ignore[arg-type]
        root_value=None,
        schema=None,  # type: ignore[arg-type]
        connection_init_wait_timeout=timedelta(seconds=1),
    )
    await socket.send_message({"type": "pong"})

    assert await asyncio.wait_for(closed, 5) == (4410, "too slow: resume with `after`")

"""Feeds over a real broker and real sockets: snapshot, changes, heartbeat, resume, gap, closing codes."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
import websockets
from nats.aio.client import Client
from websockets.asyncio.client import ClientConnection
from websockets.typing import Subprotocol

from chassis import envelope, subjects
from chassis.clock import Clock
from chassis.envelope import Envelope
from gateway import endpoint
from gateway.app import create_app
from gateway.errors import Service
from tests.gateway import world

Json = Any
DESK = "subscription($after: Cursor) { desk(after: $after) { kind cursor obligation { id } } }"
BOARD = """
subscription($code: String!, $after: Cursor) {
  jurisdiction(code: $code, after: $after) {
    kind cursor
    jurisdiction { name }
    changed { __typename ... on Signal { id colour } ... on Activation { id level } }
  }
}
"""


class Broker:
    """The streams of the services, and what they say."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._numbers = itertools.count(1)

    async def make_streams(self) -> None:
        js = self._client.jetstream()
        for service in ("org", "plans", "guarantee"):
            for mode in ("REAL", "EXERCISE"):
                name = subjects.stream(service, mode, state=False)
                root = subjects.root(mode)
                await js.add_stream(name=name, subjects=[f"{root}.{service}.>"])

    async def drop_streams(self) -> None:
        js = self._client.jetstream()
        for info in await js.streams_info():
            await js.delete_stream(str(info.config.name))

    async def say(
        self,
        service: str,
        aggregate: str,
        event: str,
        *,
        id: str,
        area: str = "410100",
        mode: str = "REAL",
        **summary: Json,
    ) -> None:
        number = next(self._numbers)
        about = Envelope(
            event_id=f"evt_{number}",
            type=envelope.event_type(service, aggregate, event, major=1),
            service=service,
            aggregate=aggregate,
            event=event,
            major=1,
            majors=(1,),
            id=id,
            area=area,
            mode=mode,
            version=number,
            previous=number - 1,
            time=Clock().now(),
            correlation_id="cor_1",
        )
        subject = subjects.build(
            service, aggregate, event=event, major=1, area=area, id=id, mode=mode
        )
        body = json.dumps({aggregate: {"id": id} | summary}).encode()
        await self._client.jetstream().publish(subject, body, headers=envelope.write(about))

    async def signal(self, id: str = world.SIGNAL, **more: Json) -> None:
        await self.say("guarantee", "signal", "issued", id=id, **more)


@pytest.fixture
async def broker(nats_url: str) -> AsyncIterator[Broker]:
    client = Client()
    await client.connect(nats_url)
    broker = Broker(client)
    await broker.drop_streams()
    await broker.make_streams()
    yield broker
    await broker.drop_streams()
    await client.close()


class Socket:
    """A frontend's socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def start(self, token: str | None) -> Json:
        payload = {} if token is None else {"authorization": f"Bearer {token}"}
        await self._send({"type": "connection_init", "payload": payload})
        return await self._receive()

    async def subscribe(self, document: str, *, id: str = "1", **variables: Json) -> None:
        payload = {"query": document, "variables": variables}
        await self._send({"type": "subscribe", "id": id, "payload": payload})

    async def next(self) -> Json:
        message = await self._receive()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        [value] = message["payload"]["data"].values()
        return value

    async def change(self) -> Json:
        """The next message that is no heartbeat."""
        while True:
            message = await self.next()
            if message["kind"] != "HEARTBEAT":
                return message

    async def closed(self) -> tuple[int, str]:
        await asyncio.wait_for(self._connection.wait_closed(), 20)
        return self._connection.close_code or 0, self._connection.close_reason or ""

    async def _send(self, message: Json) -> None:
        await self._connection.send(json.dumps(message))

    async def _receive(self) -> Json:
        return json.loads(await asyncio.wait_for(self._connection.recv(), 20))


class Served:
    """A gateway on a port, over fake services."""

    def __init__(self, url: str, services, token: str, hub) -> None:
        self.url = url
        self.services = services
        self.token = token
        self.hub = hub

    @asynccontextmanager
    async def socket(self, **more: Json) -> AsyncIterator[Socket]:
        async with websockets.connect(
            self.url, subprotocols=[Subprotocol("graphql-transport-ws")], **more
        ) as connection:
            yield Socket(connection)

    @asynccontextmanager
    async def following(self, document: str, **variables: Json) -> AsyncIterator[Socket]:
        async with self.socket() as socket:
            assert (await socket.start(self.token))["type"] == "connection_ack"
            await socket.subscribe(document, **variables)
            yield socket


@pytest.fixture
async def gateway(settings, officer, nats_url, broker) -> AsyncIterator[Served]:
    services = world.services()
    urls = {service: await fake.start() for service, fake in services.items()}
    app = create_app(replace(settings, urls=urls, nats_url=nats_url, heartbeat_s=1))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0)
    hub = app.state.endpoint.backend.hub
    await eventually(lambda: len(hub.positions(world.STREAMS).by_stream) == len(world.STREAMS))
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(f"ws://127.0.0.1:{port}/graphql", services, officer, hub)
    server.should_exit = True
    await serving
    for fake in services.values():
        await fake.stop()


async def eventually(condition) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the hub has no event for it
            await asyncio.sleep(0.01)


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
        message = await socket._receive()

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
        while (message := await socket._receive())["payload"]["data"]["jurisdiction"][
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
        async def send_json(self, message: Json) -> None:
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

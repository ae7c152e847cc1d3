"""A gateway on a port over a real broker and fake services, and the sockets that follow it."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
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
from gateway.app import create_app
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
        member = "entry" if aggregate == "log_entry" else aggregate
        body = json.dumps({member: {"id": id} | summary}).encode()
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
        return await self.receive()

    async def subscribe(self, document: str, *, id: str = "1", **variables: Json) -> None:
        payload = {"query": document, "variables": variables}
        await self._send({"type": "subscribe", "id": id, "payload": payload})

    async def next(self) -> Json:
        message = await self.receive()
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

    async def receive(self) -> Json:
        return json.loads(await asyncio.wait_for(self._connection.recv(), 20))


class Served:
    """A gateway on a port, over fake services."""

    def __init__(self, url: str, services, token: str, endpoint) -> None:
        self.url = url
        self.services = services
        self.token = token
        self.hub = endpoint.backend.hub
        self.strangers = lambda: endpoint.strangers

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
    yield Served(f"ws://127.0.0.1:{port}/graphql", services, officer, app.state.endpoint)
    server.should_exit = True
    await serving
    for fake in services.values():
        await fake.stop()


async def eventually(condition) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the hub has no event for it
            await asyncio.sleep(0.01)

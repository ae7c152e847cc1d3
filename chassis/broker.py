"""The connection of one service to NATS: made when the broker is there, kept for ever."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import nats
import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js import JetStreamContext

from chassis import ending, logging

RECONNECT_WAIT_S = 1
PING_INTERVAL_S = 10  # half-open connections are noticed in 20 s, not in the library's 4 minutes
API_TIMEOUT_S = 5.0

# Everything that can go wrong with a broker that may be back in a moment.
AWAY = (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError)

log = logging.get(__name__)


class Broker:
    """One connection under one name; `ready` waits until it stands."""

    def __init__(
        self, name: str, *, url: str, user: str | None = None, password: str | None = None
    ) -> None:
        self.name = name
        self._servers = [address.strip() for address in url.split(",")]
        self._user = user
        self._password = password
        self._client = Client()
        self._task: asyncio.Task[None] | None = None
        self._up = asyncio.Event()
        self._generation = 0

    async def start(self) -> None:
        """Begin to connect; returns at once, whether or not the broker is there."""
        self._task = asyncio.create_task(self._connect(), name=f"{self.name} broker")

    async def ready(self) -> JetStreamContext:
        """Return JetStream once the connection stands."""
        await self._up.wait()
        return self._client.jetstream(timeout=API_TIMEOUT_S)

    @property
    def is_started(self) -> bool:
        """Whether anybody wants the connection to stand."""
        return self._task is not None

    @property
    def is_connected(self) -> bool:
        """Whether the connection stands at this moment."""
        return self._client.is_connected

    @property
    def generation(self) -> int:
        """How often the connection was made; what was known of the broker holds for one of them."""
        return self._generation

    @property
    def client(self) -> Client:
        """The core NATS client; connected only after `ready`."""
        return self._client

    async def api(self, call: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the answer of a JetStream API call. Raises nats' APIError for a refusal."""
        await self.ready()
        answer = await self._client.request(
            f"$JS.API.{call}", json.dumps(body).encode(), timeout=API_TIMEOUT_S
        )
        found: dict[str, Any] = json.loads(answer.data)
        if "error" in found:
            raise nats.js.errors.APIError.from_error(found["error"])
        return found

    async def drain(self) -> None:
        """Send what is buffered: acknowledgements already given reach the broker."""
        if self._client.is_connected:
            with contextlib.suppress(*AWAY):
                await self._client.flush(timeout=2)

    async def stop(self) -> None:
        """Leave no connection and no task."""
        if self._task is not None:
            await ending.end([self._task])
            self._task = None
        with contextlib.suppress(*AWAY):
            await self._client.close()

    async def _connect(self) -> None:
        await self._client.connect(
            servers=self._servers,
            name=self.name,
            user=self._user,
            password=self._password,
            inbox_prefix=inbox_prefix(self.name).encode(),
            allow_reconnect=True,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_WAIT_S,
            ping_interval=PING_INTERVAL_S,
            max_outstanding_pings=2,
            error_cb=self._on_error,
            disconnected_cb=self._on_disconnected,
            reconnected_cb=self._on_reconnected,
        )
        log.info("broker.connected")
        self._generation += 1
        self._up.set()

    async def _on_error(self, error: Exception) -> None:
        # A refused publish is told only here: the publisher itself sees a timeout.
        log.warning("broker.error", reason=f"{type(error).__name__}: {error}")

    async def _on_disconnected(self) -> None:
        self._up.clear()
        log.warning("broker.disconnected")

    async def _on_reconnected(self) -> None:
        self._generation += 1
        self._up.set()
        log.info("broker.reconnected")


def inbox_prefix(name: str) -> str:
    """Return the prefix of the reply subjects of that user; nobody else may listen there."""
    return f"_INBOX.{name}"

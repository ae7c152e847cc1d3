"""The way from the gateway to one service: aiohttp, deadlines, fast failure, nothing leaked."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

import aiohttp
import msgspec
from opentelemetry.trace import Span, SpanKind

from chassis import telemetry
from chassis.clock import Clock
from gateway.breaker import Breaker
from gateway.errors import Refused, Service, ServiceFault, ServiceUnavailable

# JSON from outside: its shape is the service's OpenAPI, held by tests/gateway/test_contract.py.
Json: TypeAlias = Any
Row: TypeAlias = Mapping[str, Any]
Params: TypeAlias = Sequence[tuple[str, str]]

PROBE_EVERY_S = 0.5  # how often a service that is away is asked whether it is back
PROBE_WITHIN_S = 2.5  # its own probe of its database takes at most 2
RETRY_AFTER_MS = 1000
_AWAY = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long the gateway waits, in seconds."""

    connect_s: float = 0.5
    read_s: float = 3.0  # a board that waits longer is worse than one that says "unknown"
    command_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answered to a command: accepted below 400, else a problem."""

    status: int
    body: Row
    correlation_id: str | None

    @property
    def is_refusal(self) -> bool:
        """Whether the body is a problem and nothing has changed."""
        return self.status >= 400


class Upstream:
    """One service as the gateway sees it; shared by all requests of the process."""

    def __init__(
        self,
        service: Service,
        base_url: str,
        *,
        session: aiohttp.ClientSession,
        clock: Clock,
        deadlines: Deadlines,
    ) -> None:
        self.service = service
        self.breaker = Breaker(clock)
        self._base = base_url.rstrip("/")
        self._session = session
        self._deadlines = deadlines
        self._probing: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Leave no task."""
        if self._probing is not None:
            self._probing.cancel()
            with suppress(asyncio.CancelledError):
                await self._probing

    async def read(self, path: str, *, token: str | None, params: Params = ()) -> Json:
        """The JSON at `path`. Raises ServiceUnavailable, ServiceFault or Refused."""
        status, body, _ = await self._asked("GET", path, token=token, params=params)
        return self._accepted(status, body)

    async def question(self, path: str, asked: Row, *, token: str | None) -> Json:
        """The answer to a question that changes nothing but is too long for a query string."""
        status, body, _ = await self._asked("POST", path, token=token, body=asked)
        return self._accepted(status, body)

    async def batch(
        self,
        name: str,
        keys: Sequence[str],
        *,
        token: str | None,
        fields: Sequence[str] | None,
        args: Row,
    ) -> Row:
        """The value of each key by the batch read `name`; a key without one is absent or null."""
        asked = {"keys": keys, "fields": fields, "args": args}
        status, body, _ = await self._asked("POST", f"/v1/batch/{name}", token=token, body=asked)
        values: Row = self._accepted(status, body)
        return values

    async def command(
        self, method: str, path: str, body: Row, *, token: str | None, key: str
    ) -> Reply:
        """The service's answer to a command under this idempotency key, a refusal included.

        Raises ServiceUnavailable when it is not known whether the command was carried out:
        the same key may be sent again.
        """
        try:
            status, answer, headers = await self._asked(
                method, path, token=token, body=body, headers={"Idempotency-Key": key}
            )
            if status >= 500:
                self._accepted(status, answer)
        except ServiceUnavailable as away:
            message = (
                f"The {self.service.lower()} service is not answering: it is not known whether this "
                "was done. Send it again with the same idempotencyKey."
            )
            raise ServiceUnavailable(
                self.service, retry_after_ms=away.retry_after_ms, message=message
            ) from None
        return Reply(status, answer or {}, headers.get("UEM-Correlation-Id"))

    async def pass_on(
        self,
        method: str,
        path: str,
        *,
        params: Params,
        body: bytes,
        headers: Mapping[str, str],
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """What the service answers to a request that is passed on as it came.

        Raises ServiceUnavailable when it does not answer; what it says itself, it says.
        """
        return await self._exchange(
            method,
            path,
            params=params,
            body=body,
            headers=headers,
            within_s=self._deadlines.command_s,
        )

    def _accepted(self, status: int, body: Json) -> Json:
        if status in _AWAY:
            raise self._unavailable()
        if status >= 500:
            raise ServiceFault(self.service)
        if status >= 400:
            raise Refused(body if isinstance(body, dict) else {}, status=status)
        return body

    async def _asked(
        self,
        method: str,
        path: str,
        *,
        token: str | None,
        params: Params = (),
        body: Row | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Json, Mapping[str, str]]:
        """The exchange in JSON, in the caller's name."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        is_command = "Idempotency-Key" in sent
        status, raw, received = await self._exchange(
            method,
            path,
            params=params,
            body=None if body is None else msgspec.json.encode(body),
            headers=sent,
            within_s=self._deadlines.command_s if is_command else self._deadlines.read_s,
        )
        return status, self._decode(raw, status), received

    async def _exchange(
        self,
        method: str,
        path: str,
        *,
        params: Params,
        body: bytes | None,
        headers: Mapping[str, str],
        within_s: float,
    ) -> tuple[int, bytes, Mapping[str, str]]:
        if self.breaker.is_open:
            raise self._unavailable()
        sent = dict(headers)
        with self._span(method, path) as span, self._outages():
            telemetry.inject(sent)
            answer = await self._send(
                method, path, params=params, body=body, headers=sent, within_s=within_s
            )
            span.set_attribute("http.response.status_code", answer[0])
        return answer

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: Params,
        body: bytes | None,
        headers: Mapping[str, str],
        within_s: float,
    ) -> tuple[int, bytes, Mapping[str, str]]:
        timeout = aiohttp.ClientTimeout(total=within_s, sock_connect=self._deadlines.connect_s)
        for attempt in (1, 2):
            try:
                async with self._session.request(
                    method,
                    self._base + path,
                    params=params,
                    data=body,
                    headers=headers,
                    timeout=timeout,
                ) as response:
                    return response.status, await response.read(), response.headers
            except aiohttp.ServerDisconnectedError:
                # An idle connection that the service had closed. A read may be repeated, and a
                # command too: it carries its idempotency key.
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def _decode(self, raw: bytes, status: int) -> Json:
        if not raw:
            return None
        try:
            return msgspec.json.decode(raw)
        except msgspec.DecodeError:
            if status >= 400:
                return None
            raise ServiceFault(self.service) from None

    @contextmanager
    def _outages(self) -> Iterator[None]:
        try:
            yield
        except (aiohttp.ClientError, TimeoutError, OSError):
            self.breaker.failed()
            if self._probing is None or self._probing.done():
                self._probing = asyncio.create_task(self._probe(), name=f"probe {self.service}")
            # The cause names an address inside the house: it stays in the span.
            raise self._unavailable() from None
        else:
            self.breaker.answered()

    @contextmanager
    def _span(self, method: str, path: str) -> Iterator[Span]:
        service = self.service.lower()
        with telemetry.span(f"{service} {method}", kind=SpanKind.CLIENT) as span:
            span.set_attribute("http.request.method", method)
            span.set_attribute("url.path", path)
            span.set_attribute("peer.service", service)
            yield span

    async def _probe(self) -> None:
        """Ask until the service is ready: no request has to wait to find out."""
        timeout = aiohttp.ClientTimeout(total=PROBE_WITHIN_S)
        while self.breaker.down_since is not None:
            await asyncio.sleep(PROBE_EVERY_S)
            with suppress(aiohttp.ClientError, TimeoutError, OSError):
                async with self._session.get(f"{self._base}/readyz", timeout=timeout) as answer:
                    if answer.status == HTTPStatus.OK:
                        self.breaker.answered()

    def _unavailable(self) -> ServiceUnavailable:
        return ServiceUnavailable(self.service, retry_after_ms=RETRY_AFTER_MS)

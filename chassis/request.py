"""What every request passes: its trace and correlation, limits, timing, and a net for bugs."""

from __future__ import annotations

import re

from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import logging, problem, telemetry
from chassis.clock import Clock
from chassis.guard import Guard

CORRELATION = "UEM-Correlation-Id"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})
log = logging.get(__name__)


class RequestMiddleware:
    """One span, one correlation id, one answer for every HTTP request."""

    def __init__(self, app: ASGIApp, *, clock: Clock, guard: Guard) -> None:
        self._app = app
        self._clock = clock
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; whatever happens, answer."""
        if scope["type"] != "http" or scope["path"] in _QUIET:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope.setdefault("state", {})["correlation_id"] = self._correlation(
            headers.get(CORRELATION)
        )
        with telemetry.span(
            f"HTTP {scope['method']}", kind=SpanKind.SERVER, parent=telemetry.extract(headers)
        ) as span:
            answer = _Answer(send, scope["state"]["correlation_id"])
            started = self._clock.monotonic()
            await self._answered(scope, receive, answer)
            route = getattr(scope.get("route"), "path", "unmatched")
            span.update_name(f"{scope['method']} {route}")
            span.set_attribute("http.response.status_code", answer.status)
            telemetry.time_request(
                self._clock.monotonic() - started,
                method=scope["method"],
                route=route,
                status=answer.status,
            )

    async def _answered(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            async with self._guard.admitted(scope, receive) as given:
                await self._app(scope, given, answer)
        except Exception as error:  # the net under every route: nobody sees a bare 500
            if answer.status:
                raise
            refusal = problem.translate(error)
            if refusal is None:
                log.error("request_failed", error=error, path=scope["path"])
                response = problem.internal_error()
            else:
                telemetry.count_refusal(refusal.slug)
                response = problem.answer(refusal)
            await response(scope, receive, answer)

    def _correlation(self, given: str | None) -> str:
        if given is not None and _ID.match(given):
            return given
        return self._clock.new_id("cor")


class _Answer:
    """The way out: notes the status and adds the correlation id."""

    def __init__(self, send: Send, correlation_id: str) -> None:
        self._send = send
        self._correlation_id = correlation_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers.setdefault(CORRELATION, self._correlation_id)
        await self._send(message)

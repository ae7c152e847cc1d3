"""Services that answer from a table over real HTTP, so that what fails is the gateway."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Json = Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that the service got."""

    method: str
    path: str
    body: Json
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(slots=True)
class FakeService:
    """One service: batch reads, GETs and commands, as its table says."""

    batches: dict[str, dict[str, Json]] = field(default_factory=dict)
    reads: dict[str, Json] = field(default_factory=dict)
    commands: dict[str, tuple[int, Json]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    stall_s: float = 0.0
    broken: bytes | None = None
    _server: TestServer | None = None
    _port: int | None = None

    async def start(self) -> str:
        """Serve; returns the address."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._server = TestServer(app, host="127.0.0.1", port=self._port)
        await self._server.start_server()
        self._port = self._server.port
        return str(self._server.make_url("")).rstrip("/")

    async def stop(self) -> None:
        """Refuse connections from now on."""
        if self._server is not None:
            await self._server.close()

    def batches_asked(self) -> list[tuple[str, list[str], list[str] | None]]:
        """Which batch reads were asked, with keys and fields."""
        return [
            (one.path.rpartition("/")[2], one.body["keys"], one.body["fields"])
            for one in self.asked
            if "/v1/batch/" in one.path
        ]

    async def _answer(self, request: web.Request) -> web.Response:
        if request.path == "/readyz":
            return web.json_response({"ready": True}, status=503 if self.stall_s else 200)
        body = await _body(request)
        self.asked.append(
            Asked(request.method, request.path, body, dict(request.query), dict(request.headers))
        )
        if self.stall_s:
            await asyncio.sleep(self.stall_s)
        if self.broken is not None:
            return web.Response(body=self.broken, content_type="application/json")
        status, answer = self._looked_up(request, body)
        headers = {"UEM-Correlation-Id": "cor_1"} if request.method == "POST" else {}
        return web.json_response(answer, status=status, headers=headers)

    def _looked_up(self, request: web.Request, body: Json) -> tuple[int, Json]:
        if request.path.startswith("/v1/batch/"):
            name = request.path.rpartition("/")[2]
            table = self.batches.get(name)
            if table is None:
                return _not_found(request.path)
            return 200, {key: _masked(table.get(key), body["fields"]) for key in body["keys"]}
        if request.method == "GET":
            found = self.reads.get(request.path)
            return _not_found(request.path) if found is None else (200, found)
        return self.commands.get(request.path) or _not_found(request.path)


async def _body(request: web.Request) -> Json:
    if not request.can_read_body:
        return None
    return (
        await request.json() if request.content_type == "application/json" else await request.text()
    )


def problem(status: int, slug: str, **members: Json) -> tuple[int, Json]:
    """A refusal as the chassis words it."""
    title = slug.replace("-", " ").capitalize()
    return status, {"type": f"urn:uem:problem:{slug}", "slug": slug, "title": title} | members


def _not_found(path: str) -> tuple[int, Json]:
    return problem(404, "not-found", detail=f"no {path}")


def _masked(value: Json, fields: list[str] | None) -> Json:
    """What the chassis leaves of a value when only these fields were asked."""
    if fields is None or value is None:
        return value
    if isinstance(value, list):
        return [_masked(item, fields) for item in value]
    return {name: item for name, item in value.items() if name in fields or name == "id"}

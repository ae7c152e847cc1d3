"""The public edge beside GraphQL: paths that a service answers itself, passed on as they came.

Which they are, the services say in their OpenAPI (`x-uem-routed`); `make contracts` writes them
into routes.json, and nothing else of a service is reached from outside.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.errors import DomainError, Unavailable
from chassis.openapi import ROUTED
from chassis.request import CORRELATION
from gateway.errors import Service, ServiceUnavailable
from gateway.upstream import Upstream

TABLE = Path(__file__).with_name("routes.json")

# All that goes in, and all that comes out: the caller's token and what the body is.
_TOWARDS = ("authorization", "content-type", "accept", "idempotency-key", "if-none-match")
_BACK = (
    *("content-type", "retry-after", "location", "www-authenticate"),
    *("etag", "cache-control"),
)


class ServiceAway(Unavailable):
    """The service that answers this path does not answer."""

    slug = "service-unavailable"


@dataclass(frozen=True, slots=True)
class Routed:
    """One path of the public edge: which service answers it, under which path of its own.

    `largest_body` is in bytes.
    """

    method: str
    path: str
    service: Service
    target: str
    largest_body: int


def table() -> tuple[Routed, ...]:
    """Every routed path."""
    rows = json.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(Routed(**row | {"service": Service(row["service"])}) for row in rows)


def body_limits() -> Mapping[str, int]:
    """How many bytes the body of a request may have, by path."""
    return {one.path: one.largest_body for one in table()}


def rendered(documents: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of routes.json that the services' OpenAPI documents ask for."""
    rows = sorted(_rows(documents), key=lambda row: (row["path"], row["method"]))
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def install(app: Starlette) -> None:
    """The routed paths are answered by the app."""
    app.router.routes.extend(
        Route(one.path, endpoint=_passage(one), methods=[one.method], name=one.path)
        for one in table()
    )


def _rows(documents: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for service, document in documents.items():
        for target, operations in document["paths"].items():
            for method, operation in operations.items():
                if said := operation.get(ROUTED):
                    yield {
                        "method": method.upper(),
                        "path": said["path"],
                        "service": service.upper(),
                        "target": target,
                        "largest_body": said["largestBody"],
                    }


async def passed(request: Request, service: Service, target: str) -> Response:
    """Return what the service answers under its own path to the request as it came.

    Raises what is wrong with the caller's token, and ServiceAway.
    """
    unverified: DomainError | None = request.state.unverified
    if unverified is not None:  # nor does a service have to look at it, from our address
        raise unverified
    upstream: Upstream = request.app.state.upstreams[service]
    headers = {name: value for name in _TOWARDS if (value := request.headers.get(name))}
    headers[CORRELATION] = request.state.correlation_id
    try:
        status, body, received = await upstream.pass_on(
            request.method,
            target,
            params=request.query_params.multi_items(),
            body=await request.body(),
            headers=headers,
        )
    except ServiceUnavailable as away:
        raise ServiceAway(
            f"The {service.lower()} service is not answering.",
            remedy="Send it again: what was taken already is answered alike.",
            retryAfterMs=away.retry_after_ms,
        ) from None
    back = {name: value for name in _BACK if (value := received.get(name))}
    return Response(body, status_code=status, headers=back)


def _passage(one: Routed) -> Any:  # noqa: ANN401 - what Starlette takes as an endpoint
    async def passage(request: Request) -> Response:
        return await passed(request, one.service, one.target)

    return passage

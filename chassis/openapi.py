"""OpenAPI of a service: the structs that leave it appear as schemas, refusals as problem+json."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

ROUTED = "x-uem-routed"  # the extension by which a route says that outsiders reach it
SCHEMAS = "#/components/schemas/{name}"


class Problem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Why a request was refused; `slug` is stable, further members depend on it."""

    type: str
    title: str
    status: int
    slug: str
    detail: str
    field: tuple[str, ...] | None = None
    remedy: str | None = None
    trace_id: str | None = None


class Answer(dict[str, Any]):
    """One entry of FastAPI's `responses` that remembers the struct it describes."""

    def __init__(self, view: Any, description: str, media: str) -> None:  # noqa: ANN401 - any type msgspec can describe
        super().__init__(description=description)
        self.view = view
        self.media = media


def answers(view: Any, description: str = "Done.") -> dict[int | str, dict[str, Any]]:  # noqa: ANN401 - any type msgspec can describe
    """Return `responses=` of a route that answers with `view` (a struct, Page[Struct], list, …)."""
    return {
        "2XX": Answer(view, description, "application/json"),
        "4XX": Answer(Problem, "Refused; nothing has changed.", "application/problem+json"),
    }


def routed(path: str, *, largest_body: int) -> dict[str, Any]:
    """Return `openapi_extra=` of a route that the public edge passes on under `path`.

    `largest_body` is in bytes.
    """
    return {ROUTED: {"path": path, "largestBody": largest_body}}


def install(app: FastAPI) -> None:
    """Have `app.openapi()` include the schemas of every view that its routes answer with."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of `app`."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    described = [
        (document["paths"][route.path_format][method.lower()], route, status, answer)
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and route.include_in_schema
        for method in sorted(route.methods or ())
        for status, answer in route.responses.items()
        if isinstance(answer, Answer)
    ]
    views = [answer.view for *_, answer in described]
    schemas, components = msgspec.json.schema_components(views, ref_template=SCHEMAS)
    for (operation, route, status, answer), schema in zip(described, schemas, strict=True):
        _place(operation["responses"], _status(route, status), answer, schema)
    own = document.setdefault("components", {}).setdefault("schemas", {})
    document["components"]["schemas"] = dict(sorted((own | components).items()))
    return document


def _place(responses: dict[str, Any], status: str, answer: Answer, schema: dict[str, Any]) -> None:
    for placeholder in ("2XX", "200") if status.startswith("2") else ():
        responses.pop(placeholder, None)
    responses[status] = {
        "description": answer["description"],
        "content": {answer.media: {"schema": schema}},
    }


def _status(route: RouteContext, status: int | str) -> str:
    return str(route.status_code or 200) if status == "2XX" else str(status)

"""Refusals and failures as problem+json (RFC 9457), with stable slugs and never a bare 500."""

from __future__ import annotations

import http
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy import exc
from starlette.exceptions import HTTPException

from chassis import logging, telemetry
from chassis.errors import DomainError, Invalid, Kind, Unavailable

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 1
_DISK_FULL = "53100"  # PostgreSQL, appendix A, class 53
# OSErrors that no connection raises: a file of ours is missing, which is a bug
_OUR_FILES = (FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError)
_RETRY_LATER = frozenset({Kind.RATE_LIMITED.value, Kind.UNAVAILABLE.value})
_BODY_LEFT_UNREAD = frozenset({Kind.TIMEOUT.value, Kind.TOO_LARGE.value})
log = logging.get(__name__)


class StorageFull(Unavailable):
    """The database has no room for what was to be stored; nothing of it was."""

    slug = "storage-full"


def install(app: FastAPI) -> None:
    """Answer every error of `app` as problem+json."""
    app.add_exception_handler(DomainError, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid_input)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(exc.SQLAlchemyError, _on_database_error)
    app.add_exception_handler(OSError, _on_database_error)
    app.add_exception_handler(TimeoutError, _on_database_error)


def answer(error: DomainError) -> Response:
    """Return the HTTP answer for a refusal."""
    members: dict[str, Any] = {
        "detail": error.message,
        "field": list(error.field) or None,
        "remedy": error.remedy,
        **error.extra,
    }
    return _problem(error.kind.value, error.slug, members)


def internal_error() -> Response:
    """Return the answer to a bug of ours: nothing but the trace by which we find it."""
    detail = "Something failed that should not. Quote the trace id when you report it."
    return _problem(500, "internal-error", {"detail": detail})


def translate(error: BaseException) -> DomainError | None:
    """Return the refusal that a database or connection error amounts to, or null for a bug."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, exc.DBAPIError):
        return _of_sqlstate(error)
    if isinstance(error, _OUR_FILES):
        return None
    if isinstance(error, (exc.TimeoutError, exc.DisconnectionError, OSError, TimeoutError)):
        return _unavailable()
    return None


def _of_sqlstate(error: exc.DBAPIError) -> DomainError | None:
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state == _DISK_FULL:
        return StorageFull(
            "There is no room left to store this; nothing of it was stored.",
            remedy="Send the same request again, with the same Idempotency-Key, when there is room.",
        )
    if error.connection_invalidated or state[:2] in ("08", "53", "57", "40") or state == "55P03":
        return _unavailable()
    if state[:2] == "22":
        return Invalid("A value cannot be stored as it is.", remedy="Check characters and ranges.")
    if isinstance(error, exc.InterfaceError) and not state:
        return _unavailable()
    return None


def _unavailable() -> Unavailable:
    return Unavailable(
        "The service cannot reach its database in time.",
        remedy="Send the same request again, with the same Idempotency-Key.",
    )


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    log.info("refused", slug=error.slug, status=error.kind.value, path=request.url.path)
    telemetry.count_refusal(error.slug)
    return answer(error)


async def _on_database_error(request: Request, error: Exception) -> Response:
    refusal = translate(error)
    if refusal is None:
        raise error
    log.warning("database_trouble", slug=refusal.slug, error=type(error).__name__)
    return answer(refusal)


async def _on_invalid_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"field": _path(item["loc"]), "message": item["msg"], "code": item["type"]}
        for item in error.errors()
    ]
    first = errors[0] if errors else {"field": [], "message": "The input is invalid."}
    members = {"detail": first["message"], "field": first["field"] or None, "errors": errors}
    return _problem(Kind.INVALID.value, Invalid.slug, members)


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = http.HTTPStatus(error.status_code).phrase
    slug = phrase.lower().replace(" ", "-")
    response = _problem(error.status_code, slug, {"detail": str(error.detail)})
    response.headers.update(error.headers or {})
    return response


def _path(location: tuple[int | str, ...]) -> list[str]:
    return [str(part) for part in location if part not in ("body", "query", "path", "header")]


def _problem(status: int, slug: str, members: dict[str, Any]) -> Response:
    body = {
        "type": f"urn:uem:problem:{slug}",
        "title": slug.replace("-", " ").capitalize(),
        "status": status,
        "slug": slug,
        **{name: value for name, value in members.items() if value is not None},
        "traceId": telemetry.trace_id(),
    }
    content = msgspec.json.encode(body)
    return Response(
        content, status_code=status, media_type=CONTENT_TYPE, headers=_headers(status, members)
    )


def _headers(status: int, members: dict[str, Any]) -> dict[str, str] | None:
    if status in _RETRY_LATER:
        return {"Retry-After": str(members.get("retryAfterS", RETRY_AFTER_S))}
    if status in _BODY_LEFT_UNREAD:
        return {"Connection": "close"}
    return None

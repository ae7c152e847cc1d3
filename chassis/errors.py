"""Refusals: named errors with a kind and a stable slug, mapped once to HTTP by the edge."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import ClassVar

__all__ = [
    "Conflict",
    "DomainError",
    "Forbidden",
    "HeadersTooLarge",
    "Invalid",
    "Kind",
    "MediaTypeNotSupported",
    "NotFound",
    "PreconditionFailed",
    "Quarantine",
    "RateLimited",
    "RequestTimeout",
    "TooLarge",
    "Unauthenticated",
    "Unavailable",
    "VersionConflict",
    "missing",
]

from collections.abc import Sequence


class Kind(Enum):
    """What sort of refusal it is; the value is its HTTP status."""

    INVALID = 422
    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    CONFLICT = 409
    TIMEOUT = 408
    PRECONDITION = 412
    TOO_LARGE = 413
    MEDIA_TYPE = 415
    RATE_LIMITED = 429
    HEADERS_TOO_LARGE = 431
    UNAVAILABLE = 503


class DomainError(Exception):
    """A refused decision: nothing has changed, and the caller is told why.

    Subclasses set `kind` and `slug`. `field` is the path of the input at fault, `remedy` one
    sentence on what to do, `extra` further members of the problem answer (camelCase names).
    """

    kind: ClassVar[Kind] = Kind.INVALID
    slug: ClassVar[str] = "invalid-input"

    def __init__(
        self,
        message: str,
        *,
        field: Sequence[str] = (),
        remedy: str | None = None,
        **extra: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = tuple(field)
        self.remedy = remedy
        self.extra = extra


class Invalid(DomainError):
    """The input cannot be meant."""

    kind = Kind.INVALID
    slug = "invalid-input"


class Unauthenticated(DomainError):
    """Nobody, or nobody we can verify, is asking."""

    kind = Kind.UNAUTHENTICATED
    slug = "unauthenticated"


class Forbidden(DomainError):
    """The caller may not do this."""

    kind = Kind.FORBIDDEN
    slug = "forbidden"


class NotFound(DomainError):
    """The thing addressed does not exist (or is not shown to this caller)."""

    kind = Kind.NOT_FOUND
    slug = "not-found"


class Conflict(DomainError):
    """The present state does not allow it."""

    kind = Kind.CONFLICT
    slug = "conflict"


class VersionConflict(Conflict):
    """Somebody changed the aggregate since the caller read it."""

    slug = "version-conflict"


class PreconditionFailed(DomainError):
    """A condition that the caller stated does not hold."""

    kind = Kind.PRECONDITION
    slug = "precondition-failed"


class TooLarge(DomainError):
    """More than is accepted at once."""

    kind = Kind.TOO_LARGE
    slug = "too-large"


class HeadersTooLarge(DomainError):
    """More headers than are read."""

    kind = Kind.HEADERS_TOO_LARGE
    slug = "headers-too-large"


class MediaTypeNotSupported(DomainError):
    """The body comes in a form that is not read."""

    kind = Kind.MEDIA_TYPE
    slug = "media-type-not-supported"


class RequestTimeout(DomainError):
    """The request was not there in time; nothing of it was looked at."""

    kind = Kind.TIMEOUT
    slug = "request-timeout"


class RateLimited(DomainError):
    """Too much in too short a time; retry after `retryAfterS` seconds, also said as Retry-After."""

    kind = Kind.RATE_LIMITED
    slug = "rate-limited"


class Unavailable(DomainError):
    """Something this needs is away for the moment; the same request may be retried."""

    kind = Kind.UNAVAILABLE
    slug = "unavailable"


class Quarantine(Exception):
    """The message (or timer) can never be handled: set it aside with this reason."""


@cache
def _missing(name: str) -> type[NotFound]:
    return type("NotFound", (NotFound,), {"slug": f"{name.replace('_', '-')}-not-found"})


def missing(name: str, identity: str, *, field: Sequence[str] = ()) -> NotFound:
    """Return the refusal `<name>-not-found` for the aggregate of that name and id."""
    return _missing(name)(f"There is no {name.replace('_', ' ')} {identity}.", field=field)

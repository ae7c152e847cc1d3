"""The errors a client may read, each with a stable code; whatever else goes wrong is masked."""

import re
from collections.abc import Mapping
from enum import StrEnum

from graphql import GraphQLError

# Members of a problem that a refused read tells as well.
_TOLD = ("remedy", "action", "reason", "needs", "grantableBy")
_SUGGESTION = re.compile(r" Did you mean .*\?$", re.DOTALL)


class Service(StrEnum):
    """The services behind the gateway; the value is what `extensions.service` says."""

    ORG = "ORG"
    PLANS = "PLANS"
    GUARANTEE = "GUARANTEE"
    ANALYTICS = "ANALYTICS"


class GatewayError(Exception):
    """An error meant for the client: `code` is stable, the message says what to do next."""

    def __init__(self, message: str, *, code: str, **extensions: object) -> None:
        super().__init__(message)
        self.code = code
        # graphql-core copies `extensions` of an original error into the answer.
        self.extensions: Mapping[str, object] = {"code": code, **extensions}


class ServiceUnavailable(GatewayError):
    """A service did not answer; the field beside this error is unknown, not absent."""

    def __init__(self, service: Service, *, retry_after_ms: int, message: str = "") -> None:
        super().__init__(
            message or f"The {service.lower()} service is not answering; this value is unknown.",
            code="SERVICE_UNAVAILABLE",
            service=service.value,
            retryable=True,
            retryAfterMs=retry_after_ms,
        )
        self.service = service
        self.retry_after_ms = retry_after_ms


class ServiceFault(GatewayError):
    """A service answered with something it should not have; a repeat will not help."""

    def __init__(self, service: Service) -> None:
        super().__init__(
            f"The {service.lower()} service could not answer; this value is unknown.",
            code="SERVICE_FAULT",
            service=service.value,
            retryable=False,
        )


class Refused(GatewayError):
    """A service refused a read: the problem's slug, in upper snake case, is the code."""

    def __init__(self, problem: Mapping[str, object], *, status: int) -> None:
        told = {name: problem[name] for name in _TOLD if problem.get(name)}
        super().__init__(
            str(problem.get("detail") or problem.get("title") or "The request was refused."),
            code=code_of(problem, status=status),
            **told,
        )
        self.status = status


class Unauthenticated(GatewayError):
    """Nobody is asking: no token, or one that does not verify."""

    def __init__(self, message: str = "A bearer token is required.") -> None:
        super().__init__(message, code="UNAUTHENTICATED")


def code_of(problem: Mapping[str, object], *, status: int) -> str:
    """The stable code of a problem: its slug in upper snake case, else the HTTP status."""
    slug = problem.get("slug")
    return str(slug).replace("-", "_").upper() if slug else f"HTTP_{status}"


def masked(error: GraphQLError, *, trace_id: str) -> GraphQLError:
    """What the client sees of `error`: what is meant for it as it is, a bug as a trace id."""
    if not is_bug(error):
        return error
    return GraphQLError(
        f"Internal error; quote trace {trace_id} when you report it.",
        nodes=error.nodes,
        path=error.path,
        extensions={"code": "INTERNAL_ERROR", "traceId": trace_id},
    )


def forget_suggestion(error: GraphQLError) -> None:
    """Take "Did you mean …?" out of the message: it would tell the schema to who may not read it."""
    error.message = _SUGGESTION.sub("", error.message)


def is_bug(error: GraphQLError) -> bool:
    """Whether `error` came up in execution and bears no code of ours.

    Then a resolver failed, or a service answered with a value that the schema does not know.
    """
    is_ours = isinstance(error.original_error, GatewayError) or "code" in (error.extensions or {})
    return error.path is not None and not is_ours

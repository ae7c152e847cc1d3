"""What a request may weigh: body size, JSON depth, and characters that cannot be stored."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from chassis.errors import Invalid, TooLarge

LARGEST_JSON = 1024 * 1024  # bytes
DEEPEST_JSON = 32
# a string that is never closed ends with the body: matching must stay linear whatever is sent
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
_UNSTORABLE = re.compile(rb"\\u0000|\x00")
_ESCAPED_BACKSLASH = re.compile(rb"\\\\")


def limit_of(path: str, limits: Mapping[str, int]) -> int:
    """Return how many bytes the body of a request to this path may have."""
    return limits.get(path, LARGEST_JSON)


async def guarded(scope: Scope, receive: Receive, limit: int) -> Receive:
    """Return a `receive` that refuses more than `limit` bytes; a JSON body is read and checked now.

    Raises TooLarge and Invalid for a JSON body; for others TooLarge is raised while it is read.
    """
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise _too_large(limit)
    if headers.get("content-encoding", "identity") != "identity":
        raise Invalid("A compressed body is not accepted.", field=("Content-Encoding",))
    counted = _counted(receive, limit)
    if "json" not in headers.get("content-type", "") or "ndjson" in headers["content-type"]:
        return counted
    return _replayed(await _checked_json(counted), receive)


def check_json(body: bytes) -> None:
    """Pass JSON that is not nested deeper than 32 and holds no NUL. Raises Invalid."""
    if _UNSTORABLE.search(_ESCAPED_BACKSLASH.sub(b"", body)):
        raise Invalid("Text cannot hold the character U+0000.")
    if body.count(b"[") + body.count(b"{") <= DEEPEST_JSON:
        return
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEEPEST_JSON:
            raise Invalid(f"JSON may be nested {DEEPEST_JSON} deep.")


async def _checked_json(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Invalid("The body ended before its end.")
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            break
    body = b"".join(parts)
    check_json(body)
    return body


def _counted(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def count() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _too_large(limit)
        return message

    return count


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body may have {limit} bytes.", remedy="Send it in parts.", limit=limit)

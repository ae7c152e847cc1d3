"""What a request may weigh and how long its body may take, whatever it says."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from chassis.errors import (
    HeadersTooLarge,
    Invalid,
    MediaTypeNotSupported,
    RequestTimeout,
    TooLarge,
)
from chassis.json_bounds import check_json

__all__ = ["body_of", "check_headers", "check_json", "limit_of", "replayed"]

LARGEST_JSON = 1024 * 1024  # bytes, inflated
LARGEST_HEADERS = 16 * 1024  # bytes of all names and values; a token has at most 8 KiB
BODY_WITHIN_S = 10.0  # for the whole body: 4 MiB over 4 Mbit/s take 8 s
# zlib's window bits: 31 is gzip only, 15 is the zlib stream that HTTP calls deflate
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def limit_of(path: str, limits: Mapping[str, int]) -> int:
    """Return how many bytes the body of a request to this path may have."""
    return limits.get(path, LARGEST_JSON)


def check_headers(scope: Scope) -> None:
    """Pass headers of 16 KiB in all. Raises HeadersTooLarge."""
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
        raise HeadersTooLarge(f"The headers may have {LARGEST_HEADERS} bytes in all.")


async def body_of(
    scope: Scope, receive: Receive, *, limit: int, within_s: float = BODY_WITHIN_S
) -> bytes:
    """Return the body, inflated and, when it is JSON, found sound.

    `scope` then describes the body that is returned: its length, and no encoding. Raises TooLarge
    above `limit` bytes as sent or inflated, RequestTimeout when the last byte is not there after
    `within_s` seconds, MediaTypeNotSupported for other encodings than one gzip or deflate, Invalid.
    """
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise _too_large(limit)
    window = _window(headers.get("content-encoding", "identity").strip().lower())
    try:
        async with asyncio.timeout(within_s):
            body = await _received(receive, limit)
    except TimeoutError:
        raise RequestTimeout(
            f"The body was not complete after {within_s:g} s.", remedy="Send it in parts."
        ) from None
    if window is not None:
        body = _inflated(body, window, limit)
        _describe(scope, body)
    media = headers.get("content-type", "").partition(";")[0].lower()
    if "json" in media and "ndjson" not in media:
        check_json(body)
    return body


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read already, then what follows it."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _window(encoding: str) -> int | None:
    if encoding in ("", "identity"):
        return None
    if encoding not in _WINDOWS:
        raise MediaTypeNotSupported(
            "The body's encoding is not known.",
            field=("Content-Encoding",),
            remedy="Send it as it is, or encoded once as gzip or deflate.",
        )
    return _WINDOWS[encoding]


async def _received(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    seen = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Invalid("The body ended before its end.")
        part = message.get("body", b"")
        seen += len(part)
        if seen > limit:
            raise _too_large(limit)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    stream = zlib.decompressobj(wbits=window)
    try:
        # never more than one byte beyond the limit, however much is packed into the body
        found = stream.decompress(body, limit + 1)
    except zlib.error as error:
        raise Invalid("The body is not what its encoding says.") from error
    if len(found) > limit:
        raise _too_large(limit)
    if not stream.eof or stream.unused_data:
        raise Invalid("The encoded body is cut off, or followed by more.")
    return found


def _describe(scope: Scope, body: bytes) -> None:
    kept: list[Any] = [
        (name, value)
        for name, value in scope["headers"]
        if name not in (b"content-encoding", b"content-length")
    ]
    scope["headers"] = [*kept, (b"content-length", str(len(body)).encode())]


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body may have {limit} bytes.", remedy="Send it in parts.", limit=limit)

"""What a request may weigh, how long it may take, and what a JSON body may hold."""

import asyncio
import gzip
import json
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import json_bounds, limits
from chassis.errors import (
    HeadersTooLarge,
    Invalid,
    MediaTypeNotSupported,
    RequestTimeout,
    TooLarge,
)

TEXT = st.text(st.characters(exclude_characters="\x00", codec="utf-8"))
STORED = st.integers(-(2**63), 2**63 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | STORED | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=30,
)
PLAIN = [(b"content-type", b"application/json")]
PACKED = gzip.compress(b"{}", mtime=0)  # the same bytes in every process that collects tests


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((depth(item) for item in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth(item) for item in value), default=0)
    return 0


def sent(*parts: bytes, whole: bool = True):
    """A `receive` that gives the parts; unless the body is whole, the client then goes away."""
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    if whole:
        messages[-1]["more_body"] = False
    else:
        messages.append({"type": "http.disconnect"})
    waiting = iter(messages)

    async def receive():
        return next(waiting)

    return receive


async def read(*parts: bytes, encoding: bytes | None = None, limit: int = 1000, **about):
    headers = [*PLAIN, (b"content-encoding", encoding)] if encoding else PLAIN
    scope = {"type": "http", "headers": headers}
    return await limits.body_of(scope, sent(*parts, **about), limit=limit), scope


@given(value=JSON, wrapped=st.integers(0, 40), ascii_only=st.booleans())
def test_depth_is_counted_in_brackets_that_are_not_text(value, wrapped, ascii_only):
    for _ in range(wrapped):
        value = [value, '"]}[{\\']
    body = json.dumps(value, ensure_ascii=ascii_only).encode()

    if depth(value) > json_bounds.DEEPEST_JSON:
        with pytest.raises(Invalid, match="deep"):
            json_bounds.check_json(body)
    else:
        json_bounds.check_json(body)


@pytest.mark.timeout(20)  # seconds; quadratic matching would take hours
@pytest.mark.parametrize("end", [b"", b"\\"])
def test_a_text_that_never_ends_is_read_once(end):
    with pytest.raises(Invalid, match="deep"):
        json_bounds.check_json(b"[" * 33 + b'"' + b'\\"' * 200_000 + end)


@given(body=st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_body_makes_the_check_fail_itself(body):
    with suppress(Invalid):
        json_bounds.check_json(body)


@pytest.mark.parametrize(
    "text",
    [
        rb'"\u0000"',
        b'"\x00"',
        rb'"\ud800"',
        rb'"\udc00\ud800"',
        rb'"\ud800\ud83d\ude00"',
        rb'"\ud83d\\\ude00"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        "“中”".encode("utf-16"),
    ],
)
def test_text_that_no_column_holds_is_refused(text):
    with pytest.raises(Invalid):
        json_bounds.check_json(b'{"a": ' + text + b"}")


@pytest.mark.parametrize(
    "text", [rb'"\ud83d\ude00"', rb'"\\ud800"', rb'"\\u0000"', '"😀中"'.encode()]
)
def test_whole_characters_and_escaped_backslashes_pass(text):
    json_bounds.check_json(b'{"a": ' + text + b"}")


@pytest.mark.parametrize(
    "number",
    [
        *(b"1e400", b"-1E400", b"1" + b"0" * 400, b"9223372036854775808", b"-9223372036854775809"),
        *(b"NaN", b"Infinity", b"-Infinity", b"1" * 5000, b"1" * 400 + b".5"),
    ],
)
def test_a_number_that_cannot_be_stored_is_refused(number):
    with pytest.raises(Invalid):
        json_bounds.check_json(b'{"a": [' + number + b"]}")


@pytest.mark.parametrize(
    "number", [b"9223372036854775807", b"-9223372036854775808", b"1e300", b"0.12345678901234567890"]
)
def test_a_number_that_can_be_stored_passes_and_in_text_all_do(number):
    json_bounds.check_json(b'{"a": [' + number + b'], "b": "NaN 1e400 ' + b"9" * 40 + b'"}')


def test_a_text_of_more_than_half_a_mebibyte_is_refused():
    with pytest.raises(Invalid, match="text"):
        json_bounds.check_json(b'["' + b"a" * (json_bounds.LONGEST_TEXT + 1) + b'"]')


@pytest.mark.parametrize(
    ("encoding", "pack"), [(b"gzip", gzip.compress), (b"deflate", zlib.compress)]
)
async def test_a_packed_body_is_read_and_described_as_what_it_is(encoding, pack):
    body, scope = await read(pack(b'{"label": "x"}'), encoding=encoding)

    assert body == b'{"label": "x"}'
    assert dict(scope["headers"]) == {**dict(PLAIN), b"content-length": b"14"}


@pytest.mark.parametrize(
    ("encoding", "pack"), [(b"gzip", gzip.compress), (b"deflate", zlib.compress)]
)
async def test_what_is_packed_is_bounded_by_what_comes_out(encoding, pack):
    bomb = pack(bytes(50_000_000))  # some 50 KiB

    with pytest.raises(TooLarge):
        await read(bomb, encoding=encoding, limit=100_000)


@pytest.mark.parametrize(
    "packed",
    [b"\x1f\x8b", b"no gzip", PACKED[:-3], PACKED + b"more"],
)
async def test_a_packed_body_that_is_broken_is_refused(packed):
    with pytest.raises(Invalid):
        await read(packed, encoding=b"gzip")


async def test_other_encodings_and_several_are_refused_as_not_known():
    for encoding in (b"br", b"zstd", b"gzip, gzip"):
        with pytest.raises(MediaTypeNotSupported):
            await read(b"{}", encoding=encoding)


async def test_a_body_is_counted_while_it_comes():
    with pytest.raises(TooLarge):
        await read(b"x" * 600, b"x" * 600)


async def test_a_body_that_breaks_off_is_not_taken_for_whole():
    with pytest.raises(Invalid, match="ended before its end"):
        await read(b'{"label": "x"}', whole=False)


async def test_a_body_has_one_deadline_however_it_drips():
    loop = asyncio.get_running_loop()

    async def drip():
        waiting = loop.create_future()
        loop.call_later(0.002, waiting.set_result, None)
        await waiting
        return {"type": "http.request", "body": b"x", "more_body": True}

    with pytest.raises(RequestTimeout):
        await limits.body_of({"headers": PLAIN}, drip, limit=10**6, within_s=0.02)


def test_headers_are_bounded_in_all():
    fits = [(b"a", b"x" * 8000), (b"b", b"x" * 8000)]
    limits.check_headers({"headers": fits})

    with pytest.raises(HeadersTooLarge):
        limits.check_headers({"headers": [*fits, (b"c", b"x" * 400)]})

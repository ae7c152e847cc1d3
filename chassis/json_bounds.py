"""What a JSON body may hold: its depth, its texts' length and characters, the range of its numbers."""

from __future__ import annotations

import math
import re

from chassis.errors import Invalid

DEEPEST_JSON = 32
LONGEST_TEXT = 512 * 1024  # bytes as sent; the outline of a province has some 400 KiB
LEAST_NUMBER, LARGEST_NUMBER = -(2**63), 2**63 - 1  # what a column or a contract can hold
_LONGEST_INTEGER = 20  # digits of the least of them, and its sign
# a string that is never closed ends with the body: matching must stay linear whatever is sent
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
_ESCAPED_BACKSLASH = re.compile(rb"\\\\")
_NUL = re.compile(rb"\\u0000|\x00")
_PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_NOT_A_NUMBER = re.compile(rb"NaN|Infinity")
_UNUSUAL = re.compile(rb"[0-9]{19}|[0-9][eE]")
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")


def check_json(body: bytes) -> None:
    """Pass JSON that every part of the house can hold.

    It is UTF-8, nested at most 32 deep, without U+0000 and unpaired surrogates, its texts at most
    512 KiB each, its whole numbers of 64 bits, its others finite. Raises Invalid. Whether it is
    JSON at all is for its reader to say.
    """
    _check_characters(body)
    if len(body) > LONGEST_TEXT:
        _check_texts(body)
    if _may_be_deep(body) or _NOT_A_NUMBER.search(body) or _UNUSUAL.search(body):
        bare = _STRING.sub(b'""', body)  # what is left is not text
        _check_depth(bare)
        _check_numbers(bare)


def _check_characters(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise Invalid("JSON is sent in UTF-8.") from error
    if b"\\u" not in body and b"\x00" not in body:
        return
    escapes = _ESCAPED_BACKSLASH.sub(b"__", body)
    if _NUL.search(escapes):
        raise Invalid("Text cannot hold the character U+0000.")
    if _SURROGATE.search(_PAIR.sub(b"", escapes)):
        raise Invalid("Half of a surrogate pair is no character.")


def _check_texts(body: bytes) -> None:
    if max((len(text) for text in _STRING.findall(body)), default=0) > LONGEST_TEXT:
        raise Invalid(f"A text may have {LONGEST_TEXT} bytes.")


def _may_be_deep(body: bytes) -> bool:
    return body.count(b"[") + body.count(b"{") > DEEPEST_JSON


def _check_depth(bare: bytes) -> None:
    depth = 0
    for bracket in _BRACKETS.findall(bare):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEEPEST_JSON:
            raise Invalid(f"JSON may be nested {DEEPEST_JSON} deep.")


def _check_numbers(bare: bytes) -> None:
    if _NOT_A_NUMBER.search(bare):
        raise Invalid("NaN and Infinity are no numbers of JSON.")
    if not _UNUSUAL.search(bare):
        return
    for number in _NUMBER.findall(bare):
        if not _can_be_held(number):
            raise Invalid("A number is beyond what can be stored: 64 bits, or a finite fraction.")


def _can_be_held(number: bytes) -> bool:
    if number.lstrip(b"-").isdigit():
        return len(number) <= _LONGEST_INTEGER and (LEAST_NUMBER <= int(number) <= LARGEST_NUMBER)
    return math.isfinite(float(number))

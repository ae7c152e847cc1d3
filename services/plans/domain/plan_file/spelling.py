"""Expressions as people write them who know another language: what CEL would say badly, said well."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slip:
    """One misspelling: where in the expression, what it is, and the expression put right."""

    offset: int
    message: str
    remedy: str


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_SLIPS = (
    (re.compile(r"≥"), ">=", "CEL writes ≥ as >="),
    (re.compile(r"≤"), "<=", "CEL writes ≤ as <="),
    (re.compile(r"≠|<>"), "!=", "CEL writes ≠ as !="),
    (re.compile(r"[＞＜＝（）]"), None, "full-width signs are not CEL"),
    (re.compile(r"(?<![<>=!])=>"), ">=", "CEL writes => as >="),
    (re.compile(r"(?<![<>=!])=<"), "<=", "CEL writes =< as <="),
    (re.compile(r"(?<![<>=!])=(?![=<>])"), "==", "one = compares nothing"),
    (re.compile(r"\b(?:and|AND)\b|(?<!&)&(?!&)"), "&&", "CEL joins with &&"),
    (re.compile(r"\b(?:or|OR)\b|(?<!\|)\|(?!\|)"), "||", "CEL joins with ||"),
    (re.compile(r"\b(?:not|NOT)\b\s*"), "!", "CEL denies with !"),
    (re.compile(r"\d+(?:\.\d+)?\s*%(?!\s*[\w(])"), None, "a share is a number from 0 to 1"),
    (re.compile(r"(?<![\w.])\.\d+"), None, "a fraction begins with a digit"),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), "", "a number has no thousands sign"),
)
_QUOTED_NUMBER = re.compile(r"(?<=[<>=])\s*(?P<quote>['\"])(?P<number>-?\d+(?:\.\d+)?)(?P=quote)")
_ASKS_NULL = re.compile(r"\s*[!=]=\s*null\b")
_WIDE = str.maketrans("＞＜＝（）", "><=()")


def slips(text: str) -> Iterator[Slip]:
    """Every misspelling of the expression; what stands in quotes is left alone."""
    searched = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), text)
    for pattern, right, message in _SLIPS:
        hit = pattern.search(searched)
        if hit is not None:
            yield Slip(hit.start(), f"{message}.", f"Write `{_righted(text, hit, right)}`.")
    for hit in _QUOTED_NUMBER.finditer(text):
        right = f" {hit['number']}"
        yield Slip(
            hit.start(), "A number in quotes is text.", f"Write `{_righted(text, hit, right)}`."
        )
    for hit in _ASKS_NULL.finditer(text):
        yield Slip(
            hit.start(),
            "A value that is not known makes the condition undetermined by itself.",
            "Leave the test out.",
        )


def _righted(text: str, hit: re.Match[str], right: str | None) -> str:
    if right is None:
        right = _as_number(hit.group())
    return text[: hit.start()] + right + text[hit.end() :]


def _as_number(written: str) -> str:
    if "%" in written:
        return f"{float(written.rstrip('% ')) / 100:g}"
    if written.startswith("."):
        return f"0{written}"
    return written.translate(_WIDE)

"""A district's draft made of a superior's plan: its text with what belongs to the superior replaced."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.plans.domain.plan_file import source

_BETWEEN = r"(?:[ \t]*(?:#[^\n]*)?\n)*"  # blank lines and comments, if more of the value follows
_MORE = r"(?:[ \t]+[^\s#][^\n]*|-(?:[ \t][^\n]*)?)(?:\n|\Z)"
Renamed = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Deriver:
    """Whose plan it is to be: its id and version, the division, who issues it."""

    plan_id: str
    plan_version: str
    jurisdiction: str
    organization: str


def derived(text: str, wanted: Deriver, *, of: str, version_id: str, renamed: Renamed) -> str:
    """The text for a division below: the superior set, its risks left out for their own to be written.

    `of` and `version_id` name the superior's plan and its version, `renamed` the divisions' names
    in titles. Comments and everything else stay as they were written.
    """
    data = source.read(text).data
    title = {lang: _renamed(words, renamed) for lang, words in data["title"].items()}
    values: dict[str, Any] = {
        "id": wanted.plan_id,
        "version": wanted.plan_version,
        "title": title,
        "jurisdiction": wanted.jurisdiction,
        "organization": wanted.organization,
        "superiors": [of],
        "source": f"derived from {version_id}",
    }
    if text.lstrip().startswith("{"):
        kept = {name: value for name, value in data.items() if name != "risks"}
        return json.dumps(kept | values, ensure_ascii=False, indent=2, default=str) + "\n"
    return _rewritten(text, values)


def derived_id(plan_id: str, *, of: str, jurisdiction: str) -> str:
    """The id for a division below: its code in the place of the superior's, flood-410105."""
    if of in plan_id.split("-"):
        return "-".join(jurisdiction if part == of else part for part in plan_id.split("-"))
    return f"{plan_id}-{jurisdiction}"


def _rewritten(text: str, values: Mapping[str, Any]) -> str:
    written = _without(text, "risks")
    for key, value in values.items():
        line = f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
        written = _put(written, key, line)
    return written


def _put(text: str, key: str, line: str) -> str:
    """The key says the line, wherever it stood; one that was not there follows the organization."""
    found = _block(key).search(text)
    if found is not None:
        return text[: found.start()] + line + _without(text[found.end() :], key)
    after = _block("organization").search(text)
    assert after is not None, "every plan names its organization"
    return text[: after.end()] + line + text[after.end() :]


def _without(text: str, key: str) -> str:
    return _block(key).sub("", text)


def _block(key: str) -> re.Pattern[str]:
    """A key of the outermost mapping with its value, up to the comments before the next."""
    first = rf"^[\"']?{key}[\"']?[ \t]*:[^\n]*(?:\n|\Z)"
    return re.compile(rf"{first}(?:{_BETWEEN}{_MORE})*", re.MULTILINE)


def _renamed(words: str, renamed: Renamed) -> str:
    for before, after in renamed:
        words = words.replace(before, after)
    return words

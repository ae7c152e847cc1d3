"""What the words of a plan leave open: nobody named, no time that ends, or a person instead of a post."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import yaml

from services.plans.domain.plan_file.source import Fault, Path, Position, Severity, Source

WORDING_FILE = FilePath(__file__).parents[2] / "data" / "wording.yaml"
_HAN = "\u4e00-\u9fff"
_UNSEARCHED = frozenset({"source", "id", "version", "when", "quantity"})  # citations, names, rules


@dataclass(frozen=True, slots=True)
class Wording:
    """The compiled word lists."""

    actors: re.Pattern[str]
    times: re.Pattern[str]
    people: re.Pattern[str]
    verbs_zh: re.Pattern[str]
    verbs_en: re.Pattern[str]


@cache
def wording() -> Wording:
    """The word lists of `data/wording.yaml`."""
    said = yaml.safe_load(WORDING_FILE.read_text(encoding="utf-8"))
    name = rf"[{said['surnames']}](?:(?![市县区省局部委])[{_HAN}]){{1,2}}"
    people = (
        *said["phones"],
        rf"(?:{said['contact_zh']}|{said['titles_zh']})\s*[:：]\s*{name}",
        rf"(?:(?<![{_HAN}])|(?<=[由请向经让报给和与及])){name}(?:{said['titles_zh']})",
        rf"(?-i:\b(?:{said['titles_en']})\.? [A-Z][a-z]+)",
        rf"\b(?:{said['contact_en']})\s*[:：]\s*(?-i:[A-Z][a-z]+)",
    )
    return Wording(
        actors=_any(said["actors"]),
        times=_any(said["times"]),
        people=_any(people),
        verbs_zh=re.compile(said["verbs"]["zh"]),
        verbs_en=re.compile(rf"^(?:{said['verbs']['en']})\b", re.IGNORECASE),
    )


def faults(read: Source) -> Iterator[Fault]:
    """Every text that leaves open who or when, or names a person; and risks that nobody wrote down."""
    for path, text in texts(read.data):
        yield from _of_text(read, path, text)
    if read.data.get("superiors") and not read.data.get("risks"):
        yield _risks_not_named(read)


def texts(part: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 - plain values
    """Every text of the file that a person reads, with its path."""
    match part:
        case str():
            yield path, part
        case dict():
            for key, value in part.items():
                if key not in _UNSEARCHED:
                    yield from texts(value, (*path, key))
        case list():
            for index, value in enumerate(part):
                yield from texts(value, (*path, index))


def has_verb(zh: str, en: str) -> bool:
    """Whether both names of a step say what is done."""
    said = wording()
    return bool(said.verbs_zh.search(zh) and said.verbs_en.search(en))


def names_nobody(text: str) -> bool:
    """Whether the text leaves open who is meant."""
    return wording().actors.search(text) is not None


def time_in_words(text: str) -> str | None:
    """The word of the text that stands for a time and cannot be measured, if any."""
    hit = wording().times.search(text)
    return hit.group() if hit else None


def actor_not_named(at: Position, text: str) -> Fault:
    """Mistake 21: relevant departments are nobody."""
    return Fault(
        "actor-not-named",
        at,
        f"`{text}` names nobody.",
        "Name the function that does it; the roster knows who holds it.",
    )


def _risks_not_named(read: Source) -> Fault:
    """Mistake 23: what a plan below another one is for is what its superior cannot know."""
    return Fault(
        "risks-not-named",
        read.at(("superiors",)),
        "the plan stands below another one and names no risk of its own.",
        "Write under `risks` what is at risk here in particular: places, groups, plants.",
        Severity.WARNING,
    )


def _of_text(read: Source, path: Path, text: str) -> Iterator[Fault]:
    said = wording()
    if hit := said.actors.search(text):
        yield actor_not_named(_at(read, path, hit), hit.group())
    if hit := said.people.search(text):
        yield Fault(
            "person-in-plan",
            _at(read, path, hit),
            f"`{hit.group()}` is a person or a telephone number.",
            "Name the post or the function: the roster knows the person, and changes without the plan.",
        )
    if hit := said.times.search(text):
        yield Fault(
            "time-not-measurable",
            _at(read, path, hit),
            f"`{hit.group()}` cannot be measured; what counts is the limit in minutes.",
            "Say by when, or leave the word out.",
            Severity.WARNING,
        )


def _at(read: Source, path: Path, hit: re.Match[str]) -> Position:
    return read.inside(path, hit.start())


def _any(patterns: Any) -> re.Pattern[str]:  # noqa: ANN401 - what the file holds
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)

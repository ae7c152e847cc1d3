"""Subjects: the one place that builds, parses and names what travels on the broker."""

from __future__ import annotations

import re
from dataclasses import dataclass

LIVE_ROOT = "uem"
EXERCISE_ROOT = "uemx"
LIVE_MODE = "REAL"

_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_AREA = re.compile(r"([0-9]{6}([0-9]{3}([0-9]{3})?)?)?")
_MAJOR = re.compile(r"v[1-9][0-9]*")
_LENGTH = 10  # root, service, aggregate, event, major, four of the area, id


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Where one event is said: `<root>.<service>.<aggregate>.<event>.v<major>.<area>.<id>`."""

    root: str
    service: str
    aggregate: str
    event: str
    major: int
    area: tuple[str, str, str, str]
    id: str

    def __str__(self) -> str:
        return ".".join(
            (
                self.root,
                self.service,
                self.aggregate,
                self.event,
                f"v{self.major}",
                *self.area,
                self.id,
            )
        )


def area_tokens(code: str) -> tuple[str, str, str, str]:
    """Return the four area tokens of a 6-, 9- or 12-digit code: digits 2/2/2/3, zeros where absent.

    An empty code is everywhere. Raises ValueError for anything else, wildcards above all.
    """
    if not _AREA.fullmatch(code):
        raise ValueError(f"area {code!r} is not 6, 9 or 12 digits")
    digits = code.ljust(9, "0")
    return digits[0:2], digits[2:4], digits[4:6], digits[6:9]


def build(
    service: str, aggregate: str, *, event: str, major: int, area: str, id: str, mode: str
) -> str:
    """Return the subject of an event. Raises ValueError for a token outside `[A-Za-z0-9_-]`."""
    for name, value in (("service", service), ("aggregate", aggregate), ("event", event)):
        _expect_token(name, value)
    _expect_token("id", id)
    subject = Subject(
        root=root(mode),
        service=service,
        aggregate=aggregate,
        event=event,
        major=major,
        area=area_tokens(area),
        id=id,
    )
    return str(subject)


def parse(subject: str) -> Subject:
    """Return the parts of a subject that `build` made. Raises ValueError for any other."""
    tokens = subject.split(".")
    if len(tokens) != _LENGTH or not all(_TOKEN.fullmatch(token) for token in tokens):
        raise ValueError(f"{subject!r} is no event subject")
    if tokens[0] not in (LIVE_ROOT, EXERCISE_ROOT) or not _MAJOR.fullmatch(tokens[4]):
        raise ValueError(f"{subject!r} is no event subject")
    area = (tokens[5], tokens[6], tokens[7], tokens[8])
    if area_tokens("".join(area)) != area:
        raise ValueError(f"{subject!r} has no area")
    return Subject(
        root=tokens[0],
        service=tokens[1],
        aggregate=tokens[2],
        event=tokens[3],
        major=int(tokens[4][1:]),
        area=area,
        id=tokens[9],
    )


def root(mode: str) -> str:
    """Return the first token for a mode: exercises never share a subject with the real."""
    return LIVE_ROOT if mode == LIVE_MODE else EXERCISE_ROOT


def wildcard(service: str, aggregate: str, *, root: str) -> str:
    """Return the filter of everything said of an aggregate; "*" means of every aggregate."""
    _expect_token("service", service)
    if aggregate == "*":
        return f"{root}.{service}.>"
    _expect_token("aggregate", aggregate)
    return f"{root}.{service}.{aggregate}.>"


def stream(service: str, mode: str, *, state: bool) -> str:
    """Return the name of the stream that holds what `service` says."""
    if state:
        return state_stream(service)
    return live_stream(service) if mode == LIVE_MODE else exercise_stream(service)


def live_stream(service: str) -> str:
    """Return the name of the stream of real events."""
    return f"UEM_{service.upper()}"


def exercise_stream(service: str) -> str:
    """Return the name of the stream of exercises."""
    return f"UEMX_{service.upper()}"


def state_stream(service: str) -> str:
    """Return the name of the stream that keeps the last full state of each reference aggregate."""
    return f"UEM_{service.upper()}_STATE"


def _expect_token(name: str, value: str) -> None:
    if not _TOKEN.fullmatch(value):
        raise ValueError(f"{name} {value!r} is not made of letters, digits, '_' and '-'")

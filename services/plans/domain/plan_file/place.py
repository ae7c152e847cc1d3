"""Where in a plan file a part stands that is named by its place: level, part, id, member."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.plans.domain.plan_file import source
from services.plans.domain.plan_file.source import Path, Position

_NAMES = ("level", "id", "code")  # by which an entry of a list is known


def position_of(text: str, place: Sequence[str]) -> Position:
    """The line and column of the part, or of the nearest part around it that is written there.

    A level names itself (`LEVEL_II`), any other entry of a list its id or code. Raises
    `Unreadable` when the text is no plan file.
    """
    read = source.read(text)
    named = ("levels", *place) if place and _is_level(read.data, place[0]) else tuple(place)
    path: Path = ()
    part: Any = read.data
    for name in named:
        step, part = _into(part, name)
        if step is None:
            break
        path = (*path, step)
    return read.at(path)


def _is_level(data: Mapping[str, Any], name: str) -> bool:
    return any(one["level"] == name for one in data["levels"])


def _into(part: Any, name: str) -> tuple[str | int | None, Any]:  # noqa: ANN401 - plain values
    """The key or number under which the part has what is named so, and what it has there."""
    if isinstance(part, dict) and name in part:
        return name, part[name]
    if isinstance(part, list):
        for number, one in enumerate(part):
            known = [one.get(key) for key in _NAMES] if isinstance(one, dict) else [one]
            if name in known:
                return number, one
    return None, None

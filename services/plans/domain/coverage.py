"""How much of a plan's area signals and early warnings cover: share of its people and of its ground."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.plans.domain.jurisdiction import Jurisdiction
from services.plans.domain.signal import Status
from vocabulary import WarningColour, is_within


class Announcement(Protocol):
    """What signals and early warnings have in common."""

    @property
    def id(self) -> str: ...  # noqa: D102 - the name says it
    @property
    def colour(self) -> WarningColour: ...  # noqa: D102
    @property
    def emergency_type(self) -> str: ...  # noqa: D102
    @property
    def status(self) -> Status: ...  # noqa: D102
    @property
    def areas(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def supersedes(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def superseded_by(self) -> str | None: ...  # noqa: D102
    @property
    def as_of(self) -> datetime: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares 0-1 of one area; None when a population or ground that it takes is unknown."""

    population: float | None
    area: float | None
    divisions_covered: int
    divisions: int
    unknown: tuple[str, ...] = ()


def standing(announced: Sequence[Announcement]) -> list[Announcement]:
    """Those that stand, whatever the order in which issue and supersession were heard.

    One that is superseded stands until its successor is known; a successor that is known has
    taken the place of what it names, heard or not.
    """
    known = {one.id for one in announced}
    replaced = {old for one in announced for old in one.supersedes}
    return [
        one
        for one in announced
        if (one.status is Status.ACTIVE and one.id not in replaced)
        or (one.status is Status.SUPERSEDED and one.superseded_by not in known)
    ]


def cover(area: str, covered: Iterable[str], jurisdictions: Sequence[Jurisdiction]) -> Coverage:
    """What the wholly covered divisions make up of `area`, counted once where they overlap."""
    codes = set(covered)
    children = [one.id for one in jurisdictions if one.parent == area]
    reached = sum(any(is_within(child, code) for code in codes) for child in children)
    if _is_whole(area, codes, reached=reached, children=len(children)):
        return Coverage(1.0, 1.0, len(children), len(children))
    inside = _outermost(code for code in codes if is_within(code, area))
    known = {one.id: one for one in jurisdictions}
    return Coverage(
        _share(area, inside, lambda code: _people(known.get(code))),
        _share(area, inside, lambda code: _ground(known.get(code))),
        reached,
        len(children),
        tuple(sorted(code for code in inside | {area} if code not in known)) if inside else (),
    )


def _is_whole(area: str, codes: set[str], *, reached: int, children: int) -> bool:
    every_child = children > 0 and reached == children
    return every_child or any(is_within(area, code) for code in codes)


def _outermost(codes: Iterable[str]) -> set[str]:
    found = set(codes)
    return {
        code
        for code in found
        if not any(other != code and is_within(code, other) for other in found)
    }


def _share(area: str, inside: set[str], size: Callable[[str], float | None]) -> float | None:
    if not inside:
        return 0.0
    whole, parts = size(area), [size(code) for code in inside]
    known = [part for part in parts if part is not None]
    if not whole or len(known) < len(parts):
        return None
    return min(1.0, sum(known) / whole)


def _people(one: Jurisdiction | None) -> float | None:
    return one.population if one else None


def _ground(one: Jurisdiction | None) -> float | None:
    return one.area_km2 if one else None

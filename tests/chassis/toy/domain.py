"""Jars: pure decisions."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict


class Colour(StrEnum):
    GREEN = "GREEN"
    BLUE = "BLUE"


class JarFull(Conflict):
    """The jar holds as many marbles as it can."""

    slug = "jar-full"


@dataclass(frozen=True, slots=True)
class Jar:
    id: str
    label: str
    capacity: int
    marbles: int = 0
    colour: Colour | None = None
    opened_at: datetime | None = None
    notes: tuple[str, ...] = ()
    area: str = "410100"
    owners: tuple[str, ...] = ()
    sealed: bool = False
    opened_by: str | None = None
    version: int = 0


def put(jar: Jar, count: int) -> Jar:
    if jar.marbles + count > jar.capacity:
        raise JarFull(f"{jar.label} holds {jar.capacity}.", field=("count",), capacity=jar.capacity)
    return replace(jar, marbles=jar.marbles + count)

"""Plays entries through the public interfaces, stepping business time and waiting on conditions."""

import heapq
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from uem.demo.city import City
from uem.demo.scenario import Entry

Tell = Callable[[datetime, str], None]


@dataclass(order=True, frozen=True, slots=True)
class Action:
    """Something that somebody does at `at`; those of one instant happen in the order `turn`."""

    at: datetime
    turn: int
    what: str = field(compare=False)
    do: Callable[[], Awaitable[None]] = field(compare=False)


class Actors(Protocol):
    """Who reacts to what the system says."""

    async def look(
        self, now: datetime
    ) -> list[tuple[datetime, str, Callable[[], Awaitable[None]]]]:
        """What they will do because of what they have been told since the last look."""


class Player:
    """One run of one list of entries in one rehearsal deployment."""

    def __init__(self, city: City, actors: Actors, *, put: "Put", tell: Tell) -> None:
        self._city = city
        self._actors = actors
        self._put = put
        self._tell = tell
        self._agenda: list[Action] = []
        self._turn = 0
        self._due: datetime | None = None  # the earliest timer, as of the last rest

    async def play(self, entries: Sequence[Entry], *, start: datetime, until: datetime) -> None:
        """Every entry was put in at its time, every timer fell due, everybody acted, up to `until`."""
        await self._city.set_clock(start)
        for entry in entries:
            self._plan(
                entry.at,
                f"{entry.kind} {_name(entry)}".strip(),
                self._put_in(entry),
            )
        await self._react()
        while (at := self._next()) is not None and at <= until:
            await self._city.set_clock(at)
            if self._falls_due(at):
                await self._react()
            await self._act(at)
        await self._city.set_clock(until)
        await self._react()

    async def _act(self, at: datetime) -> None:
        due = []
        while self._agenda and self._agenda[0].at <= at:
            due.append(heapq.heappop(self._agenda))
        for action in due:
            self._tell(at, action.what)
            await action.do()
        if due:
            await self._react()

    async def _react(self) -> None:
        """What was caused has happened, and everybody has looked at it."""
        self._due = await self._city.settle()
        now = self._city.now
        assert now is not None
        for at, what, do in await self._actors.look(now):
            self._plan(max(at, now), what, do)

    def _falls_due(self, at: datetime) -> bool:
        """Whether a timer fires at `at`; where none does, nothing happens by itself."""
        return self._due is not None and self._due <= at

    def _next(self) -> datetime | None:
        planned = self._agenda[0].at if self._agenda else None
        known = [at for at in (self._due, planned) if at is not None]
        return min(known, default=None)

    def _plan(self, at: datetime, what: str, do: Callable[[], Awaitable[None]]) -> None:
        self._turn += 1
        heapq.heappush(self._agenda, Action(at, self._turn, what, do))

    def _put_in(self, entry: Entry) -> Callable[[], Awaitable[None]]:
        async def put() -> None:
            if (remark := await self._put(self._city, entry)) is not None:
                self._tell(entry.at, remark)

        return put


def _name(entry: Entry) -> str:
    """What tells the entry from others of its kind."""
    data = entry.data
    if entry.kind == "figures":
        told = ", ".join(f"{name} {value:g}" for name, value in data["facts"].items())
        return f"of {data['says']}: {told}"
    if entry.kind == "observation":
        return f"{data['metric']} {data['value']:g} at {data['station']}"
    return str(data.get("identifier", ""))


Put = Callable[[City, Entry], Awaitable[str | None]]

"""One schedule's clock, chance, actors and trace: the same plan always runs the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeAlias

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
STEPS = 260  # scheduling points while faults are injected
MOST_STEPS = 30_000  # afterwards; what has not drained by then never will

# None: ready; a number: not before that instant; a function: when it says so.
Point: TypeAlias = float | Callable[[], bool] | None
Actor: TypeAlias = Generator[Point, None, Any]


class Broken(AssertionError):
    """An invariant does not hold; the first word names it."""


class Away(Exception):
    """The database or the broker did not answer; nobody knows what it did."""


class Killed(Exception):
    """The process that handles this message ends."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What determines a schedule. `without`: the faults, by number, that are not injected."""

    seed: int
    number: int
    steps: int = STEPS
    without: frozenset[int] = frozenset()
    writes: int = 1000


@dataclass(slots=True)
class Running:
    """An actor of a process, and what it waits for."""

    name: str
    process: str
    actor: Actor
    point: Point = None
    asleep_until: float = 0.0


@dataclass
class World:
    """Everything random comes from `chance`, all time from `now` (seconds)."""

    plan: Plan
    now: float = 0.0
    calm: bool = False
    faults: Counter[str] = field(default_factory=Counter)
    trace: list[tuple[float, str]] = field(default_factory=list)
    running: list[Running] = field(default_factory=list)
    made: dict[str, Callable[[], Actor]] = field(default_factory=dict)
    steps: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(f"{self.plan.seed}:{self.plan.number}")
        self._fault_number = 0
        self.rates: dict[str, float] = {}

    def instant(self) -> datetime:
        """The world's time as the chassis sees it."""
        return BEGIN + timedelta(seconds=self.now)

    def tell(self, what: str) -> None:
        """Put a line into the trace."""
        self.trace.append((self.now, what))

    def strikes(self, kind: str) -> bool:
        """Whether this fault happens here and now."""
        if self.calm or self.chance.random() >= self.rates.get(kind, 0.0):
            return False
        self._fault_number += 1
        if self._fault_number in self.plan.without:
            return False
        self.faults[kind] += 1
        self.tell(f"FAULT {self._fault_number} {kind}")
        return True

    @property
    def kinds(self) -> Counter[str]:
        """How many faults of each kind struck."""
        return self.faults

    @property
    def fault_numbers(self) -> range:
        """The numbers of the faults that were due."""
        return range(1, self._fault_number + 1)

    def add(self, name: str, process: str, make: Callable[[], Actor]) -> None:
        """Have an actor run, and run anew whenever its process was killed."""
        self.made[name] = make
        self.running.append(Running(name, process, make()))

    def kill(self, process: str) -> None:
        """End every actor of the process where it stands, and start it again from nothing."""
        for one in self.running:
            if one.process == process:
                one.actor.close()
                one.actor, one.point = self.made[one.name](), self.now + 0.5
        self.tell(f"killed {process}")

    def ready(self) -> list[Running]:
        """The actors that may go on now."""
        now, calm = self.now, self.calm
        found = []
        for one in self.running:
            point = one.point
            if one.asleep_until > now and not calm:
                continue
            if point is None or (point <= now if isinstance(point, float) else point()):
                found.append(one)
        return found

    def step(self, one: Running) -> None:
        """Let the actor go on to its next scheduling point."""
        self.steps += 1
        try:
            one.point = next(one.actor)
        except Killed:
            self.kill(one.process)

    def pass_time(self) -> bool:
        """Go on to the next instant at which somebody has something to do; False when never."""
        instants = [one.point for one in self.running if isinstance(one.point, float)]
        later = [at for at in instants if at > self.now]
        if not self.calm:
            later += [one.asleep_until for one in self.running if one.asleep_until > self.now]
        if not later:
            return False
        self.now = min(later)
        return True

"""What the relay may publish next: aggregates side by side, each one event after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Row:
    """One unsent row of the outbox."""

    seq: int
    event_id: str
    aggregate: str
    aggregate_id: str
    version: int
    previous: int
    stream: str
    subject: str
    headers: dict[str, str]
    payload: bytes

    @property
    def key(self) -> tuple[str, str]:
        """The aggregate that it belongs to."""
        return self.aggregate, self.aggregate_id


@dataclass(slots=True)
class _Chain:
    rows: deque[Row] = field(default_factory=deque)
    failures: int = 0


class Chains:
    """Bookkeeping without I/O; at most `window` in flight, and never two of one aggregate.

    After a failure the row stays the head of its chain: nothing of that aggregate overtakes it.
    """

    def __init__(self, *, window: int) -> None:
        self._window = window
        self._chains: dict[tuple[str, str], _Chain] = {}
        self._ready: deque[tuple[str, str]] = deque()
        self._paused: dict[tuple[str, str], float] = {}
        self._known: set[int] = set()
        self._in_flight = 0

    @property
    def known(self) -> set[int]:
        """The rows that are waiting or in flight."""
        return self._known

    @property
    def in_flight(self) -> int:
        """How many publications are under way."""
        return self._in_flight

    def add(self, rows: Iterable[Row]) -> None:
        """Queue rows, given in their order, behind those of the same aggregate; known ones once."""
        for row in rows:
            if row.seq in self._known:
                continue
            self._known.add(row.seq)
            chain = self._chains.get(row.key)
            if chain is None:
                chain = self._chains[row.key] = _Chain()
                self._ready.append(row.key)
            chain.rows.append(row)

    def start(self, now: float) -> list[Row]:
        """Return the rows to publish now; each is in flight until `sent` or `failed` is told."""
        for key in [key for key, until in self._paused.items() if until <= now]:
            del self._paused[key]
            self._ready.append(key)
        started = []
        while self._ready and self._in_flight < self._window:
            started.append(self._chains[self._ready.popleft()].rows[0])
            self._in_flight += 1
        return started

    def sent(self, row: Row) -> None:
        """Note that the broker has it: the next one of its aggregate may follow."""
        self._in_flight -= 1
        self._known.discard(row.seq)
        chain = self._chains[row.key]
        chain.rows.popleft()
        chain.failures = 0
        if chain.rows:
            self._ready.append(row.key)
        else:
            del self._chains[row.key]

    def failed(self, row: Row, now: float) -> None:
        """Note that the outcome is unknown or bad: the same row again after a growing pause."""
        self._in_flight -= 1
        chain = self._chains[row.key]
        chain.failures += 1
        pause = FIRST_PAUSE_S * 2.0 ** min(chain.failures - 1, 16)
        self._paused[row.key] = now + min(pause, LONGEST_PAUSE_S)

    def next_retry(self) -> float | None:
        """Return when the earliest pause ends."""
        return min(self._paused.values(), default=None)

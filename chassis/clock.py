"""Time and ids: the only module that reads the clock or draws randomness."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Business time that follows the wall."""

    def __init__(self) -> None:
        self._last_stamp = (0, 0)

    def now(self) -> datetime:
        """Return business time, aware UTC."""
        return self.wall()

    def wall(self) -> datetime:
        """Return the machine's time, aware UTC; for tokens, retries and latency."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock

    def monotonic(self) -> float:
        """Return seconds on a scale that never goes back; only differences mean anything."""
        return time.monotonic()

    def set(self, instant: datetime) -> None:
        """Refuse: only a rehearsal's clock can be set. Raises RuntimeError."""
        raise RuntimeError("the clock of a production deployment cannot be set")

    def new_id(self, prefix: str) -> str:
        """Return `<prefix>_` and 32 hex digits (UUIDv7 of business time), never given before.

        Ids made by one clock within the same millisecond sort in the order of their making.
        """
        return f"{prefix}_{self._uuid7():032x}"

    def _uuid7(self) -> int:
        milliseconds = int(self.now().timestamp() * 1000)
        last, counter = self._last_stamp
        counter = (counter + 1) & 0xFFF if milliseconds == last else 0
        self._last_stamp = (milliseconds, counter)
        return (
            (milliseconds & 0xFFFF_FFFF_FFFF) << 80
            | 0x7 << 76
            | counter << 64
            | 0b10 << 62
            | secrets.randbits(62)
        )


class RehearsalClock(Clock):
    """Business time that stands still once it was set, and never goes back from there.

    Until it is set for the first time it follows the wall.
    """

    def __init__(self, instant: datetime | None) -> None:
        super().__init__()
        self._instant = None if instant is None else aware(instant)

    def now(self) -> datetime:
        """Return the instant last set."""
        return self.wall() if self._instant is None else self._instant

    def set(self, instant: datetime) -> None:
        """Make `instant` the business time. Raises ValueError when it is before the one last set."""
        if self._instant is not None and aware(instant) < self._instant:
            raise ValueError(f"business time is {self._instant.isoformat()} and cannot go back")
        self._instant = aware(instant)


def aware(instant: datetime) -> datetime:
    """Return `instant` in UTC. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs its offset: {instant.isoformat()}")
    return instant.astimezone(UTC)


def backoff(attempt: int, *, first: timedelta, cap: timedelta) -> timedelta:
    """Return the wait before retry number `attempt` (from 1): doubling, at most `cap`, jittered.

    The jitter takes up to a quarter off, so that replicas do not return in step.
    """
    full = min(cap, first * float(2 ** min(attempt - 1, 30)))
    return full * (1 - secrets.randbelow(1000) / 4000)

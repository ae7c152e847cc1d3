"""When to stop asking a service that does not answer, and since when it has not."""

from dataclasses import dataclass, field
from datetime import datetime

from chassis.clock import Clock

FAILURES = 3  # in a row before calls fail fast: one lost connection is not an outage
COOL_S = 1.0  # until one call may try again; a restarted service is found within this time


@dataclass(slots=True)
class Breaker:
    """Closed while the service answers; open, it lets one call through each `COOL_S` seconds."""

    clock: Clock
    down_since: datetime | None = None
    _failures: int = 0
    _open_until: float = field(default=0.0)

    def blocked_ms(self) -> int | None:
        """Milliseconds until a call may try again; None lets this call through, as the probe."""
        if self._failures < FAILURES:
            return None
        left = self._open_until - self.clock.monotonic()
        if left > 0:
            return max(1, round(left * 1000))
        self._open_until = self.clock.monotonic() + COOL_S
        return None

    def failed(self) -> None:
        """Count a call that got no answer; the first of a row dates the outage."""
        self._failures += 1
        self._open_until = self.clock.monotonic() + COOL_S
        self.down_since = self.down_since or self.clock.wall()

    def answered(self) -> None:
        """Count a call that got any answer: the service is there."""
        self._failures = 0
        self.down_since = None

"""When to stop asking a service that does not answer, and since when it has not."""

from dataclasses import dataclass
from datetime import datetime

from chassis.clock import Clock

FAILURES = 3  # in a row before calls fail fast: one lost connection is not an outage


@dataclass(slots=True)
class Breaker:
    """Open after some calls in a row without answer, until the service answers again."""

    clock: Clock
    down_since: datetime | None = None
    _failures: int = 0

    @property
    def is_open(self) -> bool:
        """Whether calls fail at once: no request waits for a service that is known to be away."""
        return self._failures >= FAILURES

    def failed(self) -> None:
        """Count a call that got no answer; the first of a row dates the outage."""
        self._failures += 1
        self.down_since = self.down_since or self.clock.wall()

    def answered(self) -> None:
        """Count a call that got any answer: the service is there."""
        self._failures = 0
        self.down_since = None

"""Our copy of an incident: its grade and the figures that plans decide on."""

from dataclasses import dataclass
from datetime import datetime

from vocabulary import Figure, Grade, Mode, Place

_OVER = frozenset({"CLOSED", "FALSE_ALARM", "MERGED"})


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as org last said it; `as_of` is when. `figures` holds one value a metric.

    `occurred_at` is when it happened, None while nobody has said. A `sealed` one is there for
    whoever is cleared, and for nobody else.
    """

    id: str
    number: str
    title: str
    mode: Mode
    emergency_type: str
    status: str
    grade: Grade | None
    grade_rule: str | None
    jurisdiction: str
    place: Place | None
    figures: tuple[Figure, ...]
    declared_at: datetime
    closed_at: datetime | None
    as_of: datetime
    exercise_id: str | None = None
    version: int = 0
    sealed: bool = False
    occurred_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether its facts still bear on plans."""
        return self.status not in _OVER

"""Our copy of an indicator: the newest reading of one figure in one jurisdiction."""

from dataclasses import dataclass
from datetime import datetime

from vocabulary import Mode


@dataclass(frozen=True, slots=True)
class Reading:
    """What analytics measured, true at `as_of` (event time); value None is unknown since then."""

    id: str
    indicator: str
    jurisdiction: str
    mode: Mode
    value: float | None
    unit: str
    quality: float | None
    as_of: datetime
    recorded_at: datetime
    exercise_id: str | None = None
    version: int = 0


def reading_id(
    indicator: str, jurisdiction: str, mode: Mode, *, exercise_id: str | None = None
) -> str:
    """The one id under which the newest reading is kept."""
    return f"{exercise_id or mode}/{jurisdiction}/{indicator}"


def is_newer(reading: Reading, kept: Reading | None) -> bool:
    """Whether `reading` takes the place of what is kept: late, older ones do not."""
    return kept is None or reading.as_of >= kept.as_of

"""Our copy of a signal: what a specialist agency issued for an area, and whether it still stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vocabulary import Mode, WarningColour


class Status(StrEnum):
    """How a signal or an early warning stands."""

    ACTIVE = "ACTIVE"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal as guarantee last said it. `areas` are the divisions that it covers wholly.

    `superseded_by` names the signal that takes its place, which may not have been heard yet.
    """

    id: str
    mode: Mode
    emergency_type: str
    colour: WarningColour
    status: Status
    jurisdiction: str
    areas: tuple[str, ...]
    sent_at: datetime
    as_of: datetime
    supersedes: tuple[str, ...] = ()
    superseded_by: str | None = None
    exercise_id: str | None = None
    version: int = 0

    @property
    def reach(self) -> tuple[str, ...]:
        """The divisions that it speaks of: those covered wholly, else the one that contains it."""
        return self.areas or (self.jurisdiction,)

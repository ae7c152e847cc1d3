"""Our copy of an early warning: what a government announced, and whether it still stands."""

from dataclasses import dataclass
from datetime import datetime

from services.plans.domain.signal import Status
from vocabulary import Mode, WarningColour


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """An early warning as guarantee last said it; a draft or a rejected one never comes here."""

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

"""A copied incident: where it is and whether it still runs."""

from dataclasses import dataclass

from vocabulary import Mode, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What guarantee keeps of an incident; a `sealed` one only the cleared see."""

    id: str
    mode: Mode
    status: str
    jurisdiction: str
    place: Place | None = None
    sealed: bool = False
    version: int = 0

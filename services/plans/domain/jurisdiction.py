"""Our copy of a jurisdiction: whose people and ground the shares of a signal are counted in."""

from dataclasses import dataclass
from datetime import datetime

from vocabulary import JurisdictionState


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """An administrative division as org last said it; `as_of` is when. None is unknown."""

    id: str
    name_zh: str
    name_en: str
    parent: str | None
    population: int | None
    area_km2: float | None
    state: JurisdictionState | None
    as_of: datetime
    version: int = 0

    @property
    def code(self) -> str:
        """Its GB/T 2260 code."""
        return self.id

    @property
    def size(self) -> tuple[int | None, float | None]:
        """Its people and its ground in km²."""
        return self.population, self.area_km2

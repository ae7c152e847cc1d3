"""Rules as versioned data: what colour a CAP message has, which emergency it names, how dispatch weighs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from vocabulary import WarningColour


class Versioned(Protocol):
    """A rule that says since when it holds."""

    @property
    def effective_from(self) -> date:
        """First day on which it holds (UTC)."""


R = TypeVar("R", bound=Versioned)


class NoRuleInForce(LookupError):
    """The data hold no version for that day: an error of the data, not of a caller."""


def in_force(versions: tuple[R, ...], at: datetime) -> R:
    """Return the newest version that holds at that instant. Raises NoRuleInForce."""
    live = [one for one in versions if one.effective_from <= at.date()]
    if not live:
        raise NoRuleInForce(f"no version of the rule is in force on {at.date()}")
    return max(live, key=lambda one: one.effective_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourRow:
    """One line of the table; None stands for any value."""

    urgency: str | None
    severity: str
    certainty: str | None
    colour: WarningColour


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourRule:
    """Where a CAP message carries its colour, and what its urgency, severity and certainty mean otherwise."""

    id: str
    version: str
    effective_from: date
    source: str
    value_names: frozenset[str]
    words: Mapping[str, WarningColour]
    table: tuple[ColourRow, ...]
    written: Mapping[WarningColour, tuple[str, str, str]]  # urgency, severity, certainty of ours

    @property
    def name(self) -> str:
        """Id and version, as decisions cite them."""
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyTypeRule:
    """Which GB/T 35561 code a CAP message means, by code, by the words of its event, by its category."""

    id: str
    version: str
    effective_from: date
    source: str
    value_names: frozenset[str]
    area_names: frozenset[str]
    words: Mapping[str, str]
    categories: Mapping[str, str]
    written: Mapping[str, str]  # code prefix → CAP category of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One rung of mobilisation, nearest first, with what it rests on."""

    code: str
    name_zh: str
    name_en: str
    legal_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRule:
    """The mobilisation tiers in the order in which they are climbed."""

    id: str
    version: str
    effective_from: date
    source: str
    tiers: tuple[Tier, ...]

    def after(self, code: str) -> str | None:
        """Return the tier to climb to from `code`, or None from the last."""
        codes = [tier.code for tier in self.tiers]
        following = codes[codes.index(code) + 1 :]
        return following[0] if following else None

    def rank(self, code: str) -> int:
        """Return how far out the tier is, 0 for own forces."""
        return [tier.code for tier in self.tiers].index(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """Cover that should stay in every district: priced, so that need elsewhere can still take it."""

    capability: str
    unit: str
    quantity: int
    price_minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchRule:
    """How dispatch estimates travel and weighs what it cannot meet."""

    id: str
    version: str
    effective_from: date
    source: str
    circuity: float
    turnout_minutes: float
    speed_km_h: tuple[float, ...]  # by local hour of day, 24 values
    unknown_travel_minutes: float
    unmet_minutes: float  # of travel that one unit not met weighs, before severity
    solver_timeout_s: float
    reserves: tuple[Reserve, ...] = ()

    @property
    def name(self) -> str:
        """Id and version, as decisions cite them."""
        return f"{self.id}@{self.version}"

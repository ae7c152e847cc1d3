"""Rules that a government could change, as data: for a division and all below it, between two dates, with a source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Protocol, TypeVar

from services.plans.domain.plan_file.source import CHINA
from vocabulary import NATION, area


class RuleDataInvalid(ValueError):
    """A rule file does not say what a rule file must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which rule in which version, where and from when until when (exclusive), and who says so."""

    id: str
    version: str
    jurisdiction: str
    effective_from: datetime
    effective_to: datetime | None
    source: str

    @property
    def name(self) -> str:
        """How records cite it: `plan-cycles-national@2024.1`."""
        return f"{self.id}@{self.version}"

    def is_in_force(self, at: datetime) -> bool:
        """Whether the edition holds at `at`."""
        return self.effective_from <= at and (self.effective_to is None or at < self.effective_to)


class Rule(Protocol):
    """Anything that comes in editions."""

    @property
    def edition(self) -> Edition:
        """Which, where and when."""


R = TypeVar("R", bound=Rule)


def nearest(rules: Iterable[R], jurisdiction: str, at: datetime) -> list[R]:
    """The rules that hold there at `at`: those of the nearest division first, then the newest."""
    live = [rule for rule in rules if rule.edition.is_in_force(at)]
    found: list[R] = []
    for code in area.chain(jurisdiction):
        here = [rule for rule in live if area.chain(rule.edition.jurisdiction)[0] == code]
        found += sorted(here, key=lambda rule: rule.edition.effective_from, reverse=True)
    return found


def next_change(rules: Iterable[R], jurisdiction: str, after: datetime) -> datetime | None:
    """The first instant after `after` at which other rules hold there, None when none is known."""
    chain = area.chain(jurisdiction)
    edges = [
        edge
        for rule in rules
        if area.chain(rule.edition.jurisdiction)[0] in chain
        for edge in (rule.edition.effective_from, rule.edition.effective_to)
        if edge is not None and edge > after
    ]
    return min(edges, default=None)


def read_edition(raw: Mapping[str, Any]) -> Edition:
    """The head of a rule file. Raises KeyError, TypeError and ValueError."""
    ends = raw.get("effective_to")
    return Edition(
        id=raw["id"],
        version=str(raw["version"]),
        jurisdiction=str(raw.get("jurisdiction", NATION)),
        effective_from=_midnight(raw["effective_from"]),
        effective_to=_midnight(ends) if ends else None,
        source=raw["source"],
    )


def _midnight(day: date) -> datetime:
    """The instant at which the day begins in the country's civil time."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)

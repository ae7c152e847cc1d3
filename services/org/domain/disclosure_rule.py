"""Times within which the public is told of a grave emergency, as versioned data (GUAR-6, LINK-2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.org.domain.jurisdiction import NATION, lineage
from services.org.domain.limit import RuleDataInvalid, civil_midnight, is_in_force
from vocabulary import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureTimes:
    """Minutes from the declaration until the first bulletin and the press conference (None: not owed)."""

    grade: Grade
    bulletin_minutes: int
    press_conference_minutes: int | None
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRule:
    """A version of the times for a jurisdiction and all below it, in force between two instants."""

    id: str
    version: str
    jurisdiction: str
    effective_from: datetime
    effective_to: datetime | None
    source: str
    times: tuple[DisclosureTimes, ...]


def disclosure_times(
    rules: Iterable[DisclosureRule], grade: Grade | None, *, jurisdiction: str, at: datetime
) -> DisclosureTimes | None:
    """The times for that grade by the nearest jurisdiction's latest rule; None: none are owed."""
    live = [one for one in rules if is_in_force(one.effective_from, one.effective_to, at)]
    for code in lineage(jurisdiction):
        here = [one for one in live if one.jurisdiction == code]
        if here:
            rule = max(here, key=lambda one: one.effective_from)
            return next((one for one in rule.times if one.grade is grade), None)
    return None


def parse_disclosure_rule(raw: Mapping[str, Any]) -> DisclosureRule:
    """Read one rule file. Raises RuleDataInvalid naming what is wrong."""
    try:
        name = f"{raw['id']}@{raw['version']}"
        return DisclosureRule(
            id=raw["id"],
            version=str(raw["version"]),
            jurisdiction=str(raw.get("jurisdiction", NATION)),
            effective_from=civil_midnight(raw["effective_from"]),
            effective_to=civil_midnight(raw["effective_to"]) if raw.get("effective_to") else None,
            source=raw["source"],
            times=tuple(
                DisclosureTimes(
                    grade=Grade[one["grade"]],
                    bulletin_minutes=int(one["bulletin_minutes"]),
                    press_conference_minutes=one.get("press_conference_minutes"),
                    rule=name,
                )
                for one in raw["times"]
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleDataInvalid(f"disclosure rule {raw.get('id')!r}: {error!r}") from error

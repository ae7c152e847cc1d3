"""Times within which an organization answers another, as versioned data (ORG-7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.org.domain.coordination_request import Urgency
from services.org.domain.jurisdiction import NATION, lineage
from services.org.domain.limit import (
    LimitMissing,
    RuleDataInvalid,
    civil_midnight,
    is_in_force,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinationTimes:
    """Minutes from the request until it is acknowledged and answered, from the escalation until directed."""

    urgency: Urgency
    acknowledge_minutes: int
    answer_minutes: int
    direct_minutes: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinationRule:
    """A version of the times for a jurisdiction and all below it, in force between two instants."""

    id: str
    version: str
    jurisdiction: str
    effective_from: datetime
    effective_to: datetime | None
    source: str
    times: tuple[CoordinationTimes, ...]


def coordination_times(
    rules: Iterable[CoordinationRule], urgency: Urgency, *, jurisdiction: str, at: datetime
) -> CoordinationTimes:
    """The times of the nearest jurisdiction's latest rule in force at `at`. Raises LimitMissing."""
    live = [one for one in rules if is_in_force(one.effective_from, one.effective_to, at)]
    for code in lineage(jurisdiction):
        here = [one for one in live if one.jurisdiction == code]
        if here:
            rule = max(here, key=lambda one: one.effective_from)
            return next(one for one in rule.times if one.urgency is urgency)
    raise LimitMissing(f"no times of coordination in {jurisdiction} at {at.isoformat()}")


def parse_coordination_rule(raw: Mapping[str, Any]) -> CoordinationRule:
    """Read one rule file. Raises RuleDataInvalid naming what is wrong."""
    try:
        name = f"{raw['id']}@{raw['version']}"
        rule = CoordinationRule(
            id=raw["id"],
            version=str(raw["version"]),
            jurisdiction=str(raw.get("jurisdiction", NATION)),
            effective_from=civil_midnight(raw["effective_from"]),
            effective_to=civil_midnight(raw["effective_to"]) if raw.get("effective_to") else None,
            source=raw["source"],
            times=tuple(
                CoordinationTimes(
                    urgency=Urgency(one["urgency"]),
                    acknowledge_minutes=int(one["acknowledge_minutes"]),
                    answer_minutes=int(one["answer_minutes"]),
                    direct_minutes=int(one["direct_minutes"]),
                    rule=name,
                )
                for one in raw["times"]
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleDataInvalid(f"coordination rule {raw.get('id')!r}: {error!r}") from error
    if {one.urgency for one in rule.times} != set(Urgency):
        raise RuleDataInvalid(f"coordination rule {rule.id}: not every urgency has its times")
    return rule

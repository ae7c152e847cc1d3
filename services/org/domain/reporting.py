"""Times within which is reported upward, as versioned data: by emergency type and grade (ORG-4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.org.domain.jurisdiction import NATION, lineage
from services.org.domain.limit import RuleDataInvalid, civil_midnight, is_in_force
from vocabulary import Grade, matches


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingTimes:
    """Minutes for one grade; `grade` None applies to any grade, and where there is none.

    The call (None: none is owed) and the written report count from the declaration, a follow-up
    from the report before it, the final report from the end of the incident. A follow-up is drafted
    and told of `ahead_minutes` before it is due.
    """

    grade: Grade | None
    phone_minutes: int | None
    written_minutes: int
    follow_up_minutes: int
    final_minutes: int
    ahead_minutes: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingRule:
    """A version of the times for a jurisdiction and all below it, in force between two instants."""

    id: str
    version: str
    jurisdiction: str
    emergency_types: tuple[str, ...]
    effective_from: datetime
    effective_to: datetime | None
    source: str
    times: tuple[ReportingTimes, ...]


def reporting_times(
    rules: Iterable[ReportingRule],
    emergency_type: str,
    *,
    grade: Grade | None,
    jurisdiction: str,
    at: datetime,
) -> ReportingTimes | None:
    """The times of the rule in force at `at`; None where no rule names the type.

    The nearest jurisdiction goes first, then the narrowest type, then the latest version; within a
    rule an entry of that grade goes before one for any.
    """
    live = [
        rule
        for rule in rules
        if is_in_force(rule.effective_from, rule.effective_to, at)
        and any(matches(emergency_type, prefix) for prefix in rule.emergency_types)
    ]
    for code in lineage(jurisdiction):
        here = [rule for rule in live if rule.jurisdiction == code]
        if here:
            rule = max(here, key=lambda one: (_narrow(one, emergency_type), one.effective_from))
            return _times(rule, grade)
    return None


def parse_reporting_rule(raw: Mapping[str, Any]) -> ReportingRule:
    """Read one rule file. Raises RuleDataInvalid naming what is wrong."""
    try:
        name = f"{raw['id']}@{raw['version']}"
        rule = ReportingRule(
            id=raw["id"],
            version=str(raw["version"]),
            jurisdiction=str(raw.get("jurisdiction", NATION)),
            emergency_types=tuple(raw["emergency_types"]),
            effective_from=civil_midnight(raw["effective_from"]),
            effective_to=civil_midnight(raw["effective_to"]) if raw.get("effective_to") else None,
            source=raw["source"],
            times=tuple(_parse_times(one, raw, rule=name) for one in raw["times"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleDataInvalid(f"reporting rule {raw.get('id')!r}: {error!r}") from error
    if not any(one.grade is None for one in rule.times):
        raise RuleDataInvalid(f"reporting rule {rule.id}: no times for an incident without a grade")
    return rule


def _parse_times(raw: Mapping[str, Any], whole: Mapping[str, Any], *, rule: str) -> ReportingTimes:
    times = ReportingTimes(
        grade=Grade[raw["grade"]] if "grade" in raw else None,
        phone_minutes=raw.get("phone_minutes"),
        written_minutes=int(raw["written_minutes"]),
        follow_up_minutes=int(raw["follow_up_minutes"]),
        final_minutes=int(raw["final_minutes"]),
        ahead_minutes=int(whole["ahead_minutes"]),
        rule=rule,
    )
    if times.ahead_minutes > times.follow_up_minutes:
        raise ValueError("a follow-up is drafted after the report before it")
    if (times.phone_minutes or 0) > times.written_minutes:
        raise ValueError("the call comes before the written report")
    return times


def _times(rule: ReportingRule, grade: Grade | None) -> ReportingTimes:
    exact = [one for one in rule.times if one.grade is not None and one.grade is grade]
    general = [one for one in rule.times if one.grade is None]
    return (*exact, *general)[0]


def _narrow(rule: ReportingRule, emergency_type: str) -> int:
    return max(len(one) for one in rule.emergency_types if matches(emergency_type, one))

"""Grades of incidents by versioned rule data: criteria per emergency type, with source and effective dates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.org.domain.figure import Fact
from services.org.domain.jurisdiction import NATION, lineage
from services.org.domain.limit import RuleDataInvalid, civil_midnight, is_in_force
from vocabulary import Grade, matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """Met when the known values of `metrics` together reach `at_least`; never when all are unknown."""

    metrics: tuple[str, ...]
    at_least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingRule:
    """A version of the criteria of some emergency types in a jurisdiction; `grades` most severe first."""

    id: str
    version: str
    jurisdiction: str
    emergency_types: tuple[str, ...]
    effective_from: datetime
    effective_to: datetime | None
    source: str
    grades: tuple[tuple[Grade, tuple[Criterion, ...]], ...]

    @property
    def name(self) -> str:
        """Id and version, as events cite it."""
        return f"{self.id}@{self.version}"

    @property
    def metrics(self) -> set[str]:
        """Every metric that it looks at."""
        return {metric for _, criteria in self.grades for one in criteria for metric in one.metrics}


def grading_rule(
    rules: Iterable[GradingRule], emergency_type: str, *, jurisdiction: str, at: datetime
) -> GradingRule | None:
    """The rule in force at `at`: nearest jurisdiction, narrowest type, latest version; None: not graded."""
    live = [
        rule
        for rule in rules
        if is_in_force(rule.effective_from, rule.effective_to, at)
        and any(matches(emergency_type, prefix) for prefix in rule.emergency_types)
    ]
    for code in lineage(jurisdiction):
        here = [rule for rule in live if rule.jurisdiction == code]
        if here:
            return max(here, key=lambda rule: (_narrow(rule, emergency_type), rule.effective_from))
    return None


def grade(
    rule: GradingRule | None, figures: Mapping[str, Fact]
) -> tuple[Grade | None, tuple[Fact, ...]]:
    """The most severe grade with a criterion met by the known figures, and the figures looked at.

    None without a rule and while nothing that the rule asks for is known: unknown is not common.
    """
    if rule is None:
        return None, ()
    inputs = tuple(figures[name] for name in sorted(rule.metrics) if name in figures)
    for one, criteria in rule.grades:
        if any(_is_met(criterion, figures) for criterion in criteria):
            return one, inputs
    return None, inputs


def is_graver(one: Grade | None, before: Grade | None) -> bool:
    """Whether the grade is more severe than the one before; any is, when there was none."""
    if one is None:
        return False
    return before is None or one.severity > before.severity


def parse_grading_rule(raw: Mapping[str, Any]) -> GradingRule:
    """Read one rule file. Raises RuleDataInvalid naming what is wrong."""
    try:
        return GradingRule(
            id=raw["id"],
            version=str(raw["version"]),
            jurisdiction=str(raw.get("jurisdiction", NATION)),
            emergency_types=tuple(raw["emergency_types"]),
            effective_from=civil_midnight(raw["effective_from"]),
            effective_to=civil_midnight(raw["effective_to"]) if raw.get("effective_to") else None,
            source=raw["source"],
            grades=tuple(
                (one, tuple(_parse_criterion(each) for each in raw["grades"][one.value]))
                for one in Grade
                if one.value in raw["grades"]
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleDataInvalid(f"grading rule {raw.get('id')!r}: {error!r}") from error


def _parse_criterion(raw: Mapping[str, Any]) -> Criterion:
    return Criterion(metrics=tuple(raw["metrics"]), at_least=float(raw["at_least"]))


def _is_met(criterion: Criterion, figures: Mapping[str, Fact]) -> bool:
    known = [
        value
        for metric in criterion.metrics
        if metric in figures and (value := figures[metric].value) is not None
    ]
    return bool(known) and sum(known) >= criterion.at_least


def _narrow(rule: GradingRule, emergency_type: str) -> int:
    return max(len(one) for one in rule.emergency_types if matches(emergency_type, one))

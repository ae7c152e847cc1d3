"""The quality report of a plan (PLAN-4): findings first, and a score that they add up to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.plans.domain import conformity
from services.plans.domain.conformity import Conformity
from services.plans.domain.finding import Check, Criterion, Finding, quality_version
from services.plans.domain.hierarchy import hierarchy_rule
from services.plans.domain.plan import Plan
from services.plans.domain.quality import (
    clear_steps,
    conditions,
    drilled,
    information,
    lawful,
    process,
    resources,
)
from services.plans.domain.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """How a plan stands by one criterion.

    `checks` counts what could be decided, `undetermined` what could not. `score` (0-1) is
    1 - sum of the findings' weights / checks, at least 0; None when nothing could be decided.
    """

    criterion: Criterion
    checks: int
    undetermined: int
    findings: tuple[Finding, ...]

    @property
    def score(self) -> float | None:
        """The share of its checks that it passes."""
        if not self.checks:
            return None
        return max(0.0, 1.0 - sum(one.weight for one in self.findings) / self.checks)


@dataclass(frozen=True, slots=True)
class Quality:
    """The report of one plan version as of `at`, by the rules of the versions named.

    `score` (0-100) is the mean of the criteria that have one; None when none has.
    """

    plan: Plan
    at: datetime
    rules: str
    hierarchy: str
    criteria: tuple[CriterionResult, ...]
    comparisons: tuple[Conformity, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found, criterion by criterion, the gravest first within each."""
        return tuple(finding for one in self.criteria for finding in one.findings)

    @property
    def score(self) -> float | None:
        """What the findings add up to."""
        scores = [one.score for one in self.criteria if one.score is not None]
        return round(100 * sum(scores) / len(scores), 1) if scores else None


def quality_of(plan: Plan, around: Surroundings, *, at: datetime) -> Quality:
    """The plan judged as of `at` against what is known around it. Pure: the same again is the same."""
    comparisons = tuple(conformity.compare(plan, around, at=at))
    made = {
        Criterion.PROCESS: process.checks(plan, at=at),
        Criterion.STEPS: clear_steps.checks(plan, around),
        Criterion.RESOURCES: resources.checks(plan, around, at=at),
        Criterion.INFORMATION: information.checks(plan),
        Criterion.CONDITIONS: conditions.checks(plan, around),
        Criterion.LAWFUL: lawful.checks(plan, around, at=at),
        Criterion.DRILLED: drilled.checks(plan, around, at=at),
        Criterion.CONFORMING: _conforming(plan, around, comparisons=comparisons, at=at),
    }
    return Quality(
        plan=plan,
        at=at,
        rules=quality_version(),
        hierarchy=hierarchy_rule(at).version,
        criteria=tuple(_result(criterion, checks) for criterion, checks in made.items()),
        comparisons=comparisons,
    )


def judge(plans: Sequence[Plan], around: Surroundings, at: datetime) -> list[Quality]:
    """The report of each plan, in their order."""
    return [quality_of(one, around, at=at) for one in plans]


def _conforming(
    plan: Plan, around: Surroundings, *, comparisons: Iterable[Conformity], at: datetime
) -> Iterator[Check]:
    yield from conformity.of_its_kind(plan, around, at=at)
    for one in comparisons:
        yield from one.checks


def _result(criterion: Criterion, checks: Iterable[Check]) -> CriterionResult:
    made = list(checks)
    found = sorted((one for one in made if one is not None), key=_gravest_first)
    undetermined = sum(one.is_undetermined for one in found)
    return CriterionResult(criterion, len(made) - undetermined, undetermined, tuple(found))


def _gravest_first(one: Finding) -> tuple[float, bool]:
    return -one.weight, one.is_undetermined

"""A plan beside each plan above it: sensitivity, functions, law, and text that was only copied."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.plans.domain.conformity import authority, copying, functions, kind, sensitivity
from services.plans.domain.conformity.copying import Likeness
from services.plans.domain.finding import Check, Finding
from services.plans.domain.hierarchy import Superior, share_a_type, superiors
from services.plans.domain.plan import Plan
from services.plans.domain.plan_file import Severity
from services.plans.domain.surroundings import Surroundings
from vocabulary import is_within


class Verdict(StrEnum):
    """UNDETERMINED: nothing against it was found, and something could not be decided."""

    CONFORMS = "CONFORMS"
    DEVIATES = "DEVIATES"
    UNDETERMINED = "UNDETERMINED"


@dataclass(frozen=True, slots=True)
class Conformity:
    """A plan beside one superior; `checks` holds a finding or None for each thing looked at.

    `version` is the superior's version that rules, None when none does. `likeness`: how much of
    the plan's text stands in the superior's.
    """

    superior_id: str
    version: str | None
    declared: bool
    due: bool
    checks: tuple[Check, ...]
    likeness: Likeness | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found."""
        return tuple(one for one in self.checks if one is not None)

    @property
    def verdict(self) -> Verdict:
        """DEVIATES when any finding is an error: only those are against the hierarchy."""
        if any(one.severity is Severity.ERROR for one in self.findings):
            return Verdict.DEVIATES
        if any(one.is_undetermined for one in self.findings):
            return Verdict.UNDETERMINED
        return Verdict.CONFORMS


def compare(plan: Plan, around: Surroundings, *, at: datetime) -> list[Conformity]:
    """The plan beside each plan above it, by id: the versions that rule among those of `around`."""
    return [
        _beside(plan, one, around=around, at=at) for one in superiors(plan, around.ruling, at=at)
    ]


def of_its_kind(plan: Plan, around: Surroundings, *, at: datetime) -> Iterator[Check]:
    """What the hierarchy asks of every plan of that kind, whatever stands above it."""
    return kind.checks(plan, around, at=at)


def _beside(plan: Plan, one: Superior, *, around: Surroundings, at: datetime) -> Conformity:
    if one.plan is None:
        unknown = Finding("superior-unknown", ("superiors", one.plan_id), {"superior": one.plan_id})
        return Conformity(one.plan_id, None, one.declared, one.due, (unknown,), None)
    alike = copying.likeness(plan, one.plan)
    checks = (
        _named(plan, one),
        *_placed(plan, one),
        *sensitivity.checks(plan, one.plan),
        *functions.checks(plan, one.plan, around=around, at=at),
        *authority.checks(plan, one.plan, around=around, at=at),
        copying.check(one.plan, alike),
    )
    version = one.plan.plan_version
    return Conformity(one.plan_id, version, one.declared, one.due, checks, alike)


def _named(plan: Plan, one: Superior) -> Check:
    if one.declared:
        return None
    return Finding("superior-not-named", ("superiors",), {"superior": one.plan_id})


def _placed(plan: Plan, one: Superior) -> Iterator[Check]:
    superior = one.plan
    if superior is None or one.due:
        return
    if is_within(plan.jurisdiction, superior.jurisdiction) and share_a_type(plan, superior):
        yield None
        return
    told = {
        "superior": one.plan_id,
        "superior_jurisdiction": superior.jurisdiction,
        "jurisdiction": plan.jurisdiction,
    }
    yield Finding("superior-not-above", ("superiors", one.plan_id), told)

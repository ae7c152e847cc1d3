"""What is found in plan files, as people read it and as programs do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.plans import domain
from uem.plan.folder import Written


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault with the file and the place that it stands at."""

    file: Path
    at: domain.Position
    fault: domain.Fault


_COLOURS: Mapping[domain.Severity, str] = {
    domain.Severity.ERROR: "red",
    domain.Severity.WARNING: "yellow",
    domain.Severity.NOTE: "cyan",
}


def of_plans(plans: Iterable[Written]) -> Iterator[Finding]:
    """Everything found in the plans, plan by plan, in the order of their text."""
    for plan in plans:
        yield from placed(plan, domain.lint(plan.text))


def of_quality(plans: Sequence[Written], at: datetime) -> Iterator[Finding]:
    """What the quality report finds in each plan that is one, judged beside the others.

    What cannot be decided here (who holds what, the law, what is held) is left out.
    """
    drafts = {plan.home: draft for plan in plans if (draft := _draft(plan)) is not None}
    around = domain.Surroundings(plans=tuple(drafts.values()))
    for plan in plans:
        if plan.home in drafts:
            found = domain.quality_of(drafts[plan.home], around, at=at).findings
            yield from placed(plan, (_fault(plan, one) for one in found if not one.is_undetermined))


def placed(plan: Written, faults: Iterable[domain.Fault]) -> Iterator[Finding]:
    """The faults of the plan's text at their places in its files."""
    for fault in faults:
        file, at = plan.where(fault.at)
        yield Finding(file, at, fault)


def _draft(plan: Written) -> domain.Plan | None:
    try:
        return domain.parse(plan.text)
    except domain.PlanFileInvalid:
        return None  # lint has told why


def _fault(plan: Written, one: domain.Finding) -> domain.Fault:
    at = domain.position_of(plan.text, one.place)
    return domain.Fault(one.slug, at, one.message.en, one.remedy.en, one.severity)


def is_refused(findings: Iterable[Finding], *, strict: bool) -> bool:
    """Whether any of them keeps a plan from being taken; with `strict` a warning does, too."""
    refusing = {domain.Severity.ERROR, *([domain.Severity.WARNING] if strict else [])}
    return any(one.fault.severity in refusing for one in findings)


def lines(one: Finding) -> Iterator[tuple[str, str]]:
    """The finding as lines with their colours: `file:line:column severity slug`, what, what to do."""
    fault = one.fault
    place = f"{one.file}:{one.at.line}:{one.at.column}"
    yield f"{place} {fault.severity.value.lower()} {fault.slug}", _COLOURS[fault.severity]
    yield f"    {fault.message}", ""
    if fault.remedy:
        yield f"    → {fault.remedy}", "bold"


def plain(one: Finding) -> dict[str, Any]:
    """The finding as JSON."""
    return {
        "file": str(one.file),
        "line": one.at.line,
        "column": one.at.column,
        "severity": one.fault.severity.value,
        "slug": one.fault.slug,
        "message": one.fault.message,
        "remedy": one.fault.remedy,
    }

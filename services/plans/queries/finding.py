"""Findings on the quality of plans as readers see them, in both languages."""

from services.plans import domain
from services.plans.queries.views import View


class EvidenceView(View, frozen=True):
    """One thing that shows a finding, by name; numbers as people write them."""

    name: str
    value: str


class ExampleView(View, frozen=True):
    """One fact of an example; `held_minutes` is for how long the facts have stood."""

    metric: str
    value: float


class FindingView(View, frozen=True):
    """What was found where, what shows it, and what to do; what could not be decided says so."""

    criterion: domain.Criterion
    slug: str
    severity: domain.Severity
    is_undetermined: bool
    place: tuple[str, ...]
    message_zh: str
    message_en: str
    remedy_zh: str
    remedy_en: str
    evidence: tuple[EvidenceView, ...]
    example: tuple[ExampleView, ...]


def finding_view(found: domain.Finding) -> FindingView:
    """The finding as readers see it."""
    message, remedy = found.message, found.remedy
    return FindingView(
        criterion=found.criterion,
        slug=found.slug,
        severity=found.severity,
        is_undetermined=found.is_undetermined,
        place=found.place,
        message_zh=message.zh,
        message_en=message.en,
        remedy_zh=remedy.zh,
        remedy_en=remedy.en,
        evidence=tuple(EvidenceView(name=name, value=text) for name, text in found.told().items()),
        example=tuple(
            ExampleView(metric=metric, value=value)
            for metric, value in sorted((found.example or {}).items())
        ),
    )

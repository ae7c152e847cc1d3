"""A plan beside the plans above it, as readers see it."""

from services.plans import domain
from services.plans.domain.conformity import Verdict
from services.plans.queries.finding import FindingView, finding_view
from services.plans.queries.views import View


class LikenessView(View, frozen=True):
    """How much of the plan's text stands in the superior's: `share` 0-1 by characters, texts by number."""

    share: float
    alike: int
    texts: int
    risks: int
    mentioned: int


class ConformityView(View, frozen=True):
    """The plan beside one superior; `superior_version_id` null: no version of it rules here.

    `declared`: the plan names it; `due`: the hierarchy has it above. `checks` counts what was decided.
    """

    superior_id: str
    superior_version_id: str | None
    declared: bool
    due: bool
    verdict: Verdict
    checks: int
    findings: tuple[FindingView, ...]
    likeness: LikenessView | None


def conformity_views(report: domain.Quality) -> list[ConformityView]:
    """What the report says of each superior, by plan id."""
    return [_view(one) for one in report.comparisons]


def _view(one: domain.Conformity) -> ConformityView:
    like = one.likeness
    version = one.version
    return ConformityView(
        superior_id=one.superior_id,
        superior_version_id=None
        if version is None
        else domain.version_id(one.superior_id, version),
        declared=one.declared,
        due=one.due,
        verdict=one.verdict,
        checks=sum(found is None or not found.is_undetermined for found in one.checks),
        findings=tuple(finding_view(found) for found in one.findings),
        likeness=None
        if like is None
        else LikenessView(
            share=round(like.share, 3),
            alike=like.alike,
            texts=like.texts,
            risks=like.risks,
            mentioned=like.mentioned,
        ),
    )

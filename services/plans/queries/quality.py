"""Quality reports as readers see them: findings first, the score that they add up to, the trend."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.errors import missing
from chassis.paging import Page, PageRequest, paged
from chassis.runtime import read_at
from services.plans import domain, store
from services.plans.queries.conformity import ConformityView, conformity_views
from services.plans.queries.finding import FindingView, finding_view
from services.plans.queries.surroundings import judged
from services.plans.queries.views import View, shaped


class CriterionView(View, frozen=True):
    """How a plan stands by one criterion: `score` is 1 - sum of weights / checks, null if none."""

    criterion: domain.Criterion
    score: float | None
    checks: int
    undetermined: int


class QualityView(View, frozen=True):
    """The report of one version as of `at`, by the versions of the rules named.

    `score` is 100 x the mean of the criteria that have one. `id` is the version's.
    """

    id: str
    plan_id: str
    plan_version: str
    at: datetime
    findings: tuple[FindingView, ...]
    score: float | None
    criteria: tuple[CriterionView, ...]
    rules: str
    hierarchy: str


class QualityPointView(View, frozen=True):
    """One version in the trend, or one plan in a list: its score, and how many findings it has."""

    id: str
    plan_id: str
    plan_version: str
    title_zh: str
    title_en: str
    kind: domain.PlanKind
    jurisdiction: str
    status: domain.PlanStatus
    effective_from: datetime
    at: datetime
    score: float | None
    errors: int
    warnings: int
    undetermined: int
    criteria: tuple[CriterionView, ...]


async def quality(db: AsyncConnection, plan_id: str, plan_version: str) -> QualityView:
    """The report of one version, draft or not, as of now. Raises `plan-not-found`."""
    (report,) = await _reports(db, [await _version(db, plan_id, plan_version)])
    return _view(report)


async def conformity(db: AsyncConnection, plan_id: str, plan_version: str) -> list[ConformityView]:
    """One version beside each plan above it, as of now. Raises `plan-not-found`."""
    (report,) = await _reports(db, [await _version(db, plan_id, plan_version)])
    return conformity_views(report)


async def quality_trend(db: AsyncConnection, plan_id: str) -> list[QualityPointView]:
    """Every version of the plan by today's rules and surroundings, the earliest effective first.

    All by one yardstick: what differs is what the versions say. Raises `plan-not-found`.
    """
    versions = await store.versions_of(db, plan_id)
    if not versions:
        raise missing("plan", plan_id)
    return [_point(one) for one in await _reports(db, versions)]


async def worst_plans(
    db: AsyncConnection, request: PageRequest, *, jurisdiction: str
) -> Page[QualityPointView]:
    """The plans that rule in the division and within it, the lowest score first, by id among equals."""
    plans = domain.in_force(await store.settled_within(db, jurisdiction), read_at(db))
    points = sorted(map(_point, await _reports(db, plans)), key=_rank)
    return paged(points, request, key=_rank)


async def quality_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, QualityView]:
    """The report of each version under its id."""
    return {one.plan.id: _view(one) for one in await _reports(db, await _versions(db, keys))}


async def trends_by_plan(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[QualityPointView]]:
    """The trend of each plan under its id."""
    versions = [one for key in keys for one in await store.versions_of(db, key)]
    found: dict[str, list[QualityPointView]] = {}
    for report in await _reports(db, versions):
        found.setdefault(report.plan.plan_id, []).append(_point(report))
    return found


async def conformity_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[ConformityView]]:
    """Each version beside the plans above it, under its id."""
    reports = await _reports(db, await _versions(db, keys))
    return {one.plan.id: conformity_views(one) for one in reports}


async def _reports(db: AsyncConnection, plans: Sequence[domain.Plan]) -> list[domain.Quality]:
    return await judged(db, plans, at=read_at(db)) if plans else []


async def _version(db: AsyncConnection, plan_id: str, plan_version: str) -> domain.Plan:
    id = domain.version_id(plan_id, plan_version)
    return await documents.load(db, store.plan, id, domain.Plan)


async def _versions(db: AsyncConnection, ids: Iterable[str]) -> list[domain.Plan]:
    return await documents.find(db, store.plan, domain.Plan, store.plan.c.id.in_(list(ids)))


def _view(report: domain.Quality) -> QualityView:
    return QualityView(
        id=report.plan.id,
        plan_id=report.plan.plan_id,
        plan_version=report.plan.plan_version,
        at=report.at,
        findings=tuple(finding_view(one) for one in report.findings),
        score=report.score,
        criteria=_criteria(report),
        rules=report.rules,
        hierarchy=report.hierarchy,
    )


def _point(report: domain.Quality) -> QualityPointView:
    plan, found = report.plan, report.findings
    told = [one.severity for one in found]
    return QualityPointView(
        id=plan.id,
        plan_id=plan.plan_id,
        plan_version=plan.plan_version,
        title_zh=plan.title_zh,
        title_en=plan.title_en,
        kind=plan.kind,
        jurisdiction=plan.jurisdiction,
        status=plan.status,
        effective_from=plan.effective_from,
        at=report.at,
        score=report.score,
        errors=told.count(domain.Severity.ERROR),
        warnings=told.count(domain.Severity.WARNING),
        undetermined=sum(one.is_undetermined for one in found),
        criteria=_criteria(report),
    )


def _criteria(report: domain.Quality) -> tuple[CriterionView, ...]:
    return tuple(shaped(one, CriterionView) for one in report.criteria)


def _rank(point: QualityPointView) -> tuple[float, str]:
    """What nothing is known of comes last: it is not the worst."""
    return (101.0 if point.score is None else point.score, point.id)

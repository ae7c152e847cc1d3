"""The steps of a plan version's life, from review to retirement."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from chassis import edge
from chassis.edge import Body, Edge
from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain, queries
from services.plans.api.bodies import Identity, Instant, Line, PlanId, PlanVersion, Words

router = APIRouter(tags=["plans"])

AnEdge = Annotated[Edge, Depends(edge.edge)]
VERSION = "/v1/plans/{plan_id}/versions/{plan_version}"
Step = Callable[[UnitOfWork, str], Awaitable[domain.Plan]]


class ConsultedBody(Body):
    """An organization that is asked, and until when."""

    organization: Identity
    answer_before: Instant


class SubmitPlan(Body):
    """Whom to ask about the draft; nobody is a review within the house."""

    consulted: list[ConsultedBody] = Field(default_factory=list, max_length=200)
    expected_version: int | None = None


class ReturnPlan(Body):
    """Why the version goes back to draft."""

    reason: Words
    expected_version: int | None = None


class ApprovePlan(Body):
    """Why it is approved; required while consulted organizations are silent or comments open."""

    reason: Words | None = None
    expected_version: int | None = None


class PublishPlan(Body):
    """Which state of the approved version is meant."""

    expected_version: int | None = None


class FilePlan(Body):
    """With whom the version was put on file, under which number, when."""

    organization: Line
    number: Line
    filed_at: Instant
    expected_version: int | None = None


class BeginRevision(Body):
    """On which ground the version is revised."""

    ground: domain.RevisionGround
    note: Words
    expected_version: int | None = None


class EndRevision(Body):
    """Why the version stands as it was."""

    reason: Words
    expected_version: int | None = None


class RetirePlan(Body):
    """Why the version is in force no more."""

    reason: Words
    expected_version: int | None = None


@router.post(f"{VERSION}/submit", responses=edge.answers(queries.PlanVersionView))
async def submit_plan(
    plan_id: PlanId, plan_version: PlanVersion, body: SubmitPlan, edge: AnEdge
) -> Response:
    """Send a draft to review and ask organizations about it, each with a deadline."""
    asked = [domain.Consulted(one.organization, one.answer_before) for one in body.consulted]

    async def step(uow: UnitOfWork, id: str) -> domain.Plan:
        return await commands.submit_plan(
            uow, id, asked=asked, expected_version=body.expected_version
        )

    return await _take(edge, plan_id, plan_version, step)


@router.post(f"{VERSION}/return", responses=edge.answers(queries.PlanVersionView))
async def return_plan(
    plan_id: PlanId, plan_version: PlanVersion, body: ReturnPlan, edge: AnEdge
) -> Response:
    """Send a version in review, or approved, back to draft."""

    async def step(uow: UnitOfWork, id: str) -> domain.Plan:
        return await commands.return_plan(
            uow, id, reason=body.reason, expected_version=body.expected_version
        )

    return await _take(edge, plan_id, plan_version, step)


@router.post(f"{VERSION}/approve", responses=edge.answers(queries.PlanVersionView))
async def approve_plan(
    plan_id: PlanId, plan_version: PlanVersion, body: ApprovePlan, edge: AnEdge
) -> Response:
    """Approve a version in review: never by who drafted or submitted it."""

    async def step(uow: UnitOfWork, id: str) -> domain.Plan:
        return await commands.approve_plan(
            uow, id, reason=body.reason, expected_version=body.expected_version
        )

    return await _take(edge, plan_id, plan_version, step)


@router.post(f"{VERSION}/publish", responses=edge.answers(queries.PlanVersionView))
async def publish_plan(
    plan_id: PlanId, plan_version: PlanVersion, body: PublishPlan, edge: AnEdge
) -> Response:
    """Publish an approved version: from then on immutable, in force from its effective date."""

    async def step(uow: UnitOfWork, _: str) -> domain.Plan:
        return await commands.publish_plan(
            uow, plan_id, plan_version=plan_version, expected_version=body.expected_version
        )

    return await _take(edge, plan_id, plan_version, step)


@router.post(f"{VERSION}/file", responses=edge.answers(queries.PlanVersionView))
async def file_plan(
    plan_id: PlanId, plan_version: PlanVersion, body: FilePlan, edge: AnEdge
) -> Response:
    """Record that a published version was put on file."""
    filing = domain.Filing(body.organization, body.number, body.filed_at)

    async def step(uow: UnitOfWork, id: str) -> domain.Plan:
        return await commands.file_plan(
            uow, id, filing=filing, expected_version=body.expected_version
        )

    return await _take(edge, plan_id, plan_version, step)


@router.post(f"{VERSION}/begin-revision", responses=edge.answers(queries.PlanVersionView))
async def begin_revision(
    plan_id: PlanId, plan_version: PlanVersion, body: BeginRevision, edge: AnEdge
) -> Response:
    """Begin the revision of a version, which stays in force until the next one takes effect."""

    async def step(uow: UnitOfWork, id: str) -> domain.Plan:
        return await commands.begin_revision(
            uow, id, ground=body.ground, note=body.note, expected_version=body.expected_version
        )

    return await _take(edge, plan_id, plan_version, step)


@router.post(f"{VERSION}/end-revision", responses=edge.answers(queries.PlanVersionView))
async def end_revision(
    plan_id: PlanId, plan_version: PlanVersion, body: EndRevision, edge: AnEdge
) -> Response:
    """End a revision that leads to no new version."""

    async def step(uow: UnitOfWork, id: str) -> domain.Plan:
        return await commands.end_revision(
            uow, id, reason=body.reason, expected_version=body.expected_version
        )

    return await _take(edge, plan_id, plan_version, step)


@router.post(f"{VERSION}/retire", responses=edge.answers(queries.PlanVersionView))
async def retire_plan(
    plan_id: PlanId, plan_version: PlanVersion, body: RetirePlan, edge: AnEdge
) -> Response:
    """Take a version out of force."""

    async def step(uow: UnitOfWork, id: str) -> domain.Plan:
        return await commands.retire_plan(
            uow, id, reason=body.reason, expected_version=body.expected_version
        )

    return await _take(edge, plan_id, plan_version, step)


async def _take(edge: Edge, plan_id: str, plan_version: str, step: Step) -> Response:
    async def command(uow: UnitOfWork) -> queries.PlanVersionView:
        return queries.plan_view(await step(uow, domain.version_id(plan_id, plan_version)))

    return await edge.command(command)

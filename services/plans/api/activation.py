"""Activations: lists, and what a commander decides about them."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain, queries
from vocabulary import Mode, ResponseLevel

router = APIRouter(tags=["activations"])

Paging = Annotated[PageRequest, Depends(edge.page)]
AnEdge = Annotated[Edge, Depends(edge.edge)]
Reason = Annotated[str, Field(max_length=2000)]
Decide = Callable[[UnitOfWork, domain.Signature], Awaitable[domain.Activation]]


class StartActivation(Body):
    """Put a plan in force without waiting for its conditions; `plan_version` must be the one in force."""

    plan_id: str
    level: ResponseLevel
    reason: Reason
    mode: Mode = Mode.REAL
    incident_id: str | None = None
    exercise_id: str | None = None
    plan_version: str | None = None


class SignActivation(Body):
    """Sign what is proposed, or another level above what is in force."""

    level: ResponseLevel | None = None
    reason: Reason | None = None
    expected_version: int | None = None


class DeclineActivation(Body):
    """Decline what is proposed."""

    reason: Reason
    expected_version: int | None = None


class RaiseActivation(Body):
    """Raise the level beyond what conditions give."""

    level: ResponseLevel
    reason: Reason
    expected_version: int | None = None


class LowerActivation(Body):
    """Lower the level; `override` names who answers for going below what conditions give."""

    level: ResponseLevel
    reason: Reason
    override: str | None = Field(default=None, min_length=1, max_length=200)
    expected_version: int | None = None


class EndActivation(Body):
    """End the response; `override` names who answers for going below what conditions give."""

    reason: Reason
    override: str | None = Field(default=None, min_length=1, max_length=200)
    expected_version: int | None = None


@router.get("/v1/activations", responses=edge.answers(Page[queries.ActivationView]))
async def list_activations(
    edge: AnEdge,
    page: Paging,
    jurisdiction: str | None = None,
    state: domain.ActivationState | None = None,
    mode: Mode = Mode.REAL,
) -> Response:
    """Activations, newest first."""
    return await edge.read(
        lambda db: queries.activations(db, page, jurisdiction=jurisdiction, state=state, mode=mode)
    )


@router.get("/v1/activations/{id}", responses=edge.answers(queries.ActivationView))
async def get_activation(id: str, edge: AnEdge) -> Response:
    """One activation with its content, explanation and history."""
    return await edge.read(lambda db: queries.activation(db, id))


@router.post("/v1/activations", status_code=201, responses=edge.answers(queries.ActivationView))
async def start_activation(body: StartActivation, edge: AnEdge) -> Response:
    """Put a plan in force because a person says so; no rule lowers it."""

    async def decide(uow: UnitOfWork, by: domain.Signature) -> domain.Activation:
        return await commands.start_activation(
            uow,
            body.plan_id,
            level=body.level,
            mode=body.mode,
            incident_id=body.incident_id,
            by=by,
            exercise_id=body.exercise_id,
            plan_version=body.plan_version,
        )

    return await _decide(edge, decide, signature(edge, body.reason), status=201)


@router.post("/v1/activations/{id}/sign", responses=edge.answers(queries.ActivationView))
async def sign_activation(id: str, body: SignActivation, edge: AnEdge) -> Response:
    """Sign what is proposed; the first decision wins and a second one is told of it."""

    async def decide(uow: UnitOfWork, by: domain.Signature) -> domain.Activation:
        return await commands.sign_activation(
            uow, id, level=body.level, by=by, expected_version=body.expected_version
        )

    return await _decide(edge, decide, signature(edge, body.reason))


@router.post("/v1/activations/{id}/decline", responses=edge.answers(queries.ActivationView))
async def decline_activation(id: str, body: DeclineActivation, edge: AnEdge) -> Response:
    """Decline what is proposed; what is in force stands."""

    async def decide(uow: UnitOfWork, by: domain.Signature) -> domain.Activation:
        return await commands.decline_activation(
            uow, id, by=by, expected_version=body.expected_version
        )

    return await _decide(edge, decide, signature(edge, body.reason))


@router.post("/v1/activations/{id}/raise", responses=edge.answers(queries.ActivationView))
async def raise_activation(id: str, body: RaiseActivation, edge: AnEdge) -> Response:
    """Raise the level because a person says so; no rule lowers it."""

    async def decide(uow: UnitOfWork, by: domain.Signature) -> domain.Activation:
        return await commands.raise_activation(
            uow, id, level=body.level, by=by, expected_version=body.expected_version
        )

    return await _decide(edge, decide, signature(edge, body.reason))


@router.post("/v1/activations/{id}/lower", responses=edge.answers(queries.ActivationView))
async def lower_activation(id: str, body: LowerActivation, edge: AnEdge) -> Response:
    """Lower the level; refused while conditions hold, unless the override is named."""

    async def decide(uow: UnitOfWork, by: domain.Signature) -> domain.Activation:
        return await commands.lower_activation(
            uow, id, level=body.level, by=by, expected_version=body.expected_version
        )

    return await _decide(edge, decide, signature(edge, body.reason, override=body.override))


@router.post("/v1/activations/{id}/end", responses=edge.answers(queries.ActivationView))
async def end_activation(id: str, body: EndActivation, edge: AnEdge) -> Response:
    """End the response; refused while conditions hold, unless the override is named."""

    async def decide(uow: UnitOfWork, by: domain.Signature) -> domain.Activation:
        return await commands.end_activation(uow, id, by=by, expected_version=body.expected_version)

    return await _decide(edge, decide, signature(edge, body.reason, override=body.override))


router.include_router(edge.batch("activations", queries.ActivationView, queries.activations_by_id))
router.include_router(
    edge.batch("activationsByIncident", list[queries.ActivationView], queries.activations_by_cause)
)
router.include_router(
    edge.batch("activationsBySignal", list[queries.ActivationView], queries.activations_by_cause)
)
router.include_router(
    edge.batch(
        "activationsByActivation", list[queries.ActivationView], queries.activations_by_cause
    )
)
router.include_router(
    edge.batch("responseLevels", list[queries.ResponseLevelView], queries.response_levels)
)


def signature(edge: Edge, reason: str | None, *, override: str | None = None) -> domain.Signature:
    """Organization and post of the caller; the subject stands in for a post that is not held."""
    by = commands.officer_of(edge.caller).by
    return domain.Signature(by=by, reason=reason, override=override)


async def _decide(
    edge: Edge, decide: Decide, by: domain.Signature, *, status: int = 200
) -> Response:
    async def command(uow: UnitOfWork) -> queries.ActivationView:
        return queries.activation_view(await commands.shown(uow, await decide(uow, by)))

    return await edge.command(command, status=status)

"""Consultations on versions in review: comments, what became of them, opinions, lists."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain, queries
from services.plans.api.bodies import Words

router = APIRouter(tags=["consultations"])

Paging = Annotated[PageRequest, Depends(edge.page)]
AnEdge = Annotated[Edge, Depends(edge.edge)]


class CommentOnPlan(Body):
    """What is said about which place: `plan`, `risks`, `LEVEL_II`, `LEVEL_II/steps/pumps-out`."""

    place: Words
    text: Words
    expected_version: int | None = None


class ResolveComment(Body):
    """What became of a comment, and why."""

    resolution: domain.Resolution
    answer: Words
    expected_version: int | None = None


class AnswerConsultation(Body):
    """The opinion of the caller's organization."""

    opinion: domain.Opinion
    note: Words | None = None
    expected_version: int | None = None


@router.get("/v1/consultations", responses=edge.answers(Page[queries.ConsultationView]))
async def list_consultations(
    edge: AnEdge,
    page: Paging,
    organization: str | None = None,
    is_open: Annotated[bool | None, Query(alias="isOpen")] = None,
) -> Response:
    """Consultations, newest first; those in which an organization was asked, if it is named."""
    return await edge.read(
        lambda db: queries.consultations(db, page, organization=organization, is_open=is_open)
    )


@router.post("/v1/consultations/{id}/comments", responses=edge.answers(queries.ConsultationView))
async def comment_on_plan(id: str, body: CommentOnPlan, edge: AnEdge) -> Response:
    """Comment on one place of a version in review."""

    async def command(uow: UnitOfWork) -> queries.ConsultationView:
        said = await commands.comment_on_plan(
            uow, id, place=body.place, text=body.text, expected_version=body.expected_version
        )
        return queries.consultation_view(said)

    return await edge.command(command)


@router.post(
    "/v1/consultations/{id}/comments/{comment}/resolve",
    responses=edge.answers(queries.ConsultationView),
)
async def resolve_comment(id: str, comment: str, body: ResolveComment, edge: AnEdge) -> Response:
    """Say what became of a comment: taken up, answered or declined."""

    async def command(uow: UnitOfWork) -> queries.ConsultationView:
        said = await commands.resolve_comment(
            uow,
            id,
            comment,
            resolution=body.resolution,
            answer=body.answer,
            expected_version=body.expected_version,
        )
        return queries.consultation_view(said)

    return await edge.command(command)


@router.post("/v1/consultations/{id}/answer", responses=edge.answers(queries.ConsultationView))
async def answer_consultation(id: str, body: AnswerConsultation, edge: AnEdge) -> Response:
    """Give the opinion of an organization that was asked."""

    async def command(uow: UnitOfWork) -> queries.ConsultationView:
        said = await commands.answer_consultation(
            uow,
            id,
            opinion=body.opinion,
            note=body.note,
            expected_version=body.expected_version,
        )
        return queries.consultation_view(said)

    return await edge.command(command)


router.include_router(
    edge.batch(
        "consultationsByVersion",
        list[queries.ConsultationView],
        queries.consultations_by_version,
    )
)

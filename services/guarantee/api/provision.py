"""Routes of legal provisions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field, PositiveInt

from chassis import edge
from chassis.edge import Body, Edge
from chassis.errors import Invalid
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands, queries
from services.guarantee.api.bodies import Code, Identity, Instant, Line, Text
from services.guarantee.domain.provision import Provision, Question
from services.guarantee.queries import LegalView, ProvisionView
from vocabulary import Duty, DutyKind, OrganizationKind, ResponseLevel

router = APIRouter(tags=["provisions"])


MOST_QUESTIONS = 500  # in one request; each takes some tens of microseconds


class DutyBody(Body):
    """What the use of the provision obliges to; without a time the article sets none."""

    kind: DutyKind
    text_zh: Text
    text_en: Text
    within_minutes: PositiveInt | None = None


class PutProvision(Body):
    """A provision as it should stand."""

    expected_version: int | None = None
    instrument: Line
    article: Line
    measures: tuple[Line, ...]
    held_by: tuple[OrganizationKind, ...]
    source: Text
    valid_from: Instant
    valid_to: Instant | None = None
    minimum_level: ResponseLevel | None = None
    territory: Code | None = None
    maximum_duration_minutes: PositiveInt | None = None
    duties: Annotated[tuple[DutyBody, ...], Field(max_length=20)] = ()


class HolderNotStated(Invalid):
    """A question says neither or both of the kind and the organization that it is about."""

    slug = "holder-not-stated"


class QuestionBody(Body):
    """One measure, asked about for a kind of organization, or for one by its id."""

    measure: Line
    area: Code
    kind: OrganizationKind | None = None
    organization_id: Identity | None = None
    level: ResponseLevel | None = None
    at: Instant | None = None
    minutes: PositiveInt | None = None


class May(Body):
    """Questions to the law, answered in their order; without `at` as it stands now."""

    questions: Annotated[list[QuestionBody], Field(min_length=1, max_length=MOST_QUESTIONS)]


@router.put("/v1/provisions/{id}", responses=edge.answers(ProvisionView))
async def put_provision(
    id: Identity, body: PutProvision, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Have the provision as stated; the same again changes nothing."""
    stated = Provision(
        id=id,
        instrument=body.instrument,
        article=body.article,
        measures=body.measures,
        held_by=body.held_by,
        source=body.source,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        minimum_level=body.minimum_level,
        territory=body.territory,
        maximum_duration_minutes=body.maximum_duration_minutes,
        duties=tuple(
            Duty(one.kind, one.text_zh, one.text_en, one.within_minutes) for one in body.duties
        ),
    )

    async def put(uow: UnitOfWork) -> ProvisionView:
        stored = await commands.put_provision(uow, stated, expected_version=body.expected_version)
        return queries.provision_view(stored)

    return await edge.command(put)


@router.get("/v1/provisions", responses=edge.answers(Page[ProvisionView]))
async def list_provisions(
    edge: Annotated[Edge, Depends(edge.edge)], page: Annotated[PageRequest, Depends(edge.page)]
) -> Response:
    """List provisions."""
    return await edge.read(lambda db: queries.provisions(db, page))


@router.get("/v1/provisions/{id}", responses=edge.answers(ProvisionView))
async def get_provision(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one provision."""
    return await edge.read(lambda db: queries.provision(db, id))


@router.post("/v1/may", responses=edge.answers(list[LegalView]))
async def may(body: May, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """May these measures be taken? Changes nothing; plans gives the same answers."""
    now = edge.runtime.clock.now()
    asked = [_question(one, index, now) for index, one in enumerate(body.questions)]
    return await edge.read(lambda db: queries.may(db, asked))


def _question(said: QuestionBody, index: int, now: datetime) -> Question:
    if (said.kind is None) == (said.organization_id is None):
        raise HolderNotStated(
            "The question is about either a kind of organization or one organization.",
            field=("questions", str(index), "kind"),
            remedy="Give `kind` or `organizationId`.",
        )
    return Question(
        measure=said.measure,
        area=said.area,
        at=said.at or now,
        kind=said.kind,
        organization_id=said.organization_id,
        level=said.level,
        minutes=said.minutes,
    )

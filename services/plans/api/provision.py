"""What the law says to measures: many questions at once."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, Field, PositiveInt

from chassis import edge
from chassis.edge import Body, Edge
from chassis.errors import Invalid
from services.plans import domain, queries
from vocabulary import OrganizationKind, ResponseLevel

router = APIRouter(tags=["law"])

MOST_QUESTIONS = 500  # in one request; each takes some tens of microseconds
Name = Annotated[str, Field(min_length=1, max_length=200)]


class HolderNotStated(Invalid):
    """A question says neither or both of the kind and the organization that it is about."""

    slug = "holder-not-stated"


class QuestionBody(Body):
    """One measure, asked about for a kind of organization, or for one by its id."""

    measure: Name
    area: str = Field(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")
    kind: OrganizationKind | None = None
    organization_id: Name | None = None
    level: ResponseLevel | None = None
    at: AwareDatetime | None = None
    minutes: PositiveInt | None = None


class May(Body):
    """Questions to the law, answered in their order; without `at` as it stands now."""

    questions: Annotated[list[QuestionBody], Field(min_length=1, max_length=MOST_QUESTIONS)]


@router.post("/v1/may", responses=edge.answers(list[queries.LegalView]))
async def may(body: May, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """May these measures be taken? Changes nothing; guarantee gives the same answers."""
    now = edge.runtime.clock.now()
    asked = [_question(one, index, now) for index, one in enumerate(body.questions)]
    return await edge.read(lambda db: queries.may(db, asked))


def _question(said: QuestionBody, index: int, now: datetime) -> domain.Question:
    if (said.kind is None) == (said.organization_id is None):
        raise HolderNotStated(
            "The question is about either a kind of organization or one organization.",
            field=("questions", str(index), "kind"),
            remedy="Give `kind` or `organizationId`.",
        )
    return domain.Question(
        measure=said.measure,
        area=said.area,
        at=said.at or now,
        kind=said.kind,
        organization_id=said.organization_id,
        level=said.level,
        minutes=said.minutes,
    )

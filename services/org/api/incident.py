"""Routes of incidents: declared, fed with facts, moved on, closed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, Field

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import (
    Because,
    Code,
    EmergencyType,
    Expecting,
    FactBody,
    Identity,
    Line,
    Point,
    given_place,
)
from services.org.queries import FigureView, IncidentFilter, IncidentOrder, IncidentView
from vocabulary import Crs, EmergencyClass, Grade, Mode

router = APIRouter(tags=["incidents"])


class DeclareIncident(Body):
    """A verified emergency; `mode` stays what it is for ever."""

    jurisdiction: Code
    emergency_type: EmergencyType
    title: Line
    place: Point
    place_crs: Crs = Crs.WGS84
    address: Line | None = None
    facts: tuple[FactBody, ...] = ()
    from_reports: tuple[Identity, ...] = ()
    occurred_at: AwareDatetime | None = None
    mode: Mode = Mode.REAL
    exercise_id: Identity | None = None
    not_a_duplicate_of: tuple[Identity, ...] | None = None


class RecordFacts(Expecting):
    """Figures to be kept beside those that are there."""

    facts: Annotated[tuple[FactBody, ...], Field(min_length=1, max_length=100)]


class ChangeStatus(Because):
    """Where the incident stands now, and why."""

    status: domain.IncidentStatus


class MergeIncident(Expecting):
    """Which incident it is part of."""

    into: Identity


@router.post("/v1/incidents", status_code=201, responses=edge.answers(IncidentView))
async def declare_incident(
    body: DeclareIncident, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Open an incident: it is numbered, graded, and gets its command."""

    async def declare(uow: UnitOfWork) -> IncidentView:
        place, given = given_place(body.place, body.place_crs)
        draft = domain.Incident(
            id=uow.new_id("inc"),
            number="",
            mode=body.mode,
            exercise_id=body.exercise_id,
            title=body.title,
            emergency_type=body.emergency_type,
            place=place,
            given_place=given,
            address=body.address,
            jurisdiction=body.jurisdiction,
            facts=_facts(uow, body.facts),
            from_reports=body.from_reports,
            not_a_duplicate_of=body.not_a_duplicate_of or (),
            occurred_at=body.occurred_at,
            declared_at=uow.now,
            declared_by=_person(uow),
            updated_at=uow.now,
        )
        return queries.incident_view(await commands.declare_incident(uow, draft))

    return await edge.command(declare, status=201)


@router.post("/v1/incidents/{incident_id}/facts", responses=edge.answers(IncidentView))
async def record_facts(
    incident_id: str, body: RecordFacts, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Record figures; see `attention` for those that wait for a second person."""

    async def record(uow: UnitOfWork) -> IncidentView:
        facts = _facts(uow, body.facts)
        return queries.incident_view(
            await commands.record_facts(
                uow, incident_id, facts, expected_version=body.expected_version
            )
        )

    return await edge.command(record)


@router.post(
    "/v1/incidents/{incident_id}/figures/{figure_id}/confirm",
    responses=edge.answers(IncidentView),
)
async def confirm_figure(
    incident_id: str,
    figure_id: str,
    body: Expecting,
    edge: Annotated[Edge, Depends(edge.edge)],
) -> Response:
    """Let a figure count that would raise the grade by two: the word of a second person."""

    async def confirm(uow: UnitOfWork) -> IncidentView:
        return queries.incident_view(
            await commands.confirm_figure(
                uow, incident_id, figure_id, expected_version=body.expected_version
            )
        )

    return await edge.command(confirm)


@router.post("/v1/incidents/{incident_id}/status", responses=edge.answers(IncidentView))
async def change_status(
    incident_id: str, body: ChangeStatus, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Move the incident on."""

    async def change(uow: UnitOfWork) -> IncidentView:
        return queries.incident_view(
            await commands.change_status(
                uow,
                incident_id,
                body.status,
                reason=body.reason,
                expected_version=body.expected_version,
            )
        )

    return await edge.command(change)


@router.post("/v1/incidents/{incident_id}/merge", responses=edge.answers(IncidentView))
async def merge_incident(
    incident_id: str, body: MergeIncident, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Make the incident part of another one."""

    async def merge(uow: UnitOfWork) -> IncidentView:
        return queries.incident_view(
            await commands.merge_incident(
                uow, incident_id, into=body.into, expected_version=body.expected_version
            )
        )

    return await edge.command(merge)


@router.post("/v1/incidents/{incident_id}/unmerge", responses=edge.answers(IncidentView))
async def unmerge_incident(
    incident_id: str, body: Expecting, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Let the merged incident stand for itself again."""

    async def unmerge(uow: UnitOfWork) -> IncidentView:
        return queries.incident_view(
            await commands.unmerge_incident(
                uow, incident_id, expected_version=body.expected_version
            )
        )

    return await edge.command(unmerge)


@router.post("/v1/incidents/{incident_id}/close", responses=edge.answers(IncidentView))
async def close_incident(
    incident_id: str, body: Expecting, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """End the incident; refused with the list of what is open or out."""

    async def close(uow: UnitOfWork) -> IncidentView:
        return queries.incident_view(
            await commands.close_incident(uow, incident_id, expected_version=body.expected_version)
        )

    return await edge.command(close)


@router.post("/v1/incidents/{incident_id}/seal", responses=edge.answers(IncidentView))
async def seal_incident(
    incident_id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Keep the incident, and all that belongs to it, from who is not cleared for it."""

    async def seal(uow: UnitOfWork) -> IncidentView:
        sealed = await commands.seal_incident(
            uow, incident_id, reason=body.reason, expected_version=body.expected_version
        )
        return queries.incident_view(sealed)

    return await edge.command(seal)


@router.post("/v1/incidents/{incident_id}/unseal", responses=edge.answers(IncidentView))
async def unseal_incident(
    incident_id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Show the sealed incident again where it happened."""

    async def unseal(uow: UnitOfWork) -> IncidentView:
        shown = await commands.unseal_incident(
            uow, incident_id, reason=body.reason, expected_version=body.expected_version
        )
        return queries.incident_view(shown)

    return await edge.command(unseal)


@router.get("/v1/incidents", responses=edge.answers(Page[IncidentView]))
async def incidents(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Mode = Mode.REAL,
    number: str | None = None,
    jurisdiction: Code | None = None,
    include_subordinate: Annotated[bool, Query(alias="includeSubordinate")] = True,
    status: Annotated[list[domain.IncidentStatus], Query()] = [],  # noqa: B006 - FastAPI copies it
    emergency_class: Annotated[EmergencyClass | None, Query(alias="class")] = None,
    emergency_type: Annotated[str | None, Query(alias="emergencyType")] = None,
    at_least: Annotated[Grade | None, Query(alias="atLeast")] = None,
    declared_after: Annotated[AwareDatetime | None, Query(alias="declaredAfter")] = None,
    text: Line | None = None,
    order_by: Annotated[IncidentOrder, Query(alias="orderBy")] = IncidentOrder.GRADE_THEN_DECLARED,
) -> Response:
    """List incidents; an exercise is never in a list that did not ask for it."""
    wanted = IncidentFilter(
        mode=mode,
        number=number,
        jurisdiction=jurisdiction,
        include_subordinate=include_subordinate,
        status=status,
        emergency_class=emergency_class,
        emergency_type=emergency_type,
        at_least=at_least,
        declared_after=declared_after,
        text=text,
    )
    return await edge.read(lambda db: queries.incidents(db, page, wanted, order_by))


@router.get("/v1/incidents/{incident_id}", responses=edge.answers(IncidentView))
async def incident(incident_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one incident."""
    return await edge.read(lambda db: queries.incident(db, incident_id))


@router.get("/v1/incidents/{incident_id}/figures", responses=edge.answers(list[FigureView]))
async def figures(
    incident_id: str,
    edge: Annotated[Edge, Depends(edge.edge)],
    preferred_only: Annotated[bool, Query(alias="preferredOnly")] = True,
) -> Response:
    """Show what each source says, side by side, never added up."""
    return await edge.read(
        lambda db: queries.figures(db, incident_id, preferred_only=preferred_only)
    )


router.include_router(edge.batch("incidents", IncidentView, queries.incidents_by_id))
router.include_router(edge.batch("incidents-by-number", IncidentView, queries.incidents_by_number))
router.include_router(edge.batch("open-incidents", list[IncidentView], queries.open_incidents))
router.include_router(
    edge.batch("figures-by-incident", list[FigureView], queries.figures_by_incident)
)


def _facts(uow: UnitOfWork, bodies: tuple[FactBody, ...]) -> tuple[domain.Fact, ...]:
    return tuple(
        domain.Fact(
            id=uow.new_id("fig"),
            recorded_at=uow.now,
            recorded_by=_person(uow),
            **one.model_dump(),
        )
        for one in bodies
    )


def _person(uow: UnitOfWork) -> str:
    return uow.caller.person or uow.caller.subject

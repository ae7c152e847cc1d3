"""Routes of intake reports."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, StringConstraints

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.sealing import Ring
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import (
    Because,
    Code,
    EmergencyType,
    Expecting,
    Identity,
    Line,
    PlaceInvalid,
    Point,
    Text,
    given_place,
)
from services.org.api.reporter import ring
from services.org.queries import ReportView
from vocabulary import Crs, Mode, Place

router = APIRouter(tags=["reports"])


class ReporterBody(Body):
    """Who told, as far as they said; sealed, and shown masked."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    phone: Annotated[str, StringConstraints(min_length=3, max_length=40)] | None = None
    place: Point | None = None
    place_crs: Crs = Crs.WGS84


class ReceiveReport(Body):
    """What was told; `sourceKey` is the source's own number, under which it is taken in once."""

    source: Line
    source_key: Identity | None = None
    emergency_type: EmergencyType | None = None
    place: Point | None = None
    place_crs: Crs = Crs.WGS84
    address: Line | None = None
    jurisdiction: Code
    text: Text
    observed_at: AwareDatetime
    mode: Mode = Mode.REAL
    exercise_id: Identity | None = None
    reporter: ReporterBody | None = None


class VerifyReport(Expecting):
    """Of which incident the report tells, if of a known one."""

    incident: Identity | None = None


class RejectReport(Because):
    """Why it is set aside; with `duplicateOf` as telling the same as another."""

    duplicate_of: Identity | None = None


@router.post("/v1/reports", status_code=201, responses=edge.answers(ReportView))
async def receive_report(
    body: ReceiveReport,
    edge: Annotated[Edge, Depends(edge.edge)],
    ring: Annotated[Ring, Depends(ring)],
) -> Response:
    """Take a report in, with hints at others that may tell the same; who told is sealed apart."""

    async def receive(uow: UnitOfWork) -> ReportView:
        place, given = given_place(body.place, body.place_crs) if body.place else (None, None)
        key = f"{body.source}/{body.source_key}" if body.source_key else None
        fields = body.model_dump(exclude={"source_key", "place", "place_crs", "reporter"})
        draft = domain.Report(
            id=uow.new_id("rep"),
            source_key=key,
            place=place,
            given_place=given,
            received_at=uow.now,
            **fields,
        )
        person = _person(body.reporter) if body.reporter else None
        return queries.report_view(
            await commands.receive_report(uow, draft, person=person, ring=ring)
        )

    return await edge.command(receive, status=201)


@router.post("/v1/reports/{report_id}/verify", responses=edge.answers(ReportView))
async def verify_report(
    report_id: str, body: VerifyReport, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Confirm that the report is true."""

    async def verify(uow: UnitOfWork) -> ReportView:
        return queries.report_view(
            await commands.verify_report(
                uow,
                report_id,
                incident_id=body.incident,
                expected_version=body.expected_version,
            )
        )

    return await edge.command(verify)


@router.post("/v1/reports/{report_id}/reject", responses=edge.answers(ReportView))
async def reject_report(
    report_id: str, body: RejectReport, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Set the report aside, with the reason."""

    async def reject(uow: UnitOfWork) -> ReportView:
        return queries.report_view(
            await commands.reject_report(
                uow,
                report_id,
                reason=body.reason,
                duplicate_of=body.duplicate_of,
                expected_version=body.expected_version,
            )
        )

    return await edge.command(reject)


@router.get("/v1/reports", responses=edge.answers(Page[ReportView]))
async def reports(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Mode = Mode.REAL,
    jurisdiction: Code | None = None,
    status: Annotated[list[domain.ReportStatus], Query()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """List reports, the newest first."""
    return await edge.read(
        lambda db: queries.reports(db, page, mode=mode, status=status, jurisdiction=jurisdiction)
    )


@router.get("/v1/reports/{report_id}", responses=edge.answers(ReportView))
async def report(report_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one report."""
    return await edge.read(lambda db: queries.report(db, report_id))


def _person(told: ReporterBody) -> domain.Person | None:
    return domain.identify(told.name, told.phone, _home(told))


def _home(told: ReporterBody) -> Place | None:
    if told.place is None:
        return None
    try:
        return given_place(told.place, told.place_crs)[0]
    except PlaceInvalid:
        # the coordinates given are not repeated: no answer holds what was told of a person
        raise PlaceInvalid("That is no place.", field=("reporter", "place")) from None

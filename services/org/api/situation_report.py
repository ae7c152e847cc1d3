"""Routes of situation reports: revised, phoned, signed, sent, receipted; read and printed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, StringConstraints

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Code, Expecting, Identity, Line, Reason
from services.org.queries import SituationReportView
from vocabulary import Mode

router = APIRouter(tags=["reports upward"])

Note = Annotated[str, StringConstraints(max_length=5000, strip_whitespace=True)]


class ReviseSituationReport(Expecting):
    """The drafter's words on cause, trend and what is asked for; the facts are drafted anew."""

    note: Note


class PhoneSituationReport(Expecting):
    """Who was told by telephone, and when: now, if it is not said."""

    to: Line
    at: AwareDatetime | None = None


class SignSituationReport(Expecting):
    """By which post the caller signs."""

    post: Identity | None = None


class SendSituationReport(Expecting):
    """To whom, if not to the next level; who skips a level says why."""

    recipient: Identity | None = None
    reason: Reason | None = None


class ReceiptSituationReport(Body):
    """The receiver's own reference."""

    reference: Line | None = None
    expected_version: int | None = None


@router.post(
    "/v1/situation-reports/{report_id}/revise", responses=edge.answers(SituationReportView)
)
async def revise_situation_report(
    report_id: str, body: ReviseSituationReport, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Put words beside the facts of now; a signature on the words before falls."""

    async def revise(uow: UnitOfWork) -> SituationReportView:
        return queries.situation_report_view(
            await commands.revise_situation_report(
                uow, report_id, note=body.note, expected_version=body.expected_version
            )
        )

    return await edge.command(revise)


@router.post("/v1/situation-reports/{report_id}/phone", responses=edge.answers(SituationReportView))
async def phone_situation_report(
    report_id: str, body: PhoneSituationReport, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Record that the superior was told by telephone."""

    async def phone(uow: UnitOfWork) -> SituationReportView:
        return queries.situation_report_view(
            await commands.phone_situation_report(
                uow,
                report_id,
                to=body.to,
                at=body.at,
                expected_version=body.expected_version,
            )
        )

    return await edge.command(phone)


@router.post("/v1/situation-reports/{report_id}/sign", responses=edge.answers(SituationReportView))
async def sign_situation_report(
    report_id: str, body: SignSituationReport, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Sign what the report says: it is frozen. Whoever drafted it does not sign it."""

    async def sign(uow: UnitOfWork) -> SituationReportView:
        return queries.situation_report_view(
            await commands.sign_situation_report(
                uow, report_id, post=body.post, expected_version=body.expected_version
            )
        )

    return await edge.command(sign)


@router.post("/v1/situation-reports/{report_id}/send", responses=edge.answers(SituationReportView))
async def send_situation_report(
    report_id: str, body: SendSituationReport, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Hand the signed report upward; an urgent one is phoned before."""

    async def send(uow: UnitOfWork) -> SituationReportView:
        return queries.situation_report_view(
            await commands.send_situation_report(
                uow,
                report_id,
                recipient=body.recipient,
                reason=body.reason,
                expected_version=body.expected_version,
            )
        )

    return await edge.command(send)


@router.post(
    "/v1/situation-reports/{report_id}/receipt", responses=edge.answers(SituationReportView)
)
async def receipt_situation_report(
    report_id: str, body: ReceiptSituationReport, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Say for the organization that it was sent to that it has the report."""

    async def receipt(uow: UnitOfWork) -> SituationReportView:
        return queries.situation_report_view(
            await commands.receipt_situation_report(
                uow,
                report_id,
                reference=body.reference,
                expected_version=body.expected_version,
            )
        )

    return await edge.command(receipt)


@router.get("/v1/situation-reports", responses=edge.answers(Page[SituationReportView]))
async def situation_reports(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Mode = Mode.REAL,
    jurisdiction: Code | None = None,
    incident: Identity | None = None,
    status: Annotated[list[domain.SituationReportStatus], Query()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """List reports, the newest first."""
    return await edge.read(
        lambda db: queries.situation_reports(
            db, page, mode=mode, jurisdiction=jurisdiction, incident=incident, status=status
        )
    )


@router.get("/v1/situation-reports/{report_id}", responses=edge.answers(SituationReportView))
async def situation_report(report_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one report."""
    return await edge.read(lambda db: queries.situation_report(db, report_id))


_LIST = list[SituationReportView]
router.include_router(
    edge.batch("situation-reports", SituationReportView, queries.situation_reports_by_id)
)
router.include_router(
    edge.batch("situation-reports-by-incident", _LIST, queries.situation_reports_by_incident)
)

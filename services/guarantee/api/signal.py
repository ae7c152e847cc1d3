"""Routes of signals: taken in as CAP or by form, cancelled, listed, given out as CAP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis import auth, edge
from chassis.edge import Body, Edge
from chassis.errors import Invalid
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands, queries
from services.guarantee.api.bodies import (
    Because,
    Code,
    EmergencyType,
    GeoJson,
    Instant,
    Line,
    Name,
    Text,
)
from services.guarantee.domain.signal import SignalStatus
from services.guarantee.queries import ReceiptView, SignalView
from vocabulary import Mode, WarningColour

LARGEST_CAP = 512 * 1024  # bytes; the largest real messages seen have about 100 KiB
XML = {"application/cap+xml", "application/xml", "text/xml"}
CAP_XML = "application/cap+xml"

router = APIRouter(tags=["signals"])


class MediaTypeRefused(Invalid):
    """CAP comes as XML."""

    slug = "media-type-refused"


class IssueSignal(Body):
    """A signal typed into a form; the caller's organization is the sender."""

    identifier: Name
    mode: Mode = Mode.REAL
    emergency_type: EmergencyType
    colour: WarningColour
    sender: Name | None = None
    issuer: Line | None = None
    headline_zh: Line | None = None
    headline_en: Line | None = None
    description_zh: Text | None = None
    description_en: Text | None = None
    areas: tuple[Code, ...] = ()
    area_geojson: GeoJson | None = None
    sent_at: Instant | None = None
    onset: Instant | None = None
    expires_at: Instant | None = None
    replaces: tuple[Name, ...] = ()


@router.post(
    "/v1/cap",
    responses=edge.answers(ReceiptView, "Kept; the same message again answers alike."),
    openapi_extra={
        "requestBody": {"content": {CAP_XML: {"schema": {"type": "string"}}}},
        **edge.routed("/cap", largest_body=LARGEST_CAP),
    },
)
async def receive_cap(request: Request, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Take in a CAP 1.1 or 1.2 message."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in XML:
        raise MediaTypeRefused(
            f"{media or 'Nothing'} is not CAP.",
            field=("Content-Type",),
            remedy=f"Send the message as {CAP_XML}.",
        )
    document = await request.body()

    async def receive(uow: UnitOfWork) -> ReceiptView:
        return _shown(await commands.receive_cap(uow, document))

    return await edge.command(receive)


@router.post("/v1/signals", responses=edge.answers(ReceiptView))
async def issue_signal(body: IssueSignal, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Put a signal in force that was typed into a form."""
    form = commands.SignalForm(
        identifier=body.identifier,
        sender=body.sender or edge.caller.organization or edge.caller.subject,
        mode=body.mode,
        emergency_type=body.emergency_type,
        colour=body.colour,
        issuer=body.issuer,
        headline_zh=body.headline_zh,
        headline_en=body.headline_en,
        description_zh=body.description_zh,
        description_en=body.description_en,
        divisions=body.areas,
        area_geojson=body.area_geojson,
        sent_at=body.sent_at,
        onset=body.onset,
        expires_at=body.expires_at,
        replaces=body.replaces,
    )

    async def issue(uow: UnitOfWork) -> ReceiptView:
        return _shown(await commands.issue_signal(uow, form))

    return await edge.command(issue)


@router.post("/v1/signals/{id}/cancel", responses=edge.answers(SignalView))
async def cancel_signal(
    id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Withdraw a signal."""

    async def cancel(uow: UnitOfWork) -> SignalView:
        cancelled = await commands.cancel_signal(
            uow, id, expected_version=body.expected_version, reason=body.reason
        )
        return queries.signal_view(cancelled)

    return await edge.command(cancel)


@router.get("/v1/signals", responses=edge.answers(Page[SignalView]))
async def list_signals(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Annotated[Mode, Query()] = Mode.REAL,
    status: Annotated[SignalStatus | None, Query()] = None,
    jurisdiction: Annotated[Code | None, Query()] = None,
) -> Response:
    """List signals, newest first."""
    return await edge.read(
        lambda db: queries.signals(db, page, mode=mode, status=status, jurisdiction=jurisdiction)
    )


@router.get("/v1/signals/{id}", responses=edge.answers(SignalView))
async def get_signal(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one signal."""
    return await edge.read(lambda db: queries.signal(db, id))


@router.get("/v1/signals/{id}/cap", response_class=Response)
async def get_signal_cap(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Give the message as it came, byte for byte."""
    auth.require(edge.caller, frozenset({"viewer"}))
    async with edge.reading() as db:
        return Response(await queries.signal_cap(db, id), media_type=CAP_XML)


def _shown(receipt: commands.Receipt) -> ReceiptView:
    return queries.receipt_view(
        receipt.message, receipt.signal, ended=receipt.ended, repeated=receipt.repeated
    )


for _name, _view, _read in (
    ("signals", SignalView, queries.signals_by_id),
    ("active-signals-by-jurisdiction", list[SignalView], queries.active_signals_by_jurisdiction),
    ("signals-by-incident", list[SignalView], queries.signals_by_incident),
):
    router.include_router(edge.batch(_name, _view, _read))

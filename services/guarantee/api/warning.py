"""Routes of early warnings: drafted, approved, rejected, updated, cancelled, listed, given out as CAP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis import auth, edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands, queries
from services.guarantee.api.bodies import (
    Because,
    Code,
    EmergencyType,
    Expecting,
    GeoJson,
    Identity,
    Instant,
    Line,
    Text,
)
from services.guarantee.domain.warning import WarningStatus, Wording
from services.guarantee.queries import WarningView
from vocabulary import Mode, WarningColour

CAP_XML = "application/cap+xml"

router = APIRouter(tags=["warnings"])


class WordingBody(Body):
    """What a warning says."""

    colour: WarningColour
    headline_zh: Line | None = None
    headline_en: Line | None = None
    description_zh: Text | None = None
    description_en: Text | None = None
    onset: Instant | None = None
    expires_at: Instant | None = None

    def wording(self) -> Wording:
        """Return it as the domain has it."""
        return Wording(
            colour=self.colour,
            headline_zh=self.headline_zh,
            headline_en=self.headline_en,
            description_zh=self.description_zh,
            description_en=self.description_en,
            onset=self.onset,
            expires_at=self.expires_at,
        )


class DraftWarning(WordingBody):
    """A new early warning."""

    mode: Mode = Mode.REAL
    emergency_type: EmergencyType
    areas: tuple[Code, ...] = ()
    area_geojson: GeoJson | None = None
    signal_id: Identity | None = None
    supersedes: tuple[Identity, ...] = ()


class UpdateWarning(WordingBody):
    """What an update says; the area stays."""

    expected_version: int


@router.post("/v1/warnings", status_code=201, responses=edge.answers(WarningView))
async def draft_warning(body: DraftWarning, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Draft an early warning for the approval of a second person."""
    form = commands.WarningForm(
        mode=body.mode,
        emergency_type=body.emergency_type,
        wording=body.wording(),
        divisions=body.areas,
        area_geojson=body.area_geojson,
        signal_id=body.signal_id,
        supersedes=body.supersedes,
    )

    async def draft(uow: UnitOfWork) -> WarningView:
        return queries.warning_view(await commands.draft_warning(uow, form))

    return await edge.command(draft, status=201)


@router.post("/v1/warnings/{id}/approve", responses=edge.answers(WarningView))
async def approve_warning(
    id: str, body: Expecting, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Announce the warning: a commander of the jurisdiction who did not draft it."""

    async def approve(uow: UnitOfWork) -> WarningView:
        issued = await commands.approve_warning(uow, id, expected_version=body.expected_version)
        return queries.warning_view(issued)

    return await edge.command(approve)


@router.post("/v1/warnings/{id}/reject", responses=edge.answers(WarningView))
async def reject_warning(
    id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Lay a draft aside."""

    async def reject(uow: UnitOfWork) -> WarningView:
        rejected = await commands.reject_warning(
            uow, id, expected_version=body.expected_version, reason=body.reason
        )
        return queries.warning_view(rejected)

    return await edge.command(reject)


@router.post("/v1/warnings/{id}/update", status_code=201, responses=edge.answers(WarningView))
async def update_warning(
    id: str, body: UpdateWarning, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Draft an update; approved, it replaces the warning."""

    async def update(uow: UnitOfWork) -> WarningView:
        drafted = await commands.update_warning(
            uow, id, body.wording(), expected_version=body.expected_version
        )
        return queries.warning_view(drafted)

    return await edge.command(update, status=201)


@router.post("/v1/warnings/{id}/cancel", responses=edge.answers(WarningView))
async def cancel_warning(
    id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """End a warning before its time."""

    async def cancel(uow: UnitOfWork) -> WarningView:
        cancelled = await commands.cancel_warning(
            uow, id, expected_version=body.expected_version, reason=body.reason
        )
        return queries.warning_view(cancelled)

    return await edge.command(cancel)


@router.get("/v1/warnings", responses=edge.answers(Page[WarningView]))
async def list_warnings(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Annotated[Mode, Query()] = Mode.REAL,
    status: Annotated[WarningStatus | None, Query()] = None,
    jurisdiction: Annotated[Code | None, Query()] = None,
) -> Response:
    """List early warnings and drafts, newest first."""
    return await edge.read(
        lambda db: queries.warnings(db, page, mode=mode, status=status, jurisdiction=jurisdiction)
    )


@router.get("/v1/warnings/{id}", responses=edge.answers(WarningView))
async def get_warning(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one early warning."""
    return await edge.read(lambda db: queries.warning(db, id))


@router.get("/v1/warnings/{id}/cap", response_class=Response)
async def get_warning_cap(id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Give the latest CAP 1.2 message about the warning."""
    auth.require(edge.caller, frozenset({"viewer"}))
    async with edge.reading() as db:
        return Response(await queries.warning_cap(db, id), media_type=CAP_XML)


for _name, _view, _read in (
    ("warnings", WarningView, queries.warnings_by_id),
    ("active-warnings-by-jurisdiction", list[WarningView], queries.active_warnings_by_jurisdiction),
    ("warnings-by-incident", list[WarningView], queries.warnings_by_incident),
):
    router.include_router(edge.batch(_name, _view, _read))

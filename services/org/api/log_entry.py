"""Routes of the duty log."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from chassis import edge
from chassis.edge import Body, Edge
from chassis.errors import Invalid
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Because, Code, Identity, Text
from services.org.queries import LogEntryView
from vocabulary import Mode

router = APIRouter(tags=["duty log"])


class LogKindReserved(Invalid):
    """SYSTEM entries are written by decisions."""

    slug = "log-kind-reserved"


class AddLogEntry(Body):
    """A line to be signed by the caller; of an incident, it takes the incident's division and mode."""

    incident: Identity | None = None
    jurisdiction: Code
    at: AwareDatetime
    kind: domain.LogKind
    text: Text
    post: Identity | None = None
    attachments: tuple[Identity, ...] = ()
    mode: Mode = Mode.REAL
    exercise_id: Identity | None = None


@router.post("/v1/log-entries", status_code=201, responses=edge.answers(LogEntryView))
async def add_log_entry(body: AddLogEntry, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Sign a line in the duty log."""
    if body.kind is domain.LogKind.SYSTEM:
        raise LogKindReserved("SYSTEM entries are written by decisions.", field=("kind",))

    async def add(uow: UnitOfWork) -> LogEntryView:
        fields = body.model_dump(exclude={"incident"})
        draft = domain.LogEntry(
            id=uow.new_id("log"),
            incident_id=body.incident,
            recorded_at=uow.now,
            by=uow.caller.person or uow.caller.subject,
            organization_id=uow.caller.organization,
            **fields,
        )
        return queries.log_entry_view(await commands.sign_log_entry(uow, draft))

    return await edge.command(add, status=201)


@router.post("/v1/log-entries/{entry_id}/strike", responses=edge.answers(LogEntryView))
async def strike_log_entry(
    entry_id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Strike the line with a reason; it stays readable."""

    async def strike(uow: UnitOfWork) -> LogEntryView:
        return queries.log_entry_view(
            await commands.strike_log_entry(
                uow, entry_id, reason=body.reason, expected_version=body.expected_version
            )
        )

    return await edge.command(strike)


@router.get("/v1/log-entries", responses=edge.answers(Page[LogEntryView]))
async def log_entries(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Mode = Mode.REAL,
    jurisdiction: Code | None = None,
    incident: Identity | None = None,
    organization: Identity | None = None,
    kind: Annotated[list[domain.LogKind], Query()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """List the log, the latest happening first."""
    return await edge.read(
        lambda db: queries.log_entries(
            db,
            page,
            mode=mode,
            jurisdiction=jurisdiction,
            incident=incident,
            organization=organization,
            kind=kind,
        )
    )


@router.get("/v1/log-entries/{entry_id}", responses=edge.answers(LogEntryView))
async def log_entry(entry_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one line."""
    return await edge.read(lambda db: queries.log_entry(db, entry_id))


router.include_router(edge.batch("log-by-incident", list[LogEntryView], queries.log_by_incident))

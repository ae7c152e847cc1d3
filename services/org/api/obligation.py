"""Routes of obligations: the desk, the lists, the confirmation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Because, Code, Identity, Text
from services.org.queries import ObligationFilter, ObligationView
from vocabulary import Mode

router = APIRouter(tags=["obligations"])


class ConfirmObligation(Body):
    """In which of the caller's posts the notice was received."""

    post: Identity
    expected_version: int | None = None


class ReportObligation(Body):
    """What was done, why, and what followed."""

    text: Text
    expected_version: int | None = None


@router.post("/v1/obligations/{obligation_id}/confirm", responses=edge.answers(ObligationView))
async def confirm_obligation(
    obligation_id: str, body: ConfirmObligation, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Confirm that the caller, in that post, knows: the telling stops, the due time runs on."""

    async def confirm(uow: UnitOfWork) -> ObligationView:
        expected = body.expected_version
        obligation = await commands.confirm_obligation(
            uow, obligation_id, post=body.post, expected_version=expected
        )
        return queries.obligation_view(obligation)

    return await edge.command(confirm)


@router.post("/v1/obligations/{obligation_id}/waive", responses=edge.answers(ObligationView))
async def waive_obligation(
    obligation_id: str, body: Because, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Take the obligation back, with the reason."""

    async def waive(uow: UnitOfWork) -> ObligationView:
        obligation = await commands.waive_obligation(
            uow, obligation_id, reason=body.reason, expected_version=body.expected_version
        )
        return queries.obligation_view(obligation)

    return await edge.command(waive)


@router.post("/v1/obligations/{obligation_id}/report", responses=edge.answers(ObligationView))
async def report_obligation(
    obligation_id: str, body: ReportObligation, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Report an emergency override to supervision: into the duty log, signed; that answers it."""

    async def report(uow: UnitOfWork) -> ObligationView:
        obligation = await commands.report_obligation(
            uow, obligation_id, text=body.text, expected_version=body.expected_version
        )
        return queries.obligation_view(obligation)

    return await edge.command(report)


@router.get("/v1/desk", responses=edge.answers(Page[ObligationView]))
async def desk(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Mode = Mode.REAL,
) -> Response:
    """What waits for the caller's organization and posts, soonest due first."""
    caller = edge.caller
    return await edge.read(
        lambda db: queries.desk(
            db, page, organization=caller.organization, posts=caller.posts, mode=mode
        )
    )


@router.get("/v1/obligations", responses=edge.answers(Page[ObligationView]))
async def obligations(
    edge: Annotated[Edge, Depends(edge.edge)],
    page: Annotated[PageRequest, Depends(edge.page)],
    mode: Mode = Mode.REAL,
    state: Annotated[list[domain.ObligationState], Query()] = [],  # noqa: B006 - FastAPI copies it
    kind: Annotated[list[domain.ObligationKind], Query()] = [],  # noqa: B006
    owed_by: Annotated[Identity | None, Query(alias="owedBy")] = None,
    subject: Identity | None = None,
    incident: Identity | None = None,
    activation: Identity | None = None,
    jurisdiction: Code | None = None,
) -> Response:
    """List obligations, soonest due first."""
    wanted = ObligationFilter(
        mode=mode,
        state=state,
        kind=kind,
        owed_by=owed_by,
        subject=subject,
        incident=incident,
        activation=activation,
        jurisdiction=jurisdiction,
    )
    return await edge.read(lambda db: queries.obligations(db, page, wanted))


@router.get("/v1/obligations/{obligation_id}", responses=edge.answers(ObligationView))
async def obligation(obligation_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show one obligation with everyone told so far."""
    return await edge.read(lambda db: queries.obligation(db, obligation_id))


_LIST = list[ObligationView]
router.include_router(edge.batch("obligations", ObligationView, queries.obligations_by_id))
router.include_router(edge.batch("obligations-by-incident", _LIST, queries.obligations_by_incident))
router.include_router(edge.batch("obligations-by-subject", _LIST, queries.obligations_by_subject))
router.include_router(edge.batch("obligations-by-debtor", _LIST, queries.obligations_by_debtor))

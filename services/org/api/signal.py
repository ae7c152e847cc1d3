"""Routes of the responses to signals."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from chassis import edge
from chassis.edge import Body, Edge
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Reason
from services.org.queries import SignalResponseView

router = APIRouter(tags=["signals"])


class AnswerSignal(Body):
    """What the caller decides upon the signal, and why."""

    answer: domain.AnswerKind
    reason: Reason


@router.post("/v1/signals/{signal_id}/answer", responses=edge.answers(SignalResponseView))
async def answer_signal(
    signal_id: str, body: AnswerSignal, edge: Annotated[Edge, Depends(edge.edge)]
) -> Response:
    """Answer the signal for the organization that owes it."""

    async def answer(uow: UnitOfWork) -> SignalResponseView:
        await commands.answer_signal(uow, signal_id, kind=body.answer, reason=body.reason)
        return await queries.signal_response(uow.db, signal_id)

    return await edge.command(answer)


@router.get("/v1/signals/{signal_id}/response", responses=edge.answers(SignalResponseView))
async def signal_response(signal_id: str, edge: Annotated[Edge, Depends(edge.edge)]) -> Response:
    """Show which response followed the signal."""
    return await edge.read(lambda db: queries.signal_response(db, signal_id))


router.include_router(edge.batch("signal-responses", SignalResponseView, queries.signal_responses))

"""What an operator asks and does about messages: outbox, ledger, parked, quarantine, restore."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, Field, model_validator
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import consumer, edge, parking, quarantine, restore, rewind, streams
from chassis.edge import Body, Edge
from chassis.errors import Conflict, DomainError, Quarantine, missing
from chassis.listener import Listener
from chassis.operator import OPERATOR
from chassis.reconciliation import Reconciliation
from chassis.traffic import ledger, reconciler, tracing
from chassis.unit_of_work import UnitOfWork

MOST = 500
router = APIRouter(prefix="/v1/operator", tags=["operator"])

AnEdge = Annotated[Edge, Depends(edge.edge)]


class ReplayFailed(Conflict):
    """The message still cannot be handled; it stays in quarantine."""

    slug = "replay-failed"


class Rewind(Body):
    """What is to be said again: exactly one of a time, a range of rows, or one aggregate."""

    since: AwareDatetime | None = None
    first_seq: Annotated[int, Field(ge=1, le=2**62)] | None = None
    last_seq: Annotated[int, Field(ge=1, le=2**62)] | None = None
    aggregate: str | None = None
    id: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Rewind:
        ways = (
            self.since is not None,
            self.first_seq is not None and self.last_seq is not None,
            self.aggregate is not None and self.id is not None,
        )
        given = sum(value is not None for value in self.model_dump().values())
        if sum(ways) != 1 or given != (1 if ways[0] else 2):
            raise ValueError("give since, or firstSeq and lastSeq, or aggregate and id")
        return self

    def selection(self) -> ColumnElement[bool]:
        """Return which rows of the outbox are meant."""
        if self.since is not None:
            return rewind.since(self.since)
        if self.first_seq is not None and self.last_seq is not None:
            return rewind.between(self.first_seq, self.last_seq)
        return rewind.of_aggregate(self.aggregate or "", self.id or "")

    def words(self) -> str:
        """Return the same for the audit, in one line."""
        given = self.model_dump(mode="json", exclude_none=True)
        return " ".join(f"{name}={value}" for name, value in given.items())


class Reason(Body):
    """Why a person decided so; kept with the decision."""

    reason: Annotated[str, Field(min_length=3, max_length=1000)]


class Asked(Body):
    """What to tell about: ids of events or of objects, or correlations."""

    keys: Annotated[
        list[Annotated[str, Field(max_length=200)]], Field(min_length=1, max_length=500)
    ]


@router.get("/reconciliation", responses=edge.answers(Reconciliation))
async def read_reconciliation(edge: AnEdge) -> Response:
    """Say what the last comparison of outbox, streams and inbox found, and when that was."""

    async def latest(_: AsyncConnection) -> Reconciliation:
        return edge.runtime.reconciliation.found

    return await edge.read(latest, roles=OPERATOR)


@router.post("/reconciliation", responses=edge.answers(Reconciliation))
async def reconcile_now(edge: AnEdge) -> Response:
    """Compare everything from the beginning of every stream, now."""
    service = edge.request.app.state.service

    async def whole(_: AsyncConnection) -> Reconciliation:
        return await reconciler.whole(edge.runtime, service.published, service.subscriptions)

    return await edge.read(whole, roles=OPERATOR)


@router.post("/trace", responses=edge.answers(tracing.TraceView))
async def trace(body: Asked, edge: AnEdge) -> Response:
    """Tell when events were said, stored and heard here; it changes nothing."""

    async def find(db: AsyncConnection) -> tracing.TraceView:
        return await tracing.about(db, body.keys)

    return await edge.read(find, roles=OPERATOR)


@router.get("/outbox", responses=edge.answers(ledger.OutboxView))
async def read_outbox(edge: AnEdge) -> Response:
    """Say how much waits to be said, since when, and whether writes are refused."""
    return await edge.read(ledger.outbox, roles=OPERATOR)


@router.post("/outbox/rewind", responses=edge.answers(dict[str, int]))
async def rewind_outbox(body: Rewind, edge: AnEdge) -> Response:
    """Have events be said again; who has heard them knows them by their ids."""

    async def again(uow: UnitOfWork) -> dict[str, int]:
        return {"saidAgain": await rewind.rewind(uow.db, body.selection())}

    return await edge.operate(again, "rewind_outbox", kind="outbox", id=body.words())


@router.get("/ledger", responses=edge.answers(ledger.LedgerView))
async def read_ledger(
    edge: AnEdge,
    said_after: Annotated[int, Query(alias="saidAfter", ge=0, le=2**62)] = 0,
    heard_after: Annotated[int, Query(alias="heardAfter", ge=0, le=2**62)] = 0,
) -> Response:
    """List what was said and what was heard, for accounting what was lost or doubled."""

    async def find(db: AsyncConnection) -> ledger.LedgerView:
        return await ledger.read(db, said_after=said_after, heard_after=heard_after)

    return await edge.read(find, roles=OPERATOR)


@router.get("/parked", responses=edge.answers(dict[str, list[Any]]))
async def list_parked(edge: AnEdge) -> Response:
    """List what came before its predecessor; older than a minute, an event was lost."""

    async def find(db: AsyncConnection) -> dict[str, object]:
        return {"nodes": await parking.listing(db, limit=MOST)}

    return await edge.read(find, roles=OPERATOR)


@router.get("/quarantine", responses=edge.answers(dict[str, list[Any]]))
async def list_quarantine(edge: AnEdge) -> Response:
    """List the messages set aside; each holds the later events of its aggregate."""

    async def find(db: AsyncConnection) -> dict[str, object]:
        return {"nodes": await quarantine.listing(db, limit=MOST)}

    return await edge.read(find, roles=OPERATOR)


@router.post("/quarantine/{id}/replay", responses=edge.answers(dict[str, str]))
async def replay_quarantined(id: str, edge: AnEdge) -> Response:
    """Handle the message again; when that succeeds its aggregate goes on."""

    async def again(uow: UnitOfWork) -> dict[str, str]:
        held = await quarantine.load(uow.db, id)
        try:
            await consumer.replay(_listener(edge, held.consumer), uow, held)
        except DomainError:
            raise
        except (Quarantine, Exception) as error:
            raise ReplayFailed(f"{type(error).__name__}: {error}") from error
        return {"id": id, "resolution": "REPLAYED"}

    return await edge.operate(again, "replay_quarantined", kind="quarantine", id=id)


@router.post("/quarantine/{id}/discard", responses=edge.answers(dict[str, str]))
async def discard_quarantined(id: str, body: Reason, edge: AnEdge) -> Response:
    """Give the message up, for a stated reason; its aggregate goes on without it."""

    async def give_up(uow: UnitOfWork) -> dict[str, str]:
        held = await quarantine.load(uow.db, id)
        await quarantine.discard(uow, _listeners(edge).get(held.consumer), held, reason=body.reason)
        return {"id": id, "resolution": "DISCARDED"}

    return await edge.operate(give_up, "discard_quarantined", kind="quarantine", id=id)


@router.post("/restore/finish", responses=edge.answers(restore.Finished))
async def finish_restore(body: Reason, edge: AnEdge) -> Response:
    """Accept writes again in a new epoch, and say what this database has forgotten."""
    runtime = edge.runtime
    owned = streams.owned(runtime.service, edge.request.app.state.service.published)

    async def finish(uow: UnitOfWork) -> restore.Finished:
        return await restore.finish(
            uow.db, runtime.broker, owned, clock=runtime.clock, reason=body.reason
        )

    return await edge.operate(finish, "finish_restore", kind="service", id=runtime.service)


def _listener(edge: Edge, name: str) -> Listener:
    """Return who heard it. Raises NotFound when the service no longer listens there."""
    found = _listeners(edge).get(name)
    if found is None:
        raise missing("consumer", name)
    return found


def _listeners(edge: Edge) -> dict[str, Listener]:
    return consumer.listeners_of(edge.runtime, edge.request.app.state.service.subscriptions)

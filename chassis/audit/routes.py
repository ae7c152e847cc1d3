"""What an operator asks of a service's audit: lists for an investigator, the chain for a verifier.

The chain is handed out, not judged, here: whether a service's audit is whole is computed where the
operator is.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import edge
from chassis.audit import anchoring, queries
from chassis.audit.queries import AnchorsView, AnchorView, LinksView, RecordsView, UnlinkedView
from chassis.broker import AWAY, Broker
from chassis.edge import Edge
from chassis.errors import Invalid, Unavailable
from chassis.operator import OPERATOR
from chassis.streams import AUDIT

HIGHEST = 2**62
router = APIRouter(prefix="/v1/operator/audit", tags=["operator"])

AnEdge = Annotated[Edge, Depends(edge.edge)]
First = Annotated[int, Query(ge=1, le=queries.MOST, description="At most 1000.")]
After = Annotated[int, Query(ge=0, le=HIGHEST)]


class AnchorsAway(Unavailable):
    """The anchors lie with the broker, and it cannot be asked."""

    slug = "broker-away"


@router.get("/records", responses=edge.answers(RecordsView))
async def list_audit(
    edge: AnEdge,
    object: Annotated[str | None, Query(description="kind/id", max_length=200)] = None,
    subject: Annotated[str | None, Query(max_length=200)] = None,
    since: Annotated[AwareDatetime | None, Query(description="wall time of recording")] = None,
    before: Annotated[int | None, Query(ge=1, le=HIGHEST)] = None,
    first: First = 100,
) -> Response:
    """List decisions and what they changed, newest first."""
    wanted = None if object is None else _kind_and_id(object)

    async def find(db: AsyncConnection) -> RecordsView:
        return await queries.records(
            db, object=wanted, subject=subject, since=since, before=before, limit=first
        )

    return await edge.read(find, roles=OPERATOR)


@router.get("/links", responses=edge.answers(LinksView))
async def list_audit_links(edge: AnEdge, after: After = 0, first: First = 500) -> Response:
    """Hand out the chain with its records, in order of position."""

    async def find(db: AsyncConnection) -> LinksView:
        return await queries.links(db, after=after, limit=first)

    return await edge.read(find, roles=OPERATOR)


@router.get("/unlinked", responses=edge.answers(UnlinkedView))
async def list_unlinked_audit(edge: AnEdge) -> Response:
    """List what has been recorded and is not in the chain yet."""
    return await edge.read(queries.unlinked, roles=OPERATOR)


@router.get("/anchors", responses=edge.answers(AnchorsView))
async def list_audit_anchors(
    edge: AnEdge, after: After = 0, until: After = HIGHEST, first: First = 100
) -> Response:
    """Hand out the heads that the broker holds for this service, in order."""
    runtime = edge.runtime

    async def find(_: AsyncConnection) -> AnchorsView:
        if not runtime.broker.is_connected:
            raise AnchorsAway("The broker is away.", remedy="Ask again when it is back.")
        try:
            return await _anchors(
                runtime.broker, runtime.service, after=after, until=until, limit=first
            )
        except AWAY as error:
            raise AnchorsAway(f"The broker does not answer: {error}") from error

    return await edge.read(find, roles=OPERATOR)


async def _anchors(
    broker: Broker, service: str, *, after: int, until: int, limit: int
) -> AnchorsView:
    js = await broker.ready()
    last_seq = (await js.stream_info(AUDIT.name)).state.last_seq
    nodes: list[AnchorView] = []
    async for one in anchoring.read(broker, service, after=after, until=min(until, last_seq)):
        nodes.append(AnchorView(seq=one.seq, anchor=one.anchor))
        if len(nodes) == limit:
            break
    return AnchorsView(nodes=nodes, last_seq=last_seq)


def _kind_and_id(text: str) -> tuple[str, str]:
    kind, slash, identity = text.partition("/")
    if not (kind and slash and identity):
        raise Invalid("An object is named as kind/id.", field=("object",))
    return kind, identity

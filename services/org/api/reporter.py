"""Routes of reporters: masked to read, whole for a stated purpose, held, destroyed."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import edge, sealing
from chassis.edge import Body, Edge
from chassis.errors import Invalid
from chassis.policy import EVERYTHING, enter
from chassis.sealing import Ring
from chassis.unit_of_work import UnitOfWork
from services.org import commands, domain, queries
from services.org.api.bodies import Because, Expecting
from services.org.commands import target
from services.org.queries import ReporterView

router = APIRouter(tags=["reporters"])


class RevealReporter(Body):
    """What the whole data is needed for."""

    purpose: domain.Purpose


class PersonView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who told, whole; never kept by anything that answers for this service."""

    report: str
    purpose: str
    name: str | None
    phone: str | None
    longitude: float | None
    latitude: float | None


class RewrappedView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many keys were wrapped anew; 0 means that none is left under an older key."""

    rewrapped: int


class AnswerNotKept(Invalid):
    """The answer holds personal data, so that no key may keep it."""

    slug = "answer-not-kept"


def ring(edge: Annotated[Edge, Depends(edge.edge)]) -> Ring:
    """Return the keys as they lie in the file at this moment."""
    return sealing.read(edge.runtime.settings.keys_file)


@router.get("/v1/reports/{report_id}/reporter", responses=edge.answers(ReporterView))
async def reporter(
    report_id: str,
    edge: Annotated[Edge, Depends(edge.edge)],
    ring: Annotated[Ring, Depends(ring)],
) -> Response:
    """Show who told, masked."""

    async def shown(db: AsyncConnection) -> ReporterView:
        found = await queries.reporter(db, report_id, ring=ring)
        targets = await target.all_of(db, "reporter", [report_id])
        edge.require("view_reporter", targets[report_id])
        return found

    return await edge.read(shown)


@router.post("/v1/reports/{report_id}/reporter/reveal", responses=edge.answers(PersonView))
async def reveal_reporter(
    report_id: str,
    body: RevealReporter,
    edge: Annotated[Edge, Depends(edge.edge)],
    ring: Annotated[Ring, Depends(ring)],
) -> Response:
    """Show who told, whole; each look is recorded, so that it takes no Idempotency-Key."""
    if "Idempotency-Key" in edge.request.headers:
        raise AnswerNotKept(
            "Each look is one of its own, and its answer is not kept.",
            field=("Idempotency-Key",),
            remedy="Send it without the key.",
        )

    async def reveal(uow: UnitOfWork) -> PersonView:
        person = await commands.reveal_reporter(uow, report_id, body.purpose, ring=ring)
        place = person.place
        return PersonView(
            report=report_id,
            purpose=body.purpose.value,
            name=person.name,
            phone=person.phone,
            longitude=place.longitude if place else None,
            latitude=place.latitude if place else None,
        )

    return await edge.command(reveal)


@router.post("/v1/reports/{report_id}/reporter/hold", responses=edge.answers(ReporterView))
async def hold_reporter(
    report_id: str,
    body: Because,
    edge: Annotated[Edge, Depends(edge.edge)],
    ring: Annotated[Ring, Depends(ring)],
) -> Response:
    """Keep the data for a legal reason, whatever falls due."""

    async def hold(uow: UnitOfWork) -> ReporterView:
        await commands.hold_reporter(
            uow, report_id, reason=body.reason, expected_version=body.expected_version
        )
        return await _shown(edge, uow, report_id, ring)

    return await edge.command(hold)


@router.post("/v1/reports/{report_id}/reporter/release", responses=edge.answers(ReporterView))
async def release_reporter(
    report_id: str,
    body: Expecting,
    edge: Annotated[Edge, Depends(edge.edge)],
    ring: Annotated[Ring, Depends(ring)],
) -> Response:
    """End the hold; what is over its time is destroyed at once."""

    async def release(uow: UnitOfWork) -> ReporterView:
        await commands.release_reporter(uow, report_id, expected_version=body.expected_version)
        return await _shown(edge, uow, report_id, ring)

    return await edge.command(release)


@router.post("/v1/reports/{report_id}/reporter/erase", responses=edge.answers(ReporterView))
async def erase_reporter(
    report_id: str,
    body: Because,
    edge: Annotated[Edge, Depends(edge.edge)],
    ring: Annotated[Ring, Depends(ring)],
) -> Response:
    """Destroy the data before its time, as the reporter may ask."""

    async def erase(uow: UnitOfWork) -> ReporterView:
        await commands.erase_reporter(
            uow, report_id, reason=body.reason, expected_version=body.expected_version
        )
        return await _shown(edge, uow, report_id, ring)

    return await edge.command(erase)


@router.post("/v1/reporters/rewrap", responses=edge.answers(RewrappedView))
async def rewrap_reporters(
    edge: Annotated[Edge, Depends(edge.edge)], ring: Annotated[Ring, Depends(ring)]
) -> Response:
    """Wrap up to 200 keys anew under the current one; ask again until it says 0."""

    async def rewrap(uow: UnitOfWork) -> RewrappedView:
        return RewrappedView(rewrapped=await commands.rewrap_reporters(uow, ring=ring))

    return await edge.operate(rewrap, "rewrap_reporters", kind="reporter", id="all")


async def _shown(edge: Edge, uow: UnitOfWork, report_id: str, ring: Ring) -> ReporterView:
    """The reporter as the caller reads it: other reports only where they may be seen."""
    policy = edge.runtime.policy
    if policy is not None:
        await enter(uow.db, policy.scope(uow.caller, now=uow.now))
    view = await queries.reporter(uow.db, report_id, ring=ring)
    await enter(uow.db, EVERYTHING)
    return view

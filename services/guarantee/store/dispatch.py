"""Dispatches as rows, and the bookings that keep a resource from being promised twice."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.guarantee.domain.dispatch import Dispatch
from services.guarantee.domain.ledger import Ledger
from services.guarantee.store.incident import sealed_with
from services.guarantee.store.tables import BOOKING, DISPATCH

EXCLUSION_VIOLATION = "23P01"


async def get_dispatch(db: AsyncConnection, id: str) -> Dispatch:
    """Return the dispatch, its row locked. Raises NotFound."""
    return await documents.load(db, DISPATCH, id, Dispatch, lock=True)


async def requirement_of(db: AsyncConnection, id: str) -> str:
    """Return the requirement that a dispatch serves, which never changes. Raises NotFound."""
    return (await documents.load(db, DISPATCH, id, Dispatch)).requirement_id


async def dispatches_of(
    db: AsyncConnection, requirement_ids: Sequence[str]
) -> dict[str, list[Dispatch]]:
    """Return the dispatches for each requirement, their rows locked."""
    found = await documents.find(
        db, DISPATCH, Dispatch, DISPATCH.c.requirement_id.in_(requirement_ids), lock=True
    )
    return {key: [one for one in found if one.requirement_id == key] for key in requirement_ids}


async def put_dispatch(db: AsyncConnection, dispatch: Dispatch) -> Dispatch:
    """Store the dispatch."""
    sealed = sealed_with(dispatch.incident_id)
    return await documents.save(db, DISPATCH, dispatch, incident_sealed=sealed)


async def held(
    db: AsyncConnection, resource_ids: Sequence[str], ledger: Ledger
) -> dict[str, float]:
    """Return how much of each resource is held now in the ledger."""
    statement = (
        select(BOOKING.c.resource_id, func.sum(BOOKING.c.quantity))
        .where(
            BOOKING.c.resource_id.in_(resource_ids),
            *in_ledger(ledger),
            func.upper_inf(BOOKING.c.during),
        )
        .group_by(BOOKING.c.resource_id)
    )
    return {resource_id: quantity for resource_id, quantity in await db.execute(statement)}


def in_ledger(ledger: Ledger) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a booking stands in the ledger."""
    exercise = BOOKING.c.exercise_id
    return BOOKING.c.mode == ledger.mode, exercise.is_not_distinct_from(ledger.exercise_id)


async def book_whole(db: AsyncConnection, dispatch: Dispatch) -> bool:
    """Hold the resource for the dispatch; False, and nothing changed, when somebody holds it already."""
    try:
        async with db.begin_nested():  # a refused insert must not undo the rest of the claim
            await _insert(db, dispatch)
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != EXCLUSION_VIOLATION:
            raise
        return False
    return True


async def book_part(db: AsyncConnection, dispatch: Dispatch, stock: float) -> bool:
    """Hold a part of a stock whose row the caller has locked; False when not enough is left."""
    taken = (await held(db, [dispatch.resource_id], dispatch.ledger)).get(dispatch.resource_id, 0.0)
    if taken + dispatch.quantity > stock:
        return False
    await _insert(db, dispatch)
    return True


async def end_booking(db: AsyncConnection, dispatch_id: str, at: datetime) -> None:
    """Let go of what the dispatch holds, from `at` on."""
    await db.execute(
        BOOKING.update()
        .where(BOOKING.c.dispatch_id == dispatch_id, func.upper_inf(BOOKING.c.during))
        .values(during=func.tstzrange(func.lower(BOOKING.c.during), at))
    )


async def _insert(db: AsyncConnection, dispatch: Dispatch) -> None:
    await db.execute(
        BOOKING.insert().values(
            dispatch_id=dispatch.id,
            resource_id=dispatch.resource_id,
            mode=dispatch.mode,
            exercise_id=dispatch.exercise_id,
            during=Range(dispatch.ordered_at, None),
            quantity=dispatch.quantity,
            is_whole=dispatch.is_whole,
        )
    )

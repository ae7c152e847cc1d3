"""Reads of coordination requests, and the figures of who answers whom how fast."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import paging
from chassis.documents import load
from services.org.domain import CoordinationRequest, Need, PairFigures, pair_figures
from services.org.queries import views
from services.org.store import tables
from vocabulary import Mode

_TABLE = tables.coordination_request
MOST_FOR_FIGURES = 10_000  # the newest; a city's requests of a month are hundreds


class NeedView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """So much of a capability."""

    capability: str
    quantity: float
    unit: str


class CoordinationRequestView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who asks whom for what, and the time of each step."""

    id: str
    version: int
    status: str
    title: str
    text: str
    need: NeedView | None
    urgency: str
    from_organization: str
    to_organization: str
    jurisdiction: str
    incident_id: str | None
    mode: str
    exercise_id: str | None
    needed_by: datetime | None
    requested_at: datetime
    answer_due_at: datetime
    rule: str
    acknowledged_at: datetime | None
    answered_at: datetime | None
    promised_by: datetime | None
    limited: str | None
    ground: str | None
    reason: str | None
    completed_at: datetime | None
    result: str | None
    withdrawn_at: datetime | None
    withdrawn_because: str | None
    escalated_to: str | None
    escalated_at: datetime | None
    direction: str | None
    directed_at: datetime | None
    directed_by: str | None


class PairFiguresView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What one organization asked of another; minutes and shares are null while nothing is known."""

    from_organization: str
    to_organization: str
    asked: int
    answered: int
    declined: int
    completed: int
    unanswered_late: int
    acknowledge_median_minutes: float | None
    answer_median_minutes: float | None
    answer_p90_minutes: float | None
    complete_median_minutes: float | None
    on_time_share: float | None


async def coordination_request(db: AsyncConnection, request_id: str) -> CoordinationRequestView:
    """Return the request. Raises NotFound."""
    return coordination_request_view(await load(db, _TABLE, request_id, CoordinationRequest))


async def coordination_requests(
    db: AsyncConnection,
    request: paging.PageRequest,
    *,
    mode: Mode,
    status: Sequence[str],
    **given: str | None,
) -> paging.Page[CoordinationRequestView]:
    """Return requests, the newest first; `jurisdiction` includes the divisions in it.

    Of `given` the other names are columns: `incident_id`, `from_organization`, `to_organization`.
    """
    jurisdiction = given.pop("jurisdiction", None)
    where = [_TABLE.c.mode == mode]
    where += [_TABLE.c[name] == value for name, value in given.items() if value is not None]
    if status:
        where.append(_TABLE.c.status.in_(list(status)))
    if jurisdiction is not None:
        where.append(views.within(_TABLE.c.jurisdiction, jurisdiction))
    return await paging.page(
        db,
        views.whole(_TABLE, *where),
        request,
        order_by=[_TABLE.c.requested_at.desc(), _TABLE.c.id.desc()],
        view=views.decode(CoordinationRequest, coordination_request_view),
    )


async def coordination_figures(
    db: AsyncConnection, *, jurisdiction: str, since: datetime, mode: Mode, now: datetime
) -> list[PairFiguresView]:
    """Return how each pair of organizations answered since then, the slowest first."""
    statement = (
        views.whole(
            _TABLE,
            _TABLE.c.mode == mode,
            _TABLE.c.requested_at >= since,
            views.within(_TABLE.c.jurisdiction, jurisdiction),
        )
        .order_by(_TABLE.c.requested_at.desc())
        .limit(MOST_FOR_FIGURES)
    )
    decoder = msgspec.json.Decoder(CoordinationRequest)
    found = [decoder.decode(row[0]) for row in await db.execute(statement)]
    return [_figures(one) for one in pair_figures(found, now=now)]


async def coordination_requests_by_id(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, CoordinationRequestView]:
    """Return the requests of these ids."""
    shape = views.decode(CoordinationRequest, coordination_request_view)
    return await views.by_key(db, views.whole(_TABLE), _TABLE.c.id, keys, shape=shape)


async def coordination_requests_by_incident(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[CoordinationRequestView]]:
    """Return the requests of each incident, oldest first."""
    return await views.lists_by_key(
        db,
        views.whole(_TABLE),
        _TABLE.c.incident_id,
        keys,
        shape=views.decode(CoordinationRequest, coordination_request_view),
        order_by=[_TABLE.c.requested_at, _TABLE.c.id],
    )


def coordination_request_view(one: CoordinationRequest) -> CoordinationRequestView:
    """The request as readers see it."""
    return CoordinationRequestView(
        id=one.id,
        version=one.version,
        status=one.status.value,
        title=one.title,
        text=one.text,
        need=_need(one.need),
        urgency=one.urgency.value,
        from_organization=one.from_organization,
        to_organization=one.to_organization,
        jurisdiction=one.jurisdiction,
        incident_id=one.incident_id,
        mode=one.mode.value,
        exercise_id=one.exercise_id,
        needed_by=one.needed_by,
        requested_at=one.requested_at,
        answer_due_at=one.answer_due_at,
        rule=one.rule,
        acknowledged_at=one.acknowledged_at,
        answered_at=one.answered_at,
        promised_by=one.promised_by,
        limited=one.limited,
        ground=one.ground.value if one.ground else None,
        reason=one.reason,
        completed_at=one.completed_at,
        result=one.result,
        withdrawn_at=one.withdrawn_at,
        withdrawn_because=one.withdrawn_because,
        escalated_to=one.escalated_to,
        escalated_at=one.escalated_at,
        direction=one.direction.value if one.direction else None,
        directed_at=one.directed_at,
        directed_by=one.directed_by,
    )


def _need(one: Need | None) -> NeedView | None:
    if one is None:
        return None
    return NeedView(capability=one.capability, quantity=one.quantity, unit=one.unit)


def _figures(one: PairFigures) -> PairFiguresView:
    return PairFiguresView(
        from_organization=one.from_organization,
        to_organization=one.to_organization,
        asked=one.asked,
        answered=one.answered,
        declined=one.declined,
        completed=one.completed,
        unanswered_late=one.unanswered_late,
        acknowledge_median_minutes=one.acknowledge_median_minutes,
        answer_median_minutes=one.answer_median_minutes,
        answer_p90_minutes=one.answer_p90_minutes,
        complete_median_minutes=one.complete_median_minutes,
        on_time_share=one.on_time_share,
    )

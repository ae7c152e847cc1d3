"""Reads of obligations: what is owed, soonest first, and who has been reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from services.org.domain import Notice, Obligation, is_in_time, reached
from services.org.queries import views
from services.org.store import tables
from vocabulary import Mode

_TABLE = tables.obligation
_OPEN = ("OWED", "OVERDUE")


class SubjectView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the clock is on."""

    kind: str
    id: str


class NoticeView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One attempt to reach one post over one channel."""

    post: str
    organization_id: str
    channel: str
    rung: int
    sent_at: datetime
    delivered_at: datetime | None
    confirmed_at: datetime | None
    failure: str | None


class ObligationView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`reached` says whether a person is known to have been; `inTime` is null where nothing is held."""

    id: str
    version: int
    kind: str
    state: str
    title_zh: str
    title_en: str
    owed_by: str
    owed_to: str | None
    subject: SubjectView
    jurisdiction: str
    mode: str
    exercise_id: str | None
    created_at: datetime
    due_at: datetime
    overdue_at: datetime | None
    answered_at: datetime | None
    answered_by: str | None
    waived_because: str | None
    in_time: bool | None
    system_was_up: bool | None
    rule: str
    reached: str
    notices: tuple[NoticeView, ...]
    incident_id: str | None
    activation_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationFilter:
    """Every condition given must hold; `jurisdiction` includes the divisions in it."""

    mode: Mode = Mode.REAL
    state: Sequence[str] = ()
    kind: Sequence[str] = ()
    owed_by: str | None = None
    subject: str | None = None
    incident: str | None = None
    activation: str | None = None
    jurisdiction: str | None = None


async def obligation(db: AsyncConnection, obligation_id: str) -> ObligationView:
    """Return the obligation. Raises NotFound."""
    return obligation_view(await documents.load(db, _TABLE, obligation_id, Obligation))


async def obligations(
    db: AsyncConnection, request: paging.PageRequest, wanted: ObligationFilter
) -> paging.Page[ObligationView]:
    """Return obligations, soonest due first."""
    return await _page(db, request, views.whole(_TABLE, *_conditions(wanted)))


async def desk(
    db: AsyncConnection,
    request: paging.PageRequest,
    *,
    organization: str | None,
    posts: Sequence[str],
    mode: Mode,
) -> paging.Page[ObligationView]:
    """Return what waits for the organization, or was told to one of the posts, soonest due first."""
    mine = or_(_TABLE.c.owed_by == organization, _TABLE.c.told.overlap(list(posts)))
    where = (mine, _TABLE.c.state.in_(_OPEN), _TABLE.c.mode == mode)
    return await _page(db, request, views.whole(_TABLE, *where))


async def obligations_by_id(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, ObligationView]:
    """Return the obligations of these ids."""
    return await views.by_key(db, views.whole(_TABLE), _TABLE.c.id, keys, shape=_shape())


async def obligations_by_incident(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[ObligationView]]:
    """Return the obligations of each incident."""
    return await _lists(db, _TABLE.c.incident_id, keys, views.whole(_TABLE))


async def obligations_by_subject(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[ObligationView]]:
    """Return the obligations on each object."""
    return await _lists(db, _TABLE.c.subject_id, keys, views.whole(_TABLE))


async def obligations_by_debtor(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[ObligationView]]:
    """Return what each organization owes now, of the mode asked for."""
    mode = views.mode_of(args)
    statement = views.whole(_TABLE, _TABLE.c.state.in_(_OPEN), _TABLE.c.mode == mode)
    return await _lists(db, _TABLE.c.owed_by, keys, statement)


def obligation_view(one: Obligation) -> ObligationView:
    """The obligation as readers see it: posts, never persons or numbers."""
    return ObligationView(
        id=one.id,
        version=one.version,
        kind=one.kind.value,
        state=one.state.value,
        title_zh=one.title_zh,
        title_en=one.title_en,
        owed_by=one.owed_by,
        owed_to=one.owed_to,
        subject=SubjectView(kind=one.subject.kind.value, id=one.subject.id),
        jurisdiction=one.jurisdiction,
        mode=one.mode.value,
        exercise_id=one.exercise_id,
        created_at=one.created_at,
        due_at=one.due_at,
        overdue_at=one.overdue_at,
        answered_at=one.answered_at,
        answered_by=one.answered_by,
        waived_because=one.waived_because,
        in_time=is_in_time(one),
        system_was_up=one.system_was_up,
        rule=one.rule,
        reached=reached(one).value,
        notices=tuple(_notice(each) for each in one.notices),
        incident_id=one.incident_id,
        activation_id=one.activation_id,
    )


def _notice(one: Notice) -> NoticeView:
    return NoticeView(
        post=one.post,
        organization_id=one.organization_id,
        channel=one.channel,
        rung=one.rung,
        sent_at=one.sent_at,
        delivered_at=one.delivered_at,
        confirmed_at=one.confirmed_at,
        failure=one.failure,
    )


def _conditions(wanted: ObligationFilter) -> list[ColumnElement[bool]]:
    given = [
        (_TABLE.c.owed_by, wanted.owed_by),
        (_TABLE.c.subject_id, wanted.subject),
        (_TABLE.c.incident_id, wanted.incident),
        (_TABLE.c.activation_id, wanted.activation),
        (_TABLE.c.mode, wanted.mode),
    ]
    where = [column == value for column, value in given if value is not None]
    if wanted.state:
        where.append(_TABLE.c.state.in_(list(wanted.state)))
    if wanted.kind:
        where.append(_TABLE.c.kind.in_(list(wanted.kind)))
    if wanted.jurisdiction is not None:
        where.append(views.within(_TABLE.c.jurisdiction, wanted.jurisdiction))
    return where


async def _page(
    db: AsyncConnection, request: paging.PageRequest, statement: Select[Any]
) -> paging.Page[ObligationView]:
    order = [_TABLE.c.due_at, _TABLE.c.id]
    return await paging.page(db, statement, request, order_by=order, view=_shape())


async def _lists(
    db: AsyncConnection,
    column: Column[Any],
    keys: Sequence[str],
    statement: Select[Any],
) -> dict[str, list[ObligationView]]:
    order = [_TABLE.c.due_at, _TABLE.c.id]
    return await views.lists_by_key(db, statement, column, keys, shape=_shape(), order_by=order)


def _shape() -> Any:  # noqa: ANN401 - what views.decode gives, made once a read
    return views.decode(Obligation, obligation_view)


async def obligations_by_state(db: AsyncConnection) -> dict[str, int]:
    """How many real obligations are open, and how many of these overdue; exercises do not count."""
    state = _TABLE.c.state
    query = (
        select(state, func.count())
        .where(state.in_(_OPEN), _TABLE.c.mode == Mode.REAL.value)
        .group_by(state)
    )
    counts = {found: count for found, count in await db.execute(query)}
    return {"open": sum(counts.values()), "overdue": counts.get("OVERDUE", 0)}

"""Reads of orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column, Select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents, paging
from services.org.domain import Order, OrderedMeasure, Receipt, legal_basis
from services.org.queries import views
from services.org.store import tables
from vocabulary import DutyKind, Mode

_TABLE = tables.order


class DutyView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What taking the measure obliges to; `withinMinutes` null: the article sets no time."""

    kind: DutyKind
    text_zh: str
    text_en: str
    within_minutes: int | None


class OrderMeasureView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A measure with what it rests on; `ordered` is false for what a draft holds or the law refused.

    `lapsedAt` is since when the law allows no more what is ordered.
    """

    code: str
    text_zh: str | None
    text_en: str | None
    legal_basis: str | None
    legal_verdict: str
    legal_missing: str | None
    who_may_grant: tuple[str, ...]
    duties: tuple[DutyView, ...]
    addressees: tuple[str, ...]
    ordered: bool
    lapsed_at: datetime | None
    lapsed_because: str | None


class ReceiptView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where one addressee stands with the order."""

    organization_id: str
    delivered_at: datetime | None
    confirmed_at: datetime | None
    done_at: datetime | None


class OrderView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A directive; a draft has no number and binds nobody."""

    id: str
    version: int
    number: str | None
    status: str
    title_zh: str
    title_en: str
    jurisdiction: str
    organization_id: str
    activation_id: str | None
    incident_id: str | None
    mode: str
    exercise_id: str | None
    measures: tuple[OrderMeasureView, ...]
    receipts: tuple[ReceiptView, ...]
    drafted_at: datetime
    issued_at: datetime | None
    issued_by: str | None
    effective_from: datetime | None
    effective_until: datetime | None
    lifted_at: datetime | None
    lifted_because: str | None
    override_id: str | None


async def order(db: AsyncConnection, order_id: str) -> OrderView:
    """Return the order. Raises NotFound."""
    return order_view(await documents.load(db, _TABLE, order_id, Order))


async def orders(
    db: AsyncConnection,
    request: paging.PageRequest,
    *,
    mode: Mode,
    jurisdiction: str | None,
    status: Sequence[str],
    activation: str | None,
    incident: str | None,
) -> paging.Page[OrderView]:
    """Return orders, the newest first; `jurisdiction` includes the divisions in it."""
    given = [
        (_TABLE.c.mode, mode),
        (_TABLE.c.activation_id, activation),
        (_TABLE.c.incident_id, incident),
    ]
    where = [column == value for column, value in given if value is not None]
    if status:
        where.append(_TABLE.c.status.in_(list(status)))
    if jurisdiction is not None:
        where.append(views.within(_TABLE.c.jurisdiction, jurisdiction))
    return await paging.page(
        db,
        views.whole(_TABLE, *where),
        request,
        order_by=[_TABLE.c.drafted_at.desc(), _TABLE.c.id.desc()],
        view=views.decode(Order, order_view),
    )


async def orders_by_id(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, OrderView]:
    """Return the orders of these ids."""
    shape = views.decode(Order, order_view)
    return await views.by_key(db, views.whole(_TABLE), _TABLE.c.id, keys, shape=shape)


async def orders_by_incident(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[OrderView]]:
    """Return the orders of each incident, oldest first."""
    return await _lists(db, _TABLE.c.incident_id, keys, views.whole(_TABLE))


async def orders_by_activation(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[OrderView]]:
    """Return the orders of each activation, oldest first."""
    return await _lists(db, _TABLE.c.activation_id, keys, views.whole(_TABLE))


async def drafts_by_activation(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, OrderView]:
    """Return the order of each activation that waits for a signature."""
    statement = views.whole(_TABLE, _TABLE.c.status == "DRAFT")
    found = await _lists(db, _TABLE.c.activation_id, keys, statement)
    return {key: orders[-1] for key, orders in found.items() if orders}


async def orders_in_force(
    db: AsyncConnection, keys: Sequence[str], *, fields: object, args: Mapping[str, Any]
) -> dict[str, list[OrderView]]:
    """Return the orders that bind in each division, of the mode asked for, oldest first."""
    mode = views.mode_of(args)
    statement = views.whole(_TABLE, _TABLE.c.status == "ISSUED", _TABLE.c.mode == mode)
    return await _lists(db, _TABLE.c.jurisdiction, keys, statement)


def order_view(one: Order) -> OrderView:
    """The order as readers see it."""
    return OrderView(
        id=one.id,
        version=one.version,
        number=one.number,
        status=one.status.value,
        title_zh=one.title_zh,
        title_en=one.title_en,
        jurisdiction=one.jurisdiction,
        organization_id=one.organization_id,
        activation_id=one.activation_id,
        incident_id=one.incident_id,
        mode=one.mode.value,
        measures=tuple(_measure(one, each) for each in one.measures),
        exercise_id=one.exercise_id,
        receipts=tuple(_receipt(each) for each in one.receipts),
        drafted_at=one.drafted_at,
        issued_at=one.issued_at,
        issued_by=one.issued_by,
        effective_from=one.effective_from,
        effective_until=one.effective_until,
        lifted_at=one.lifted_at,
        lifted_because=one.lifted_because,
        override_id=one.override_id,
    )


def _measure(order: Order, one: OrderedMeasure) -> OrderMeasureView:
    return OrderMeasureView(
        code=one.code,
        text_zh=one.text_zh,
        text_en=one.text_en,
        legal_basis=legal_basis(order, one),
        legal_verdict=one.legal.verdict.value,
        legal_missing=one.legal.missing,
        who_may_grant=tuple(kind.value for kind in one.legal.who_may_grant),
        duties=tuple(
            DutyView(
                kind=duty.kind,
                text_zh=duty.text_zh,
                text_en=duty.text_en,
                within_minutes=duty.within_minutes,
            )
            for duty in one.legal.duties
        ),
        addressees=one.addressees,
        ordered=one.ordered,
        lapsed_at=one.lapsed_at,
        lapsed_because=one.lapsed_because,
    )


def _receipt(one: Receipt) -> ReceiptView:
    return ReceiptView(
        organization_id=one.organization_id,
        delivered_at=one.delivered_at,
        confirmed_at=one.confirmed_at,
        done_at=one.done_at,
    )


async def _lists(
    db: AsyncConnection,
    column: Column[Any],
    keys: Sequence[str],
    statement: Select[Any],
) -> dict[str, list[OrderView]]:
    return await views.lists_by_key(
        db,
        statement,
        column,
        keys,
        shape=views.decode(Order, order_view),
        order_by=[_TABLE.c.drafted_at, _TABLE.c.id],
    )

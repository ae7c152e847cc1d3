"""Where the organization breaks its own rules: reported, not hidden (ORG-6)."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import (
    IncidentCommand,
    Obligation,
    Order,
    Signal,
    Task,
    is_span_kept,
    refused,
)
from services.org.store import tables
from vocabulary import Mode, is_within

_MOST = 200  # of one kind: more need mending of the roster or the tree, not reading


class ViolationView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A rule that does not hold: on what, and what is wrong."""

    kind: str
    subject: str
    jurisdiction: str
    detail: str


async def violations(
    db: AsyncConnection, *, mode: Mode, jurisdiction: str | None
) -> list[ViolationView]:
    """Return what breaks a rule now, kind by kind; `jurisdiction` includes the divisions in it."""
    found = [
        *await _signals(db, mode),
        *await _tasks(db, mode),
        *await _orders(db, mode),
        *await _commands(db, mode),
        *await _ladders(db, mode),
    ]
    return [
        one for one in found if jurisdiction is None or is_within(one.jurisdiction, jurisdiction)
    ]


async def _signals(db: AsyncConnection, mode: Mode) -> Iterable[ViolationView]:
    table = tables.signal
    doc = table.c.doc
    unowned: ColumnElement[bool] = doc["owed_by"].astext.is_(None)
    found = await documents.find(
        db, table, Signal, doc["facts"]["mode"].astext == mode, unowned, limit=_MOST
    )
    return [
        ViolationView(
            kind="NOBODY_COMMANDS",
            subject=one.id,
            jurisdiction=one.facts.jurisdiction,
            detail=f"no organization commands {one.facts.emergency_type} here or above",
        )
        for one in found
        if one.facts is not None
    ]


async def _tasks(db: AsyncConnection, mode: Mode) -> Iterable[ViolationView]:
    table = tables.task
    rivals = func.jsonb_array_length(table.c.doc["rivals"]) > 0
    broken = or_(table.c.organization_id.is_(None), rivals)
    live = table.c.status != "CANCELLED"
    found = await documents.find(db, table, Task, table.c.mode == mode, live, broken, limit=_MOST)
    return [_task(one) for one in found]


def _task(one: Task) -> ViolationView:
    if one.organization_id is None:
        kind, detail = "TASK_WITHOUT_ORGANIZATION", f"nobody holds {one.function} here or above"
    else:
        names = ", ".join(one.rivals)
        kind, detail = "FUNCTION_HELD_TWICE", f"{one.function} is also held by {names}"
    return ViolationView(kind=kind, subject=one.id, jurisdiction=one.jurisdiction, detail=detail)


async def _orders(db: AsyncConnection, mode: Mode) -> Iterable[ViolationView]:
    table = tables.order
    live = table.c.status.in_(["DRAFT", "ISSUED"])
    found = await documents.find(db, table, Order, table.c.mode == mode, live)
    return [each for one in found for each in _order(one)][:_MOST]


def _order(one: Order) -> Iterable[ViolationView]:
    for measure in refused(one):
        yield ViolationView(
            kind="LEGAL_BASIS_MISSING",
            subject=one.id,
            jurisdiction=one.jurisdiction,
            detail=f"{measure.code}: {measure.legal.missing}",
        )
    for measure in one.measures:
        for function in measure.unaddressed_functions:
            yield ViolationView(
                kind="MEASURE_WITHOUT_ADDRESSEE",
                subject=one.id,
                jurisdiction=one.jurisdiction,
                detail=f"{measure.code}: nobody holds {function} here or above",
            )


async def _commands(db: AsyncConnection, mode: Mode) -> Iterable[ViolationView]:
    table = tables.incident_command
    found = await documents.find(
        db, table, IncidentCommand, table.c.doc["mode"].astext == mode, limit=_MOST
    )
    return [
        ViolationView(
            kind="SPAN_OF_CONTROL",
            subject=one.id,
            jurisdiction=one.jurisdiction,
            detail=f"{one.span_of_control} subordinates, not 3 to 7",
        )
        for one in found
        if not is_span_kept(one)
    ]


async def _ladders(db: AsyncConnection, mode: Mode) -> Iterable[ViolationView]:
    table = tables.obligation
    missing = func.cardinality(table.c.missing_rungs) > 0
    found = await documents.find(db, table, Obligation, table.c.mode == mode, missing, limit=_MOST)
    return [
        ViolationView(
            kind="RUNG_WITHOUT_POST",
            subject=one.id,
            jurisdiction=one.jurisdiction,
            detail=f"{one.owed_by}: no post for rungs {', '.join(map(str, one.missing_rungs))}",
        )
        for one in found
    ]

"""Reads of violations: what breaks a rule now."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, cast, func, or_
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org import domain
from services.org.store import tables
from vocabulary import Mode, is_within

_UNADDRESSED = "$.measures[*].unaddressed_functions[*]"
_LAPSED = "$.measures[*].lapsed_at ? (@ != null)"
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
    found = []
    for table, of, suspect in _suspects(mode):
        for one in await documents.find(db, table, of, *suspect, limit=_MOST):
            found += [_view(each) for each in domain.violations_of(one)]
    return [
        one for one in found if jurisdiction is None or is_within(one.jurisdiction, jurisdiction)
    ]


def _suspects(mode: Mode) -> list[tuple[Table, Any, tuple[ColumnElement[bool], ...]]]:
    """The rows that may break a rule; the domain says which do."""
    signal, task, order = tables.signal, tables.task, tables.order
    command, obligation = tables.incident_command, tables.obligation
    unowned = signal.c.doc["owed_by"].astext.is_(None)
    rivals = func.jsonb_array_length(task.c.doc["rivals"]) > 0
    alone = or_(task.c.organization_id.is_(None), rivals)
    unkept = command.c.span_of_control.not_in(domain.SPAN_OF_CONTROL)
    refused = order.c.doc["measures"].contains([{"legal": {"verdict": domain.Verdict.REFUSED}}])
    lapsed = func.jsonb_path_exists(order.c.doc, cast(_LAPSED, JSONPATH))
    silent = func.jsonb_path_exists(order.c.doc, cast(_UNADDRESSED, JSONPATH))
    missing = func.cardinality(obligation.c.missing_rungs) > 0
    return [
        (signal, domain.Signal, (signal.c.doc["facts"]["mode"].astext == mode, unowned)),
        (task, domain.Task, (task.c.mode == mode, task.c.status != "CANCELLED", alone)),
        (
            order,
            domain.Order,
            (
                order.c.mode == mode,
                order.c.status.in_(["DRAFT", "ISSUED"]),
                or_(refused, silent, lapsed),
            ),
        ),
        (command, domain.IncidentCommand, (command.c.doc["mode"].astext == mode, unkept)),
        (obligation, domain.Obligation, (obligation.c.mode == mode, missing)),
    ]


def _view(one: domain.Violation) -> ViolationView:
    return ViolationView(
        kind=one.kind.value,
        subject=one.subject,
        jurisdiction=one.jurisdiction,
        detail=one.detail,
    )

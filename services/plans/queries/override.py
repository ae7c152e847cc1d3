"""Overrides as readers see them: one, lists, batches by activation, and what they come to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from chassis.paging import Page, PageRequest, narrowed, page
from services.plans import domain, store
from services.plans.queries.activation import MeasureView, activations_by_cause
from services.plans.queries.views import View, shaped
from vocabulary import Mode


class OverrideView(View, frozen=True):
    """A measure passed, or to be passed, against the law's refusal; `until` once granted."""

    id: str
    version: int
    activation_id: str
    incident_id: str | None
    plan_title_zh: str
    plan_title_en: str
    emergency_type: str
    jurisdiction: str
    organization_id: str
    mode: Mode
    exercise_id: str | None
    measure: MeasureView
    state: domain.OverrideState
    minutes: int
    authorities: tuple[str, ...]
    rule: str
    asked_by: str
    asked_at: datetime
    asked_because: str
    authority: str | None
    decided_by: str | None
    decided_at: datetime | None
    decided_because: str | None
    until: datetime | None
    ended_at: datetime | None
    ended_because: str | None


class OverrideFiguresView(View, frozen=True):
    """How often the law was set aside; `minutes` of those that are over."""

    asked: int
    waiting: int
    granted: int
    declined: int
    in_force: int
    minutes: float


def override_view(one: domain.Override) -> OverrideView:
    """The override as readers see it: never the account that asked."""
    return shaped(one, OverrideView)


async def override(db: AsyncConnection, id: str) -> OverrideView:
    """The override. Raises `override-not-found`."""
    return override_view(await documents.load(db, store.override, id, domain.Override))


async def overrides(
    db: AsyncConnection,
    request: PageRequest,
    *,
    jurisdiction: str | None = None,
    activation_id: str | None = None,
    state: domain.OverrideState | None = None,
    mode: Mode = Mode.REAL,
) -> Page[OverrideView]:
    """Overrides of the mode, the newest first, of one jurisdiction, activation and state if named."""
    table = store.override
    statement = select(cast(table.c.doc, Text)).where(table.c.mode == mode)
    statement = narrowed(
        statement,
        (table.c.jurisdiction, jurisdiction),
        (table.c.activation_id, activation_id),
        (table.c.state, state),
    )
    order = [table.c.asked_at.desc(), table.c.id.desc()]
    return await page(db, statement, request, order_by=order, view=_row)


async def overrides_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, OverrideView]:
    """Each override under its id."""
    table = store.override
    found = await documents.find(db, table, domain.Override, table.c.id.in_(keys))
    return {one.id: override_view(one) for one in found}


async def overrides_by_activation(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[OverrideView]]:
    """Under each activation its overrides, the oldest first."""
    found = await _of_activations(db, keys)
    return {key: [override_view(one) for one in found if one.activation_id == key] for key in keys}


async def override_figures_by_activation(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, OverrideFiguresView]:
    """Under each activation what its overrides come to, as far as the reader sees them."""
    found = await _of_activations(db, keys)
    return {key: _figures(one for one in found if one.activation_id == key) for key in keys}


async def override_figures_by_incident(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, OverrideFiguresView]:
    """Under each incident what the overrides of the activations that answer it come to."""
    seen = await activations_by_cause(db, keys, fields=None, args={})
    of = {key: {one.id for one in views} for key, views in seen.items()}
    found = await _of_activations(db, sorted(set().union(*of.values())))
    return {key: _figures(one for one in found if one.activation_id in of[key]) for key in keys}


def _figures(overrides: Iterable[domain.Override]) -> OverrideFiguresView:
    return shaped(domain.override_figures(list(overrides)), OverrideFiguresView)


async def _of_activations(db: AsyncConnection, ids: Sequence[str]) -> list[domain.Override]:
    table = store.override
    order = [table.c.asked_at, table.c.id]
    where = table.c.activation_id.in_(ids)
    return await documents.find(db, table, domain.Override, where, order_by=order)


def _row(row: Sequence[str]) -> OverrideView:
    return override_view(msgspec.json.decode(row[0], type=domain.Override))

"""Activations as readers see them: one, lists, and batches by incident, signal and jurisdiction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import batches, documents
from chassis.paging import Page, PageRequest, narrowed, page
from chassis.policy import announced
from services.plans import domain, store
from services.plans.queries.evaluation import CauseView, ConditionView
from services.plans.queries.provision import LegalView
from services.plans.queries.views import View, shaped
from vocabulary import Mode, ResponseLevel


class PlaceView(View, frozen=True):
    """A point, WGS 84 degrees."""

    longitude: float
    latitude: float


class MeasureView(View, frozen=True):
    """A measure that a level sets going."""

    code: str
    text_zh: str
    text_en: str
    addressee_functions: tuple[str, ...]
    automatic: bool
    duration_minutes: int | None
    legal: LegalView


class StepView(View, frozen=True):
    """A step that a level sets going."""

    id: str
    title_zh: str
    title_en: str
    function: str
    time_limit_minutes: int
    after: tuple[str, ...]


class RequirementView(View, frozen=True):
    """A need in numbers; `quantity` null when its inputs are unknown."""

    id: str
    capability: str
    quantity: float | None
    unit: str
    place: PlaceView | None
    within_minutes: int | None
    severity: int


class ContentView(View, frozen=True):
    """Everything that a level sets going."""

    measures: tuple[MeasureView, ...]
    steps: tuple[StepView, ...]
    requirements: tuple[RequirementView, ...]


class ExplanationView(View, frozen=True):
    """Why: every condition with its values, from the kept record of that id."""

    level: ResponseLevel | None
    conditions: tuple[ConditionView, ...]
    as_of: datetime
    evaluation_id: str


class LevelChangeView(View, frozen=True):
    """One change of the level in force; `by` null when the plan's own rule made it."""

    from_level: ResponseLevel | None
    to_level: ResponseLevel | None
    at: datetime
    because: domain.Because
    evaluation_id: str
    by: str | None
    reason: str | None
    override: str | None


class CallView(View, frozen=True):
    """A function whose holder has to hear of a proposal; `holder` is how org finds who that is."""

    function: str
    holder: str
    measures: tuple[str, ...]
    steps: tuple[str, ...]


class ProposalView(View, frozen=True):
    """What a person is asked to sign, why, and whom to call."""

    level: ResponseLevel
    proposed_at: datetime | None
    sign_before: datetime | None
    reasons: tuple[ConditionView, ...]
    content: ContentView
    whom_to_call: tuple[CallView, ...]


class LeadView(View, frozen=True):
    """How long before an incident the response was first in force; negative minutes are after it.

    What is said of the occurrence is null while nobody has said when it happened.
    """

    incident_id: str
    in_force_at: datetime
    declared_at: datetime
    occurred_at: datetime | None
    to_declaration_minutes: float
    to_occurrence_minutes: float | None


class ActivationView(View, frozen=True):
    """A plan version in force, proposed, declined or over."""

    id: str
    version: int
    plan_id: str
    plan_version: str
    plan_title_zh: str
    plan_title_en: str
    emergency_type: str
    jurisdiction: str
    organization_id: str
    mode: Mode
    exercise_id: str | None
    state: domain.ActivationState
    level: ResponseLevel | None
    proposed_level: ResponseLevel | None
    cause: CauseView
    incident_id: str | None
    content: ContentView
    proposed_content: ContentView
    explanation: ExplanationView
    created_at: datetime
    proposed_at: datetime | None
    sign_before: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    history: tuple[LevelChangeView, ...]
    preventive: bool
    lead: LeadView | None
    proposal: ProposalView | None


class ResponseLevelView(View, frozen=True):
    """The highest level in force for one type of emergency, as it is announced to everybody.

    `activation` holds it, and is null for who may not see how it came about.
    """

    emergency_type: str
    level: ResponseLevel
    since: datetime | None
    plan_id: str
    plan_version: str
    plan_title_zh: str
    plan_title_en: str
    activation: ActivationView | None


def activation_view(one: domain.Activation) -> ActivationView:
    """The activation as readers see it."""
    return shaped(one, ActivationView)


async def activation(db: AsyncConnection, id: str) -> ActivationView:
    """The activation. Raises `activation-not-found`."""
    return activation_view(await documents.load(db, store.activation, id, domain.Activation))


async def activations(
    db: AsyncConnection,
    request: PageRequest,
    *,
    jurisdiction: str | None = None,
    state: domain.ActivationState | None = None,
    mode: Mode = Mode.REAL,
) -> Page[ActivationView]:
    """Activations of the mode, newest first, of one jurisdiction and state if named."""
    table = store.activation
    statement = select(cast(table.c.doc, Text)).where(table.c.mode == mode)
    statement = narrowed(statement, (table.c.jurisdiction, jurisdiction), (table.c.state, state))
    order = [table.c.created_at.desc(), table.c.id.desc()]
    return await page(db, statement, request, order_by=order, view=_activation_row)


async def activations_by_id(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, ActivationView]:
    """Each activation under its id."""
    found = await _found(db, store.activation.c.id.in_(keys))
    return {one.id: activation_view(one) for one in found}


async def activations_by_cause(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[ActivationView]]:
    """Under each signal, warning, incident or activation those that it led to or that answered it."""
    found = await _found(db, store.activation.c.weighed.overlap(list(keys)))
    views = [(one, activation_view(one)) for one in found]
    return {
        key: [view for one, view in views if key in one.weighed or key == one.incident_id]
        for key in keys
    }


async def response_levels(
    db: AsyncConnection,
    keys: Sequence[str],
    *,
    fields: frozenset[str] | None,
    args: Mapping[str, Any],
) -> dict[str, list[ResponseLevelView]]:
    """Under each jurisdiction the highest level in force a type of emergency; `args.mode` or REAL."""
    mode = batches.argument(args, "mode", Mode, Mode.REAL)
    async with announced(db):
        in_force = await store.in_force(db, keys, mode)
    seen = await activations_by_id(db, [one.id for one in in_force], fields=None, args={})
    return {
        key: _highest((one for one in in_force if one.jurisdiction == key), seen) for key in keys
    }


def _highest(
    in_force: Iterable[domain.Activation], seen: Mapping[str, ActivationView]
) -> list[ResponseLevelView]:
    highest: dict[str, domain.Activation] = {}
    for one in in_force:
        present = highest.get(one.emergency_type)
        if present is None or domain.is_above(one.level, present.level):
            highest[one.emergency_type] = one
    return [
        ResponseLevelView(
            emergency_type=kind,
            level=one.level,
            since=one.history[-1].at if one.history else one.started_at,
            plan_id=one.plan_id,
            plan_version=one.plan_version,
            plan_title_zh=one.plan_title_zh,
            plan_title_en=one.plan_title_en,
            activation=seen.get(one.id),
        )
        for kind, one in sorted(highest.items())
        if one.level is not None
    ]


async def _found(db: AsyncConnection, *where: Any) -> list[domain.Activation]:  # noqa: ANN401 - SQL conditions
    return await documents.find(
        db, store.activation, domain.Activation, *where, order_by=store.activation.c.created_at
    )


def _activation_row(row: Sequence[str]) -> ActivationView:
    return activation_view(msgspec.json.decode(row[0], type=domain.Activation))

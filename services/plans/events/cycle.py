"""Cycles as messages, each at its own true time, however late it could be told."""

from datetime import datetime
from typing import assert_never

import msgspec

from chassis.messages import Message
from contracts.plans import v1 as contract
from services.plans.domain import Cycle, CycleDue, CycleEvent, CycleMet, CycleOverdue


def cycle_message(event: CycleEvent) -> Message:
    """The event as it is told."""
    one = event.cycle
    name, body, at = _named(event)
    return Message(
        aggregate="cycle", event=name, id=one.id, area=one.jurisdiction, body=body, occurred_at=at
    )


def _named(event: CycleEvent) -> tuple[str, msgspec.Struct, datetime | None]:
    match event:
        case CycleDue(cycle=one):
            return "due", contract.CycleDue(cycle=_cycle(one)), one.warn_at
        case CycleOverdue(cycle=one):
            return "overdue", contract.CycleOverdue(cycle=_cycle(one)), one.due_at
        case CycleMet(cycle=one, met=met):
            body = contract.CycleMet(
                cycle=_cycle(met), met_at=one.counted_from, next_due_at=one.due_at
            )
            return "met", body, None
        case _:
            assert_never(event)


def _cycle(one: Cycle) -> contract.Cycle:
    return contract.Cycle(
        id=one.id,
        kind=one.kind,
        plan_id=one.plan_id,
        plan_version=one.plan_version,
        plan_title_zh=one.plan_title_zh,
        plan_title_en=one.plan_title_en,
        plan_kind=one.plan_kind,
        jurisdiction=one.jurisdiction,
        organization_id=one.organization_id,
        counted_from=one.counted_from,
        warn_at=one.warn_at,
        due_at=one.due_at,
        rule=one.rule,
    )

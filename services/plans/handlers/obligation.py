"""What org says of obligations in exercises: how the hand-offs go."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.org import v1 as org
from services.plans import commands, domain

ObligationEvent: TypeAlias = (
    org.ObligationOwed
    | org.ObligationTold
    | org.ObligationConfirmed
    | org.ObligationAnswered
    | org.ObligationOverdue
    | org.ObligationWaived
)


async def on_obligations(uow: UnitOfWork, events: Sequence[Incoming[ObligationEvent]]) -> None:
    """The hand-offs of exercises are as org last said them; the real ones are measured elsewhere."""
    said = [(one.body.obligation, one.time) for one in events]
    played = [_hand_off(one, at) for one, at in said if one.exercise_id]
    if played:
        await commands.keep_hand_offs(uow, played)


def _hand_off(said: org.Obligation, at: datetime) -> domain.HandOff:
    confirmed = [one.confirmed_at for one in said.notices if one.confirmed_at is not None]
    return domain.HandOff(
        id=said.id,
        exercise_id=said.exercise_id or "",
        kind=said.kind,
        owed_by=said.owed_by,
        owed_to=said.owed_to,
        jurisdiction=said.jurisdiction,
        owed_at=said.created_at,
        due_at=said.due_at,
        confirmed_at=min(confirmed, default=None),
        answered_at=said.answered_at,
        waived_at=at if said.state == "WAIVED" else None,
        system_was_up=said.system_was_up,
    )


SUBSCRIPTION = Subscription(
    service="org",
    aggregate="obligation",
    batch=True,
    on={
        "owed.v1": (org.ObligationOwed, on_obligations),
        "told.v1": (org.ObligationTold, on_obligations),
        "confirmed.v1": (org.ObligationConfirmed, on_obligations),
        "answered.v1": (org.ObligationAnswered, on_obligations),
        "overdue.v1": (org.ObligationOverdue, on_obligations),
        "waived.v1": (org.ObligationWaived, on_obligations),
    },
)

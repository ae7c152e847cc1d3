"""What org says of orders: how the measures of plans go."""

from typing import TypeAlias

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.org import v1 as org
from services.plans import commands, domain

OrderEvent: TypeAlias = org.OrderIssued | org.OrderReceipted | org.OrderCompleted | org.OrderLifted


async def on_order(uow: UnitOfWork, event: Incoming[OrderEvent]) -> None:
    """The records of its measures are as org last said it: every event carries the whole order."""
    said = event.body.order
    if said.activation_id is None:
        return
    heard = domain.HeardOrder(
        id=said.id,
        number=said.number,
        activation_id=said.activation_id,
        exercise_id=said.exercise_id,
        jurisdiction=said.jurisdiction,
        mode=said.mode,
        measures=tuple((one.code, one.addressees) for one in said.measures),
        done={one.organization_id: one.done_at for one in said.receipts if one.done_at},
        issued_at=said.issued_at or event.time,
        ended_at=event.time if said.status == "LIFTED" else said.effective_until,
    )
    await commands.keep_measures(uow, heard)


SUBSCRIPTION = Subscription(
    service="org",
    aggregate="order",
    on={
        "issued.v1": (org.OrderIssued, on_order),
        "receipted.v1": (org.OrderReceipted, on_order),
        "completed.v1": (org.OrderCompleted, on_order),
        "lifted.v1": (org.OrderLifted, on_order),
    },
)

"""What guarantee says of signals."""

from datetime import datetime

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.guarantee import v1 as guarantee
from services.plans import commands, domain


async def on_signal_issued(uow: UnitOfWork, event: Incoming[guarantee.SignalIssued]) -> None:
    """The signal stands, and every plan that it bears on has answered it."""
    await commands.record_signal(uow, _signal(event.body.signal, event.time), domain.News.ANNOUNCED)


async def on_signal_superseded(
    uow: UnitOfWork, event: Incoming[guarantee.SignalSuperseded]
) -> None:
    """Another signal has taken its place, as soon as that one is known here."""
    await commands.record_signal(
        uow, _signal(event.body.signal, event.time, by=event.body.by), domain.News.CHANGED
    )


async def on_signal_over(
    uow: UnitOfWork, event: Incoming[guarantee.SignalCancelled | guarantee.SignalExpired]
) -> None:
    """The signal stands no more."""
    await commands.record_signal(uow, _signal(event.body.signal, event.time), domain.News.CHANGED)


SUBSCRIPTION = Subscription(
    service="guarantee",
    aggregate="signal",
    on={
        "issued.v1": (guarantee.SignalIssued, on_signal_issued),
        "superseded.v1": (guarantee.SignalSuperseded, on_signal_superseded),
        "cancelled.v1": (guarantee.SignalCancelled, on_signal_over),
        "expired.v1": (guarantee.SignalExpired, on_signal_over),
    },
)


def _signal(said: guarantee.Signal, as_of: datetime, *, by: str | None = None) -> domain.Signal:
    return domain.Signal(
        id=said.id,
        mode=said.mode,
        exercise_id=said.exercise_id,
        emergency_type=said.emergency_type,
        colour=said.colour,
        status=domain.Status(said.status),
        jurisdiction=said.jurisdiction,
        areas=said.areas,
        sent_at=said.sent_at,
        as_of=as_of,
        supersedes=said.supersedes,
        superseded_by=by,
    )

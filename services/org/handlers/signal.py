"""What is heard of signals."""

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.guarantee import v1 as guarantee
from services.org import commands, domain


async def on_signal_issued(uow: UnitOfWork, event: Incoming[guarantee.SignalIssued]) -> None:
    """An answer to the signal is owed from the time of the event."""
    said = event.body.signal
    facts = domain.SignalFacts(
        mode=said.mode,
        exercise_id=said.exercise_id,
        emergency_type=said.emergency_type,
        colour=said.colour,
        jurisdiction=said.jurisdiction,
        issuer=said.issuer or said.sender,
        status=said.status,
        sent_at=said.sent_at,
        headline_zh=said.headline_zh,
        headline_en=said.headline_en,
    )
    await commands.hear_signal(uow, said.id, facts=facts, at=event.time)


async def on_signal_superseded(
    uow: UnitOfWork, event: Incoming[guarantee.SignalSuperseded]
) -> None:
    """The newer signal asks for its own answer; this one asks no more."""
    await commands.retire_signal(uow, event.body.signal.id, "SUPERSEDED")


async def on_signal_cancelled(uow: UnitOfWork, event: Incoming[guarantee.SignalCancelled]) -> None:
    """A signal that does not hold asks for no answer."""
    await commands.retire_signal(uow, event.body.signal.id, "CANCELLED")


async def on_signal_expired(uow: UnitOfWork, event: Incoming[guarantee.SignalExpired]) -> None:
    """Noted; an answer that was owed before stays owed."""
    await commands.retire_signal(uow, event.body.signal.id, "EXPIRED")


SUBSCRIPTIONS = (
    Subscription(
        service="guarantee",
        aggregate="signal",
        on={
            "issued.v1": (guarantee.SignalIssued, on_signal_issued),
            "superseded.v1": (guarantee.SignalSuperseded, on_signal_superseded),
            "cancelled.v1": (guarantee.SignalCancelled, on_signal_cancelled),
            "expired.v1": (guarantee.SignalExpired, on_signal_expired),
        },
    ),
)

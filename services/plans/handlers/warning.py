"""What guarantee says of early warnings."""

from datetime import datetime

from chassis.messages import Incoming, Subscription
from chassis.unit_of_work import UnitOfWork
from contracts.guarantee import v1 as guarantee
from services.plans import commands, domain


async def on_warning_issued(uow: UnitOfWork, event: Incoming[guarantee.WarningIssued]) -> None:
    """The early warning stands, and every plan that it bears on has answered it."""
    await commands.record_warning(
        uow, _warning(event.body.warning, event.time), domain.News.ANNOUNCED
    )


async def on_warning_superseded(
    uow: UnitOfWork, event: Incoming[guarantee.WarningSuperseded]
) -> None:
    """Another early warning has taken its place, as soon as that one is known here."""
    await commands.record_warning(
        uow, _warning(event.body.warning, event.time, by=event.body.by), domain.News.CHANGED
    )


async def on_warning_over(
    uow: UnitOfWork, event: Incoming[guarantee.WarningCancelled | guarantee.WarningExpired]
) -> None:
    """The early warning stands no more."""
    await commands.record_warning(
        uow, _warning(event.body.warning, event.time), domain.News.CHANGED
    )


SUBSCRIPTION = Subscription(
    service="guarantee",
    aggregate="warning",
    on={
        "issued.v1": (guarantee.WarningIssued, on_warning_issued),
        "superseded.v1": (guarantee.WarningSuperseded, on_warning_superseded),
        "cancelled.v1": (guarantee.WarningCancelled, on_warning_over),
        "expired.v1": (guarantee.WarningExpired, on_warning_over),
    },
)


def _warning(
    said: guarantee.Warning, as_of: datetime, *, by: str | None = None
) -> domain.EarlyWarning:
    return domain.EarlyWarning(
        id=said.id,
        mode=said.mode,
        exercise_id=said.exercise_id,
        emergency_type=said.emergency_type,
        colour=said.colour,
        status=domain.Status(said.status),
        jurisdiction=said.jurisdiction,
        areas=said.areas,
        sent_at=said.issued_at or as_of,
        as_of=as_of,
        supersedes=said.supersedes,
        superseded_by=by,
    )

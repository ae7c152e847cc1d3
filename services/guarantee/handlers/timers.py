"""What falls due in guarantee."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands
from services.guarantee.domain.ledger import Ledger
from vocabulary import Mode


async def on_signal_expiry(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """End the signal whose time has come."""
    await commands.expire_signal(uow, payload["id"])


async def on_warning_expiry(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """End the warning, or lay aside the draft, whose time has come."""
    await commands.expire_warning(uow, payload["id"])


async def on_solving_due(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """Solve who is sent where in one pool."""
    ledger = Ledger(Mode(payload["mode"]), payload.get("exerciseId"))
    await commands.solve_dispatch(uow, payload["pool"], ledger)


async def on_telling_due(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """Tell resources that were kept before they were told."""
    await commands.tell_resources(uow, after=payload["after"])


TIMERS = {
    "dispatch.solve": on_solving_due,
    commands.TELL: on_telling_due,
    "signal.expire": on_signal_expiry,
    "warning.expire": on_warning_expiry,
}

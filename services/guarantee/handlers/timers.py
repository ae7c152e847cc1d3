"""What falls due in guarantee."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.guarantee import commands


async def on_signal_expiry(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """End the signal whose time has come."""
    await commands.expire_signal(uow, payload["id"])


async def on_warning_expiry(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """End the warning, or lay aside the draft, whose time has come."""
    await commands.expire_warning(uow, payload["id"])


TIMERS = {"signal.expire": on_signal_expiry, "warning.expire": on_warning_expiry}

"""What falls due of overrides: their end."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.plans import commands


async def on_override_over(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The time is over: the measure is refused again."""
    await commands.expire_override(uow, str(payload["override"]))


TIMERS = {commands.EXPIRE_OVERRIDE: on_override_over}

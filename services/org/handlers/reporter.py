"""What falls due of reporters: the end of the time for which they are kept."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.org import commands


async def on_expire_reporter(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The time is over: the key is destroyed, unless a hold keeps it."""
    await commands.expire_reporter(uow, payload["report"])


TIMERS = {"expire_reporter": on_expire_reporter}

"""What falls due of situation reports: the next one is drafted in time."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.org import commands


async def on_report_follow_up(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The next report of the series is drafted and owed, unless another one is."""
    await commands.follow_up(uow, payload["report"])


TIMERS = {"report_follow_up": on_report_follow_up}

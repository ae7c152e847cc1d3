"""What falls due of orders: the end of the time for which they were given."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.org import commands


async def on_order_over(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The order's time is over: it binds nobody any more."""
    await commands.expire_order(uow, payload["order"])


TIMERS = {"order_over": on_order_over}

"""What falls due of posts: a gap of the roster a day ahead."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.org import commands


async def on_watch_roster(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The gap that is now less than a day away is owed to the roster keeper."""
    await commands.watch_roster(uow, payload["post"])


TIMERS = {"watch_roster": on_watch_roster}

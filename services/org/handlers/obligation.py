"""What falls due of obligations: the next rung, and the end of the time."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.org import commands


async def on_obligation_climb(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """Nobody confirmed: the next rung is told."""
    await commands.climb(uow, payload["obligation"])


async def on_obligation_due(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The time is over: raised once, unless it was answered."""
    await commands.fall_due(uow, payload["obligation"])


TIMERS = {"obligation_climb": on_obligation_climb, "obligation_due": on_obligation_due}

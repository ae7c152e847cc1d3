"""What falls due of tasks: the plan's time limit."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.org import commands


async def on_task_due(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The step is not done in time: raised."""
    await commands.run_task_overdue(uow, payload["task"])


TIMERS = {"task_due": on_task_due}

"""What falls due in a plan's life: a version takes effect, a cycle is due or overdue."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.plans import commands


async def on_plan_due(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """All of the plan is as it has to be now, each thing told once."""
    await commands.look_at_plan(uow, str(payload["planId"]))

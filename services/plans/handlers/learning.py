"""What falls due for learning: a response or an exercise is over, and late reports have come."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.plans import commands


async def on_learning_due(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """What happened under the version has been weighed."""
    await commands.learn_from(uow, str(payload["planId"]), str(payload["planVersion"]))

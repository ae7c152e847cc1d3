"""What falls due in exercises: the next fact of the script."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.plans import commands


async def on_inject_due(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The fact has come."""
    await commands.deliver_inject(uow, str(payload["inject"]))

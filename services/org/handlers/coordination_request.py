"""What falls due of coordination requests: the answer that did not come."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.org import commands


async def on_request_unanswered(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The common superior is asked, unless there was an answer."""
    await commands.escalate_unanswered(uow, payload["request"])


TIMERS = {"request_unanswered": on_request_unanswered}

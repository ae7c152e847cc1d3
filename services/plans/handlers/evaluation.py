"""What falls due for evaluation: a hold-down passed, a condition sustained, a version effective."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.plans import commands, domain
from vocabulary import Mode


async def on_evaluation_due(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """The plan has been weighed again with nothing changed but the time."""
    plan_id = str(payload["planId"])
    cause = domain.Cause(domain.CauseKind.TIMER, plan_id)
    await commands.weigh_plan(
        uow,
        plan_id,
        mode=Mode(payload["mode"]),
        cause=cause,
        exercise_id=payload.get("exerciseId"),
    )

"""What falls due for indicators."""

from collections.abc import Mapping
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.analytics import commands
from vocabulary import Mode


async def tell_pending(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """Changes that were held back by the debounce are told."""
    await commands.tell_pending(
        uow,
        mode=Mode(payload["mode"]),
        metric=payload["metric"],
        jurisdiction=payload["jurisdiction"],
    )


async def note_silence(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    """Indicators whose samples have stopped are unknown from now on."""
    await commands.note_silence(uow, mode=Mode(payload["mode"]), metric=payload["metric"])

"""The end of tasks: cancelled until they are over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

PATIENCE_S = 2.0  # what a task needs to clean up after itself


async def end(tasks: Iterable[asyncio.Task[None]], *, patience_s: float = PATIENCE_S) -> None:
    """Have every task be over, whatever it raised.

    One that goes on is cancelled again: `asyncio.wait_for` of Python 3.11 loses a cancellation
    that comes together with what was awaited, and the broker's client uses it.
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        over, running = await asyncio.wait(running, timeout=patience_s)
        for task in over:
            if not task.cancelled():
                task.exception()  # seen, so that nobody is told that it never was

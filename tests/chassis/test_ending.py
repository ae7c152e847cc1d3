"""The end of tasks."""

import asyncio
import contextlib

from chassis import ending


async def test_a_task_that_loses_a_cancellation_is_cancelled_again():
    refusals = 2

    async def stubborn() -> None:
        nonlocal refusals
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if refusals == 0:
                    raise
                refusals -= 1

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)

    await ending.end([task], patience_s=0.01)

    assert task.cancelled()
    assert refusals == 0


async def test_what_a_task_raises_at_its_end_stops_nobody():
    cleaned = asyncio.Event()

    async def fails() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        raise ValueError("while cleaning up")

    async def cleans_up() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    tasks = [asyncio.create_task(fails()), asyncio.create_task(cleans_up())]
    await asyncio.sleep(0)

    await ending.end(tasks)
    await ending.end([])

    assert cleaned.is_set()
    assert all(task.done() for task in tasks)

"""Worker processes: results, failures, limits that hold, and nothing left behind."""

import asyncio
import multiprocessing
import threading

import pytest

from chassis import compute
from chassis.compute import ComputeFailed, ComputeTimeout, Workers
from chassis.errors import Kind
from tests.chassis import calculations


@pytest.fixture
async def workers():
    others = processes()  # those of a service tested before, in this process
    made = Workers(2)
    yield made
    await made.close()
    assert processes() <= others


def processes():
    return {p.pid for p in multiprocessing.active_children() if p.name == "compute"}


async def test_a_function_runs_in_another_process_that_is_kept(workers):
    first = await workers.run(calculations.process_id, (), timeout_s=60)
    second = await workers.run(calculations.process_id, (), timeout_s=60)

    assert first == second != multiprocessing.current_process().pid


async def test_what_a_function_raises_is_told_and_harms_no_other(workers):
    with pytest.raises(ComputeFailed, match="no solution"):
        await workers.run(calculations.fails, (), timeout_s=60)

    assert await workers.run(calculations.add, (1, 2), timeout_s=60) == 3


async def test_a_process_that_dies_is_replaced(workers):
    with pytest.raises(ComputeFailed, match="died"):
        await workers.run(calculations.dies, (), timeout_s=60)

    assert await workers.run(calculations.add, (1, 2), timeout_s=60) == 3


async def test_a_calculation_that_does_not_end_is_ended(workers):
    other = asyncio.create_task(workers.run(calculations.add, (1, 2), timeout_s=60))

    with pytest.raises(ComputeTimeout, match=r"never_ends did not end within 0\.2 s") as refused:
        await workers.run(calculations.never_ends, (), timeout_s=0.2)

    assert refused.value.kind is Kind.UNAVAILABLE
    assert await other == 3


async def test_more_calls_than_workers_wait_their_turn(workers):
    others = processes()
    calls = [workers.run(calculations.add, (number, 1), timeout_s=60) for number in range(10)]

    assert await asyncio.gather(*calls) == [number + 1 for number in range(10)]
    assert len(processes() - others) <= 2


async def test_a_call_that_is_cancelled_leaves_no_process_at_work(workers):
    call = asyncio.create_task(workers.run(calculations.never_ends, (), timeout_s=60))
    await asyncio.wait({call}, timeout=0.2)

    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call


async def test_the_service_has_one_set_of_workers():
    assert await compute.run(calculations.add, 1, 2, timeout_s=60) == 3

    await compute.close()

    assert processes() == set()


def test_a_worker_answers_until_its_pipe_is_closed():
    near, far = multiprocessing.Pipe()
    near.send((calculations.add, (1, 2)))
    near.send((calculations.fails, ()))
    thread = threading.Thread(target=compute._work, args=(far,))
    thread.start()

    answers = [near.recv(), near.recv()]
    near.close()
    thread.join(10)

    assert answers[0] == (True, 3)
    assert answers[1][0] is False
    assert "no solution" in answers[1][1]
    assert not thread.is_alive()

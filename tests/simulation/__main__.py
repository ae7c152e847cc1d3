"""`python -m tests.simulation --schedules 10000 --seed N`: play schedules, print what was found."""

# ruff: noqa: T201 - a command prints
from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from secrets import randbelow

from tests.simulation.schedule import Failure, run, shortest
from tests.simulation.world import Plan

CHUNK = 50  # schedules a process plays before it reports


def main() -> int:
    """Play the schedules; return 0 when every invariant held in every one."""
    told = _arguments()
    numbers = range(told.schedules) if told.only is None else [told.only]
    began = time.monotonic()
    injected: Counter[str] = Counter()
    struck: Counter[str] = Counter()
    failed: list[int] = []
    done = steps = 0
    print(f"seed {told.seed}, {len(numbers)} schedules, {told.processes} processes", flush=True)
    for results in _play(told.seed, numbers, processes=told.processes):
        for number, faults, length in results:
            done, steps = done + 1, steps + length
            injected += faults
            struck.update(faults.keys())
            if length == 0:
                failed.append(number)
        if done % 1000 < CHUNK and told.only is None:
            print(f"{done:6} played, {len(failed)} failed", flush=True)
    seconds = time.monotonic() - began
    print(f"\n{'fault':24}{'injected':>10}{'schedules':>11}")
    for kind, count in sorted(injected.items()):
        print(f"{kind:24}{count:10}{struck[kind]:11}")
    print(f"\n{done} schedules, {steps} steps in {seconds:.0f} s: {done / seconds:.0f} a second")
    for number in failed[:3]:
        _explain(Plan(told.seed, number))
    print(f"{len(failed)} failed" if failed else "every invariant held", f"(seed {told.seed})")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.simulation", description=__doc__)
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=randbelow(1_000_000))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", type=int, help="play this one schedule and print its trace")
    return parser.parse_args()


def _play(
    seed: int, numbers: Iterable[int], *, processes: int
) -> Iterator[list[tuple[int, Counter[str], int]]]:
    chunks = _chunks(seed, list(numbers))
    if processes <= 1:
        yield from map(_chunk, chunks)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(_chunk, chunks)


def _chunks(seed: int, numbers: list[int]) -> list[list[Plan]]:
    plans = [Plan(seed, number) for number in numbers]
    return [plans[begin : begin + CHUNK] for begin in range(0, len(plans), CHUNK)]


def _chunk(plans: list[Plan]) -> list[tuple[int, Counter[str], int]]:
    """Return of each plan its number, its faults by kind, and its steps; 0 steps for a failure."""
    results = []
    for plan in plans:
        played = run(plan)
        steps = 0 if isinstance(played, Failure) else played.steps
        results.append((plan.number, played.kinds, steps))
    return results


def _explain(plan: Plan) -> None:
    """Print the shortest schedule found that fails in the same way."""
    found = run(plan)
    if not isinstance(found, Failure):
        return
    short = shortest(found)
    print(f"\nschedule {plan.number} of seed {plan.seed}: {found.reason}")
    print(f"again: python -m tests.simulation --seed {plan.seed} --only {plan.number}")
    kept = len([n for n in short.faults if n not in short.plan.without])
    print(f"shortest: {kept} faults, {short.plan.steps} steps with faults: {short.reason}")
    for at, line in short.trace:
        print(f"  {at:8.2f} s  {line}")


if __name__ == "__main__":
    sys.exit(main())

"""One schedule from its plan: faults, then calm, then the books; and its shortest failing form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from chassis import delivery
from tests.simulation import books, timers
from tests.simulation.broker import Broker
from tests.simulation.decisions import Decisions
from tests.simulation.faults import HEARERS, SAYERS, Faults, choose
from tests.simulation.heard import CONSUMERS
from tests.simulation.hearer import Hearer
from tests.simulation.operator import operate
from tests.simulation.said import STREAMS
from tests.simulation.sayer import Sayer
from tests.simulation.world import MOST_STEPS, Broken, Plan, World

REAL = Decisions()
TICK = 0.01  # seconds that a step takes


@dataclass(frozen=True)
class Failure:
    """A plan under which an invariant does not hold, and what happened."""

    plan: Plan
    reason: str
    trace: list[tuple[float, str]]
    faults: range
    kinds: Counter[str]


def run(plan: Plan, do: Decisions = REAL) -> World | Failure:
    """Play the schedule; the same plan and decisions always give the same."""
    world = World(plan)
    choose(world)
    try:
        _play(world, do)
    except Broken as broken:
        return Failure(plan, str(broken), world.trace, world.fault_numbers, world.faults)
    return world


def shortest(failure: Failure, do: Decisions = REAL) -> Failure:
    """Return the failure of the same kind with the fewest faults, steps and writes found."""
    kind = failure.reason.split()[0]

    def still(plan: Plan) -> Failure | None:
        again = run(plan, do)
        if isinstance(again, Failure) and again.reason.split()[0] == kind:
            return again
        return None

    failure = _first([still(p) for p in _shorter(failure.plan)], failure)
    size = len(failure.faults)
    while size >= 1:
        left = [n for n in failure.faults if n not in failure.plan.without]
        for begin in range(0, len(left), size):
            without = failure.plan.without | frozenset(left[begin : begin + size])
            failure = still(replace(failure.plan, without=without)) or failure
        size //= 2
    return failure


def _shorter(plan: Plan) -> Iterable[Plan]:
    """Shorter plans, the shortest first."""
    for steps in (20, 40, 80, 120, 180, plan.steps):
        for writes in (2, 4, 8):
            yield replace(plan, steps=steps, writes=writes)


def _first(found: Iterable[Failure | None], otherwise: Failure) -> Failure:
    return next((one for one in found if one is not None), otherwise)


def _play(world: World, do: Decisions) -> None:
    broker = Broker(world)
    sayer, hearer = Sayer(world, broker, do), Hearer(world, broker, do)
    faults = Faults(world, broker, sayer, hearer)
    _people(world, sayer, hearer, faults)
    while world.steps < world.plan.steps:
        faults.strike()
        _step(world)
    world.calm = True
    world.tell("calm")
    if not broker.is_up:
        broker.start()
    while waiting := books.waits_for(sayer, hearer, broker):
        for _ in range(16):
            if world.steps > MOST_STEPS or not _step(world):
                raise Broken(f"STUCK: {', '.join(waiting)}")
    books.check(sayer, hearer)


def _step(world: World) -> bool:
    """Let one of the actors that are ready go on, or time pass; False when neither can."""
    ready = world.ready()
    if not ready:
        return world.pass_time()
    world.now += TICK
    world.step(world.chance.choice(ready))
    return True


def _people(world: World, sayer: Sayer, hearer: Hearer, faults: Faults) -> None:
    """Have two processes of each service, a network and an operator."""
    for process in SAYERS:
        world.add(f"{process} writer", process, sayer.write)
        world.add(f"{process} relay", process, partial(sayer.relay, process))
    world.add("writer", SAYERS[0], sayer.write)
    for process in HEARERS:
        for consumer, subscription in CONSUMERS.items():
            for stream, filtered in delivery.sources(subscription):
                if stream in STREAMS:
                    channel = partial(hearer.channel, consumer, stream, filtered.rstrip(">"))
                    world.add(f"{process} {consumer}", process, channel)
        world.add(f"{process} sweep", process, hearer.sweep)
        world.add(f"{process} timers", process, partial(timers.fire, hearer))
    world.add("network", "network", sayer.network)
    world.add("nurse", "network", faults.nurse)
    world.add("finish", "operator", sayer.finish_restore)
    world.add("operator", "operator", partial(operate, hearer))

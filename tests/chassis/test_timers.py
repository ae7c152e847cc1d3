"""Timers: fired once, in due order, by any replica; one that fails is in nobody's way."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chassis import firing, timers
from chassis.errors import NotFound, Quarantine
from chassis.firing import Outcome
from chassis.tables.state import TIMER
from chassis.unit_of_work import UnitOfWork
from tests.chassis.toy.app import create_app, open_jar
from tests.chassis.toy.store import get_jar

HOUR = timedelta(hours=1)


@pytest.fixture
async def toy(harness):
    return await harness(create_app())


class Bell:
    """Rings in the order of firing; fails for the keys it is told to."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.rang = asyncio.Event()
        self.failing: dict[str, Exception] = {}

    async def __call__(self, uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
        if payload["name"] in self.failing:
            raise self.failing[payload["name"]]
        self.rung.append(payload["name"])
        self.rang.set()


@pytest.fixture
def bell() -> Bell:
    return Bell()


async def schedule(toy, name: str, *, after: timedelta, command: str = "ring") -> None:
    due_at = toy.clock.now() + after
    await toy.run(
        lambda uow: uow.schedule(name, due_at=due_at, command=command, payload={"name": name})
    )


async def fire_all(toy, bell: Bell) -> list[Outcome]:
    outcomes: list[Outcome] = []
    while (one := await firing.fire_next(toy.runtime, {"ring": bell})) is not Outcome.NOTHING_DUE:
        outcomes.append(one)
    return outcomes


async def listed(toy) -> dict[str, timers.Listed]:
    return {timer.key: timer for timer in await toy.read(timers.listed, limit=100)}


async def test_timers_fire_once_in_due_order(toy, bell):
    for name, minutes in (("c", 30), ("a", 10), ("b", 20), ("later", 90)):
        await schedule(toy, name, after=timedelta(minutes=minutes))
    toy.clock.set(toy.clock.now() + HOUR)

    await fire_all(toy, bell)
    await fire_all(toy, bell)

    assert bell.rung == ["a", "b", "c"]
    assert list(await listed(toy)) == ["later"]


async def test_timers_of_one_instant_fire_in_the_order_of_scheduling(toy, bell):
    for name in ("z", "y", "x"):
        await schedule(toy, name, after=HOUR)
    toy.clock.set(toy.clock.now() + HOUR)

    await fire_all(toy, bell)

    assert bell.rung == ["z", "y", "x"]


async def test_a_timer_missed_while_we_were_down_keeps_its_true_due_time(toy):
    jar = await toy.run(open_jar, label="x")
    due_at = toy.clock.now() + HOUR
    toy.clock.set(toy.clock.now() + timedelta(days=3))

    await toy.advance(toy.clock.now())

    (note,) = (await toy.run(lambda uow: get_jar(uow.db, jar.id))).notes
    assert note == f"due {due_at.isoformat()} checked {toy.clock.now().isoformat()}"


async def test_scheduling_the_same_key_again_replaces_it(toy, bell):
    await schedule(toy, "a", after=HOUR)
    await schedule(toy, "a", after=3 * HOUR)
    toy.clock.set(toy.clock.now() + HOUR)

    assert await fire_all(toy, bell) == []

    toy.clock.set(toy.clock.now() + 2 * HOUR)
    await fire_all(toy, bell)
    assert bell.rung == ["a"]


async def test_an_unscheduled_timer_never_fires(toy, bell):
    await schedule(toy, "a", after=HOUR)
    await toy.run(lambda uow: uow.unschedule("a"))
    await toy.run(lambda uow: uow.unschedule("never was"))

    assert await toy.read(timers.next_due) is None


async def test_a_timer_of_a_failed_command_was_never_scheduled(toy):
    async def fail(uow: UnitOfWork) -> None:
        await uow.schedule("a", due_at=uow.now, command="ring", payload={})
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await toy.run(fail)

    assert await listed(toy) == {}


async def test_a_failing_timer_waits_longer_each_time_and_the_others_go_on(toy, bell):
    bell.failing["bad"] = RuntimeError("not now")
    await schedule(toy, "bad", after=timedelta(minutes=1))
    await schedule(toy, "good", after=timedelta(minutes=2))
    toy.clock.set(toy.clock.now() + HOUR)

    outcomes = await fire_all(toy, bell)

    assert outcomes == [Outcome.FAILED, Outcome.FIRED]
    assert bell.rung == ["good"]
    failed = (await listed(toy))["bad"]
    assert (failed.attempts, failed.last_error) == (1, "RuntimeError: not now")
    async with toy.runtime.reading.connect() as db:
        retry_at = await db.scalar(select(TIMER.c.retry_at))
    wait = retry_at - toy.clock.wall()
    assert timedelta(0) < wait <= firing.RETRY_FIRST
    assert await toy.read(timers.due_count, toy.clock.now()) == 1


async def test_a_failed_timer_fires_when_it_is_tried_again(toy, bell):
    bell.failing["bad"] = RuntimeError("not now")
    await schedule(toy, "bad", after=HOUR)
    toy.clock.set(toy.clock.now() + HOUR)
    await fire_all(toy, bell)

    bell.failing.clear()
    await toy.run(lambda uow: timers.retry(uow.db, "bad"))
    await fire_all(toy, bell)

    assert bell.rung == ["bad"]
    assert await listed(toy) == {}


async def test_a_hopeless_timer_stops_and_stays_visible(toy, bell):
    bell.failing["bad"] = Quarantine("never")
    await schedule(toy, "bad", after=HOUR)
    await schedule(toy, "unknown", after=HOUR, command="unheard_of")
    toy.clock.set(toy.clock.now() + HOUR)

    await fire_all(toy, bell)

    found = await listed(toy)
    assert all(timer.stopped_at is not None for timer in found.values())
    assert found["unknown"].last_error == "Quarantine: no timer command unheard_of"
    assert await toy.read(timers.next_due) is None
    assert await toy.read(timers.due_count, toy.clock.now()) == 0


async def test_only_a_known_timer_can_be_tried_again(toy):
    with pytest.raises(NotFound) as refused:
        await toy.run(lambda uow: timers.retry(uow.db, "nothing"))

    assert refused.value.slug == "timer-not-found"


async def test_a_failed_command_leaves_the_timer_and_nothing_else(toy):
    jar = await toy.run(open_jar, label="broken")
    toy.clock.set(toy.clock.now() + HOUR)

    assert await firing.fire_next(toy.runtime, toy.service.timers) is Outcome.FAILED

    assert (await toy.run(lambda uow: get_jar(uow.db, jar.id))).version == 1
    assert list(await listed(toy)) == [f"check:{jar.id}"]


async def test_replicas_fire_each_timer_once_and_one_at_a_time(toy, bell):
    at_work = 0
    most = 0

    async def ring(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0)
        await bell(uow, payload)
        at_work -= 1

    names = [f"t{number:02d}" for number in range(20)]
    for number, name in enumerate(names):
        await schedule(toy, name, after=timedelta(minutes=number))
    toy.clock.set(toy.clock.now() + HOUR)

    async def replica() -> None:
        while len(bell.rung) < len(names):
            await firing.fire_next(toy.runtime, {"ring": ring})

    await asyncio.wait_for(asyncio.gather(*(replica() for _ in range(3))), 30)

    assert bell.rung == names
    assert most == 1


async def test_a_timer_may_schedule_itself_anew(toy):
    async def again(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
        due_at = payload["due_at"] + HOUR
        await uow.schedule("beat", due_at=due_at, command="again", payload={})

    await toy.run(
        lambda uow: uow.schedule("beat", due_at=uow.now + HOUR, command="again", payload={})
    )
    start = toy.clock.now()
    toy.clock.set(start + 3 * HOUR)

    for _ in range(3):
        assert await firing.fire_next(toy.runtime, {"again": again}) is Outcome.FIRED

    assert await firing.fire_next(toy.runtime, {"again": again}) is Outcome.NOTHING_DUE
    assert await toy.read(timers.next_due) == start + 4 * HOUR


async def test_the_causes_of_a_timer_are_those_of_who_scheduled_it(toy):
    heard: list[tuple[str, str | None, str]] = []

    async def listen(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
        heard.append((uow.correlation_id, uow.cause_id, uow.caller.subject))

    await toy.run(
        lambda uow: uow.schedule("a", due_at=uow.now, command="listen", payload={}),
        correlation_id="cor_1",
        cause_id="evt_1",
    )
    await firing.fire_next(toy.runtime, {"listen": listen})

    assert heard == [("cor_1", "evt_1", "service:toy")]


async def test_the_runner_wakes_when_something_is_scheduled_and_stops_when_told(toy, bell):
    stop = asyncio.Event()
    running = asyncio.create_task(firing.run(toy.runtime, {"ring": bell}, stop))
    try:
        await schedule(toy, "a", after=-HOUR)
        await asyncio.wait_for(bell.rang.wait(), 10)
    finally:
        stop.set()
        await asyncio.wait_for(running, 10)

    assert bell.rung == ["a"]


async def test_a_harness_shows_why_a_timer_failed(toy):
    await toy.run(open_jar, label="broken")

    with pytest.raises(AssertionError, match="the check fails"):
        await toy.advance(toy.clock.now() + HOUR)


async def test_a_database_that_is_away_is_told_to_who_fires(toy, monkeypatch):
    def away(*_: object) -> None:
        raise ConnectionRefusedError("no such server")

    monkeypatch.setattr(type(toy.runtime.engine), "connect", away)

    with pytest.raises(ConnectionRefusedError):
        await firing.fire_next(toy.runtime, {})

"""The demo as a whole: three rehearsals of one city, the figures of their records, screen and picture."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from chassis.settings import Deployment
from uem import sample
from uem.demo import cases, entries, people, picture, player, record, result
from uem.demo.city import City
from uem.demo.player import Actors
from uem.demo.record import Recording
from uem.demo.scenario import Scenario
from uem.stack.stack import Stack

Say = Callable[[str], None]
TIMEOUT_S = 60.0  # one call on a loaded two-core machine, a solver's run in it


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the demo is: the figures, the plays that the screen shows, the pictures."""

    figures: dict[str, Any]
    answered: Recording
    silent: Recording
    pictures: tuple[Path, Path]


async def run(
    scenario: Scenario,
    *,
    answer_after: float | None,
    out: Path,
    say: Say,
    show: Callable[[Outcome, Stack], Awaitable[None]],
) -> None:
    """Play silent, the later days, and answered; `show` gets the outcome while the last still runs.

    The deployments are three, for each play needs a city of its own. Raises Problem.
    """
    try:
        async with asyncio.TaskGroup() as group:
            await _run(
                lambda start: Ahead(group, scenario, start),
                scenario,
                script=people.read_script(scenario.folder, answer_after=answer_after),
                out=out,
                say=say,
                show=show,
            )
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from several


async def _run(
    deploy: Callable[[datetime], "Ahead"],
    scenario: Scenario,
    *,
    script: people.Script,
    out: Path,
    say: Say,
    show: Callable[[Outcome, Stack], Awaitable[None]],
) -> None:
    began = time.monotonic()
    say("1 of 3  nobody answers")
    alone = deploy(scenario.starts)
    _, city = await alone.up(say)
    days = deploy(min(one.entries[0].at for one in scenario.cases) - timedelta(hours=1))
    silent = await _play(city, scenario, people.Nobody(), name="silent", say=say)
    alone.leave()
    say(f"2 of 3  {len(scenario.cases)} other days of the same place")
    _, city = await days.up(say)
    last = deploy(scenario.starts)
    await cases.play_all(city, scenario, tell=teller(say))
    later = await record.read(city, "later")
    days.leave()
    say(f"3 of 3  everybody answers {script.answer_after:g} scenario minutes after being told")
    stack, city = await last.up(say)
    await asyncio.gather(alone.gone(), days.gone())  # the latencies of this play are told
    actors = people.People(city, script)
    answered = await _play(city, scenario, actors, name="answered", say=say)
    took = time.monotonic() - began
    made = result.assemble(scenario, answered, silent, later, took_seconds=took)
    pictures = await asyncio.to_thread(picture.of_plays, scenario, answered.play, silent.play, out)
    await show(Outcome(made, answered, silent, pictures), stack)
    last.leave()


class Ahead:
    """A deployment that comes up, stays and goes beside what is being played in another."""

    def __init__(self, group: asyncio.TaskGroup, scenario: Scenario, start: datetime) -> None:
        self._leaving = asyncio.Event()
        self._up: asyncio.Future[tuple[Stack, City, str]] = (
            asyncio.get_running_loop().create_future()
        )
        self._task = group.create_task(self._stay(scenario, start))

    async def up(self, say: Say) -> tuple[Stack, City]:
        """The deployment, its city filled and at rest."""
        stack, city, counts = await self._up
        say(f"        up in {stack.boot_seconds:.1f} s; {counts}")
        return stack, city

    def leave(self) -> None:
        """It may go, and does so meanwhile."""
        self._leaving.set()

    async def gone(self) -> None:
        """Nothing of it runs any more."""
        await self._task

    async def _stay(self, scenario: Scenario, start: datetime) -> None:
        async with deployment(scenario, start) as up:
            self._up.set_result(up)
            await self._leaving.wait()


@asynccontextmanager
async def deployment(scenario: Scenario, start: datetime) -> AsyncIterator[tuple[Stack, City, str]]:
    """A rehearsal in a temporary folder, its clock at `start`, its city filled; and how many of what."""
    with tempfile.TemporaryDirectory(prefix="uem-demo-") as folder:
        async with (
            Stack(Path(folder), deployment=Deployment.REHEARSAL) as stack,
            httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client,
        ):
            city = City(stack, client)
            await city.set_clock(start)
            filled = await asyncio.to_thread(
                sample.load,
                stack.addresses,
                lambda roles: stack.token(roles=roles),
                scenario.folder / "city",
            )
            await city.settle()
            yield stack, city, ", ".join(f"{count} {name}" for name, count in filled.items())


async def _play(
    city: City, scenario: Scenario, actors: Actors, *, name: str, say: Say
) -> Recording:
    chained = entries.chained(scenario.entries)
    began = time.monotonic()
    one = player.Player(city, actors, put=entries.put, tell=teller(say))
    await one.play(chained, start=scenario.starts, until=scenario.ends)
    recording = await record.read(city, name)
    took = time.monotonic() - began
    span = scenario.ends - scenario.starts
    hours = span / timedelta(hours=1)
    said = recording.balance.published
    say(f"        {hours:.0f} scenario hours in {took:.1f} s, {said} events")
    return recording


def teller(say: Say) -> player.Tell:
    """Return who tells of a play. Entries are told; what people do is too much to read."""

    def tell(at: datetime, what: str) -> None:
        if what.split(" ", 1)[0] in entries.KINDS:
            say(f"        {entries.clock(at)}  {what}")

    return tell

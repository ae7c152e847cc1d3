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
    """Play silent, the later days, and answered; `show` gets the outcome while the last still runs."""
    began = time.monotonic()
    script = people.read_script(scenario.folder, answer_after=answer_after)
    say("1 of 3  nobody answers")
    async with deployment(scenario, say) as (_, city):
        silent = await _play(city, scenario, people.Nobody(), name="silent", say=say)
    say(f"2 of 3  {len(scenario.cases)} later days of the same city")
    first = min(one.entries[0].at for one in scenario.cases)
    async with deployment(scenario, say, start=first - timedelta(hours=1)) as (_, city):
        await cases.play_all(city, scenario.cases, tell=_teller(say))
        later = await record.read(city, "later")
    say(f"3 of 3  everybody answers {script.answer_after:g} scenario minutes after being told")
    async with deployment(scenario, say) as (stack, city):
        actors = people.People(city, script)
        answered = await _play(city, scenario, actors, name="answered", say=say)
        made = result.assemble(
            scenario, answered, silent, later, took_seconds=time.monotonic() - began
        )
        pictures = await asyncio.to_thread(
            picture.of_plays, scenario, answered.play, silent.play, out
        )
        await show(Outcome(made, answered, silent, pictures), stack)


@asynccontextmanager
async def deployment(
    scenario: Scenario, say: Say, *, start: datetime | None = None
) -> AsyncIterator[tuple[Stack, City]]:
    """A rehearsal in a temporary folder, its clock at the scenario's start, its city filled."""
    with tempfile.TemporaryDirectory(prefix="uem-demo-") as folder:
        async with (
            Stack(Path(folder), deployment=Deployment.REHEARSAL) as stack,
            httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client,
        ):
            city = City(stack, client)
            await city.set_clock(start or scenario.starts)
            filled = await asyncio.to_thread(
                sample.load,
                stack.addresses,
                lambda roles: stack.token(roles=roles),
                scenario.folder / "city",
            )
            await city.settle()
            counts = ", ".join(f"{count} {name}" for name, count in filled.items())
            say(f"        up in {stack.boot_seconds:.1f} s; {counts}")
            yield stack, city


async def _play(
    city: City, scenario: Scenario, actors: Actors, *, name: str, say: Say
) -> Recording:
    chained = entries.chained(scenario.entries)
    began = time.monotonic()
    one = player.Player(city, actors, put=entries.put, tell=_teller(say))
    await one.play(chained, start=scenario.starts, until=scenario.ends)
    recording = await record.read(city, name)
    took = time.monotonic() - began
    span = scenario.ends - scenario.starts
    hours = span / timedelta(hours=1)
    said = recording.balance.published
    say(f"        {hours:.0f} scenario hours in {took:.1f} s, {said} events")
    return recording


def _teller(say: Say) -> player.Tell:
    """Entries are told; what people do is too much to read."""

    def tell(at: datetime, what: str) -> None:
        if what.split(" ", 1)[0] in entries.KINDS:
            say(f"        {entries.clock(at)}  {what}")

    return tell

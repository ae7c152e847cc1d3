"""A scenario's city, filled in and played for as long as a test needs it."""

import asyncio
from datetime import datetime

from uem import sample
from uem.demo import entries, people, scenario
from uem.demo.city import City
from uem.demo.player import Player
from uem.stack.stack import Stack

FOLDER = sample.CITY.parent
SCENARIO = scenario.read(FOLDER)


async def fill(stack: Stack, city: City) -> None:
    """The city is in the services, which are at rest at the start of the scenario."""
    await city.set_clock(SCENARIO.starts)
    await asyncio.to_thread(
        sample.load,
        stack.addresses,
        lambda roles: stack.token(roles=roles, subject=roles[0]),
        sample.CITY,
    )
    await city.settle()


async def play(city: City, *, until: datetime) -> list[str]:
    """The entries up to `until` were played, everybody answering by the script; return who did what.

    A city that somebody else has played before is played on from where it stands.
    """
    done: list[str] = []
    actors = people.People(city, people.read_script(FOLDER))
    player = Player(
        city, actors, put=entries.put, tell=lambda at, what: done.append(f"{at:%H:%M} {what}")
    )
    now = city.now or SCENARIO.starts
    coming = [one for one in entries.chained(SCENARIO.entries) if now < one.at <= until]
    await player.play(coming, start=now, until=max(now, until))
    return done

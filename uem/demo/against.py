"""The emergency played on a deployment that somebody else runs: one rehearsal, by its gateway alone."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from uem import sample
from uem.demo import entries, figures, openings, people, player, record
from uem.demo.city import SERVICES, City
from uem.demo.record import Recording
from uem.demo.scenario import Scenario
from uem.issuer import Claims, Issuer
from uem.problem import Problem
from vocabulary import NATION

TIMEOUT_S = 60.0


class Distant:
    """A deployment behind one address, and the development issuer that it believes."""

    def __init__(self, url: str, issuer: Issuer) -> None:
        base = url.rstrip("/")
        self.addresses = {name: f"{base}/{name}" for name in SERVICES} | {"gateway": base}
        self._issuer = issuer

    @classmethod
    def at(cls, url: str, secrets: Path) -> "Distant":
        """Return the deployment at `url`. Raises `Problem` when the folder holds no issuer's key."""
        if not (secrets / "issuer.pem").is_file():
            raise Problem(
                f"{secrets} holds no issuer.pem: the key that signs the tokens of that deployment",
                remedy="--secrets names the folder operator that `uem secrets` made for it",
            )
        return cls(url, Issuer(secrets))

    def token(
        self,
        *,
        roles: Sequence[str],
        org: str | None = None,
        areas: Sequence[str] = (NATION,),
        posts: Sequence[str] = (),
        subject: str = "try",
    ) -> str:
        """Return a token that the deployment accepts."""
        return self._issuer.sign(
            Claims(subject=subject, roles=roles, org=org, areas=areas, posts=posts)
        )


@dataclass(frozen=True, slots=True)
class Played:
    """What one play left in the deployment's records, and how long it took."""

    scenario: Scenario
    recording: Recording
    filled: dict[str, int]
    scenario_minutes: int
    took_seconds: float

    def figures(self) -> dict[str, Any]:
        """What was answered, and the books: lost and doubled are 0 in a deployment that is sound."""
        balance = self.recording.balance
        told: dict[str, Any] = {
            "scenario_minutes": self.scenario_minutes,
            "took_seconds": round(self.took_seconds, 1),
            "events": {
                "published": balance.published,
                "handled": balance.handled,
                "lost": balance.lost,
                "duplicate_effects": self.recording.duplicate_effects,
            },
            "obligations": figures.obligations(self.recording.play),
            "dispatch": figures.requirements(self.recording.play),
            "links": self.recording.links,
        }
        if openings.openings(self.recording.play, self.scenario):
            told["system"] = openings.answered(self.recording.play, self.scenario)
        return told


async def play(
    scenario: Scenario, deployment: Distant, *, until: datetime | None, tell: player.Tell
) -> Played:
    """The city was filled and the scenario played up to `until`, everybody answering by the script.

    Raises `Problem` when the deployment is no rehearsal, or was played beyond the start before.
    """
    async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client:
        return await play_in(City(deployment, client), scenario, deployment, until=until, tell=tell)


async def play_in(
    city: City,
    scenario: Scenario,
    deployment: Distant,
    *,
    until: datetime | None,
    tell: player.Tell,
) -> Played:
    """The same in a city that is given."""
    ends = min(until or scenario.ends, scenario.ends)
    began = time.monotonic()
    filled = await _filled(city, scenario, deployment)
    actors = people.People(city, people.read_script(scenario.folder, answer_after=None))
    one = player.Player(city, actors, put=entries.put, tell=tell)
    due = [entry for entry in entries.chained(scenario.entries) if entry.at <= ends]
    await one.play(due, start=scenario.starts, until=ends)
    recording = await record.read(city, "answered")
    return Played(
        scenario,
        recording,
        filled,
        scenario_minutes=int((ends - scenario.starts) / timedelta(minutes=1)),
        took_seconds=time.monotonic() - began,
    )


async def _filled(city: City, scenario: Scenario, deployment: Distant) -> dict[str, int]:
    await city.set_clock(scenario.starts)
    filled = await asyncio.to_thread(
        sample.load,
        deployment.addresses,
        lambda roles: deployment.token(roles=roles, subject=roles[0]),
        scenario.folder / "city",
    )
    await city.settle()
    return filled

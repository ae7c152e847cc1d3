"""What a run left in the system's own records: the log of all services, ledgers, links, rules."""

import asyncio
import importlib
from dataclasses import dataclass
from typing import Any

from uem.demo import accounts, links
from uem.demo.accounts import Balance, Ledger
from uem.demo.city import SERVICES, City
from uem.demo.figures import Event, Play, instant, ordered


@dataclass(frozen=True, slots=True)
class Recording:
    """One run as recorded."""

    play: Play
    balance: Balance
    duplicate_effects: int
    links: list[dict[str, Any]]
    rules: list[dict[str, str]]


async def read(city: City, name: str) -> Recording:
    """Return the records of the deployment, which must be at rest."""
    rows = await city.pages("analytics", "/v1/events")
    ledgers = dict(
        zip(SERVICES, await asyncio.gather(*(_ledger(city, one) for one in SERVICES)), strict=True)
    )
    plans = await city.pages("plans", "/v1/plans", status="PUBLISHED")
    return Recording(
        play=Play(name, ordered([_event(row) for row in rows])),
        balance=accounts.balance(ledgers, _subscriptions()),
        duplicate_effects=accounts.duplicate_effects(rows),
        links=links.between(rows, ledgers.values()),
        rules=[
            {"plan": one["planId"], "version": one["planVersion"], "kind": one["kind"]}
            for one in plans
        ],
    )


async def _ledger(city: City, service: str) -> Ledger:
    said: list[dict[str, Any]] = []
    heard: list[dict[str, Any]] = []
    said_after = heard_after = 0
    while True:
        page = await city.read(
            service, f"/v1/operator/ledger?saidAfter={said_after}&heardAfter={heard_after}"
        )
        said += page["said"]
        heard += page["heard"]
        if not page["said"] and not page["heard"]:
            return Ledger(said, heard)
        said_after, heard_after = page["saidAfter"], page["heardAfter"]


def _subscriptions() -> dict[str, Any]:
    return {
        name: importlib.import_module(f"services.{name}.handlers").SUBSCRIPTIONS
        for name in SERVICES
    }


def _event(row: dict[str, Any]) -> Event:
    return Event(
        service=row["service"],
        aggregate=row["aggregate"],
        event=row["event"],
        id=row["id"],
        time=instant(row["time"]),
        body=row["payload"],
    )

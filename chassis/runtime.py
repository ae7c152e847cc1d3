"""What one running service holds: its name, database, clock and settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.broker import Broker
from chassis.clock import Clock
from chassis.policy import Policy, Scope, Standings, enter
from chassis.reconciliation import Latest
from chassis.settings import Settings


def read_at(db: AsyncConnection) -> datetime:
    """The business time at which the reader of this connection came."""
    assert db.sync_connection is not None
    now: datetime = db.sync_connection.get_execution_options()["now"]
    return now


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts that relay, consumers, timers and the HTTP edge of one service share.

    `timers_changed` is set after a commit that scheduled something and when the clock was set.
    Without a `policy` nothing can be authorized: roles alone decide. `broker` is connected while
    `traffic.run` runs.
    """

    service: str
    engine: AsyncEngine
    clock: Clock
    settings: Settings
    policy: Policy | None = None
    timers_changed: asyncio.Event = field(default_factory=asyncio.Event)
    reconciliation: Latest = field(default_factory=Latest)
    standings: Standings = field(init=False, repr=False, compare=False)
    broker: Broker = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        told = self.settings
        broker = Broker(
            self.service, url=told.nats_url, user=told.nats_user, password=told.nats_password
        )
        object.__setattr__(self, "broker", broker)
        organizations = self.policy.organizations if self.policy else None
        standings = Standings(self.engine, self.clock.monotonic, organizations)
        object.__setattr__(self, "standings", standings)

    @property
    def reading(self) -> AsyncEngine:
        """The same connections for the chassis' own tables, which everybody in it may read."""
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def seen_by(self, scope: Scope) -> AsyncIterator[AsyncConnection]:
        """Give a connection that reads what `scope` covers of the tables marked `visible`, at `now`.

        Each statement sees what is committed by then; nothing can be written.
        """
        if self.policy is None:  # then no table is marked
            async with self.reading.connect() as db:
                yield await db.execution_options(now=self.clock.now())
            return
        async with self.engine.connect() as connection:
            now = self.clock.now()
            db = await connection.execution_options(scope=scope, now=now, postgresql_readonly=True)
            async with db.begin():
                await enter(db, scope)
                yield db

"""What one running service holds: its name, database, clock and settings."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.broker import Broker
from chassis.clock import Clock
from chassis.policy import Policy
from chassis.reconciliation import Latest
from chassis.settings import Settings


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
    broker: Broker = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        told = self.settings
        broker = Broker(
            self.service, url=told.nats_url, user=told.nats_user, password=told.nats_password
        )
        object.__setattr__(self, "broker", broker)

    @property
    def reading(self) -> AsyncEngine:
        """The same connections for reads: each statement sees what is committed by then."""
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")

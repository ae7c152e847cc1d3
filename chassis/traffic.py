"""What a service says and hears while it runs: the face of relay, consumers and their records."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter

from chassis.messages import Published, Subscription
from chassis.runtime import Runtime

# Operator's routes about messages: outbox, quarantine, parked, ledger, rewind.
router = APIRouter()


async def run(
    runtime: Runtime,
    *,
    published: Sequence[Published],
    subscriptions: Sequence[Subscription],
    stop: asyncio.Event,
) -> None:
    """Relay what is said and handle what is heard, until `stop` is set; then finish and return."""
    await stop.wait()


async def unsent(runtime: Runtime) -> int:
    """Return how many outbox rows the broker has not acknowledged."""
    return 0


async def pending(runtime: Runtime, subscriptions: Sequence[Subscription]) -> int:
    """Return how many messages wait for this service's consumers or are being handled."""
    return 0

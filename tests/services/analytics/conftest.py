"""Analytics under test: a real database, and one real embedded warehouse for the session."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from chassis.policy import Grant
from chassis.unit_of_work import Caller
from services.analytics import store
from services.analytics.app import create_app
from services.analytics.store.warehouse import TABLES
from tests.harness import START

COLLECTOR = ("collector", "viewer", "operator")
COLLECTS = Caller(subject="rain-1", grants=(Grant(role="collector", area="000000"),))


@pytest.fixture(scope="session")
async def engine(tmp_path_factory) -> AsyncIterator[store.Warehouse]:
    """The embedded engine, once: it allows one folder a process."""
    url = store.embedded_url(tmp_path_factory.mktemp("analytics"))
    opened = await store.open_warehouse(url, cluster=None, now=datetime(2026, 1, 1, tzinfo=UTC))
    yield opened
    await asyncio.to_thread(opened.close)


@pytest.fixture
async def warehouse(engine):
    """The warehouse with empty tables."""
    await engine.create([f"TRUNCATE TABLE {kind}" for kind in TABLES])
    return engine


@pytest.fixture
async def analytics(harness, warehouse):
    """The service on an empty database and an empty warehouse."""

    @asynccontextmanager
    async def shared(_runtime):
        yield warehouse

    return await harness(create_app(shared))


@pytest.fixture
def lines():
    """`lines(("s1", 5, 1.5), …)`: the NDJSON of rain samples, minutes after the start."""

    def made(*samples, **common):
        rows = [
            {"station": station, "metric": "rain_mm", "value": value, "unit": "mm",
             "observedAt": minutes_after(minutes)} | common
            for station, minutes, value in samples
        ]  # fmt: skip
        return "\n".join(json.dumps(row) for row in rows)

    return made


def minutes_after(minutes):
    """RFC 3339 of an instant after the harness' start."""
    return datetime.fromtimestamp(START.timestamp() + 60 * minutes, UTC).isoformat()

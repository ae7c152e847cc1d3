"""Fixtures of the chassis' own tests."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.chassis.rig import Rig, opened
from tests.databases import Postgres
from uem.stack import ports
from uem.stack.nats import EmbeddedNats

# A busy machine is no failure; what a test may cost is said by its timeout.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture
async def rig(postgres: Postgres, nats_url: str) -> AsyncIterator[Rig]:
    """Services on the session's broker."""
    async with opened(postgres, nats_url, shares_broker=True) as rig:
        yield rig


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[EmbeddedNats]:
    """A broker of one's own, to be stopped, killed and wiped."""
    server = EmbeddedNats(tmp_path / "nats", ports.free(1)[0])
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
async def own_rig(postgres: Postgres, broker: EmbeddedNats) -> AsyncIterator[Rig]:
    """Services on that broker."""
    async with opened(postgres, broker.dsn) as rig:
        yield rig

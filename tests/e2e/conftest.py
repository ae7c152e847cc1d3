"""One rehearsal deployment with the sample city, booted once for all end-to-end tests."""

from collections.abc import AsyncIterator

import httpx
import pytest

from chassis.settings import Deployment
from tests.e2e import rehearsal
from uem.demo.city import City
from uem.stack.stack import Stack


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    folder = tmp_path_factory.mktemp("e2e") / "state"
    async with Stack(folder, deployment=Deployment.REHEARSAL) as running:
        yield running


@pytest.fixture(scope="session")
async def city(stack: Stack) -> AsyncIterator[City]:
    """The playground city at the start of its scenario, at rest."""
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        playground = City(stack, client)
        await rehearsal.fill(stack, playground)
        yield playground

"""One rehearsal deployment with the sample city, booted once for all end-to-end tests."""

from collections.abc import AsyncIterator

import httpx
import pytest

from chassis.settings import Deployment
from tests.e2e import questions, rehearsal
from uem.demo.city import City
from uem.stack.stack import Stack


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    folder = tmp_path_factory.mktemp("e2e") / "state"
    async with Stack(folder, deployment=Deployment.REHEARSAL) as running:
        yield running


@pytest.fixture(scope="session")
async def empty_city(stack: Stack) -> AsyncIterator[City]:
    """The deployment before anything is in it."""
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        yield City(stack, client)


@pytest.fixture(scope="session")
async def before_any_law(empty_city: City) -> dict[str, list[questions.Json]]:
    """What both services that answer for the law said before one was loaded."""
    return await questions.ask_both(empty_city, questions.EARLY)


@pytest.fixture(scope="session")
async def city(
    stack: Stack, empty_city: City, before_any_law: dict[str, list[questions.Json]]
) -> City:
    """The playground city at the start of its scenario, at rest."""
    await rehearsal.fill(stack, empty_city)
    return empty_city

"""The organization system under test, knowing a small city."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from tests.harness import Harness
from tests.services.org import city


@pytest.fixture
async def empty(harness: Callable[..., Any]) -> Harness:
    """The organization system knowing nothing."""
    opened: Harness = await harness("org")
    return opened


@pytest.fixture
async def org(empty: Harness) -> Harness:
    """The organization system with its divisions, organizations and posts."""
    await city.settle(empty)
    return empty


@pytest.fixture
async def officer(org: Harness) -> AsyncIterator[httpx.AsyncClient]:
    """An officer of the city's office."""
    async with org.client(
        roles=["duty_officer", "viewer"], org=city.OFFICE, person="wang", subject="wang"
    ) as client:
        yield client


@pytest.fixture
async def second(org: Harness) -> AsyncIterator[httpx.AsyncClient]:
    """Another officer of the same office."""
    async with org.client(
        roles=["duty_officer", "viewer"], org=city.OFFICE, person="li", subject="li"
    ) as client:
        yield client

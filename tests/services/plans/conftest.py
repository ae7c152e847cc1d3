"""The plan system under test, empty or with a city whose flood plan is in force."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness import Harness
from tests.services.plans import city


@pytest.fixture
async def empty(harness: Callable[..., Any]) -> Harness:
    """The plan system knowing nothing."""
    opened: Harness = await harness("plans")
    return opened


@pytest.fixture
async def plans(empty: Harness) -> Harness:
    """The plan system with the city settled and its flood plan published."""
    await city.settle(empty)
    await city.draft(empty)
    await city.publish(empty)
    return empty

"""The organization system under test, knowing a small city."""

from collections.abc import Callable
from typing import Any

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

"""The service put together: it beats in production, and is silent in a rehearsal."""

from collections.abc import Callable
from typing import Any

import pytest

from chassis.settings import Deployment
from services.org import store
from tests.harness import START, Harness


@pytest.mark.parametrize(
    ("deployment", "expected"), [(Deployment.PRODUCTION, START), (Deployment.REHEARSAL, None)]
)
async def test_only_a_production_service_beats(
    harness: Callable[..., Any], deployment: Deployment, expected: object
) -> None:
    org: Harness = await harness("org", deployment=deployment)

    assert await org.read(store.last_beat) == expected

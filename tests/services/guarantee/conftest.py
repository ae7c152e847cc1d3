"""Guarantee on an empty database, and on one that knows a city."""

import pytest

from services.guarantee import commands
from tests.services.guarantee import messages


@pytest.fixture
async def bare(harness):
    """Guarantee that has heard of nothing."""
    return await harness("guarantee")


@pytest.fixture
async def guarantee(bare):
    """Guarantee that knows a city of two districts and three of its organizations."""
    for one in messages.GROUND:
        await bare.run(commands.keep_jurisdiction, one)
    for known in (messages.FLOOD_COMMAND, messages.OFFICE, messages.PUMPS_OWNER):
        await bare.run(commands.keep_organization, known)
    return bare


@pytest.fixture
async def agency(guarantee):
    """The observatory's client."""
    async with guarantee.client(roles=["agency"], org=messages.SENDER, subject="met-1") as client:
        yield client

"""The migrations of each service lead to exactly the schema that it works on."""

import asyncio

import pytest

from chassis import migrations
from chassis.settings import Deployment
from tests.databases import Postgres


@pytest.mark.parametrize("service", ["org", "plans", "guarantee", "analytics"])
async def test_the_migrated_database_is_the_metadata(postgres: Postgres, service: str):
    package = f"services.{service}.migrations"
    url = await postgres.empty(f"{service}_migrated")

    await asyncio.to_thread(migrations.upgrade, package, url=url, deployment=Deployment.PRODUCTION)

    assert await migrations.drift(package, url=url) == []

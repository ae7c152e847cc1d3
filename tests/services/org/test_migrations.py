"""The migrations lead to exactly the schema that the service works on."""

import asyncio

from chassis import migrations
from chassis.settings import Deployment


async def test_the_migrated_database_is_the_metadata(postgres) -> None:
    package = "services.org.migrations"
    url = await postgres.empty("org_migrated")

    await asyncio.to_thread(migrations.upgrade, package, url=url, deployment=Deployment.PRODUCTION)

    assert await migrations.drift(package, url=url) == []

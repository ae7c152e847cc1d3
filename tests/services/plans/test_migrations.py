"""The schema: what the tables say is what the migrations make."""

from chassis import migrations
from tests.harness import Harness


async def test_the_migrations_make_what_the_tables_say(empty: Harness):
    url = empty.runtime.settings.database_url

    assert await migrations.drift("services.plans.migrations", url=url) == []

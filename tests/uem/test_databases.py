"""The two roles of a service on a server whose superuser is neither of them."""

import asyncio

import asyncpg
import pytest

from chassis.settings import Deployment
from tests.databases import Postgres
from uem import schema
from uem.stack import databases
from uem.stack.databases import Credentials

GIVEN = Credentials(owner="of-the-owner", application="of-the-service")


async def test_the_service_works_on_tables_that_it_cannot_alter(postgres: Postgres):
    await databases.provision(postgres.dsn, {"analytics": GIVEN})
    owner = databases.owner_url(postgres.dsn, "analytics", GIVEN)
    for _ in range(2):  # an upgrade at the newest migration changes nothing
        await asyncio.to_thread(
            schema.upgrade, {"services.analytics": owner}, deployment=Deployment.PRODUCTION.value
        )
    connection = await asyncpg.connect(databases.service_url(postgres.dsn, "analytics", GIVEN))

    await connection.execute("INSERT INTO policy_account VALUES ('ali', 1, now())")

    assert await connection.fetchval("SELECT count(*) FROM schema_version") == 1
    for refused in (
        "CREATE TABLE its_own (id int)",
        "ALTER TABLE policy_account DISABLE ROW LEVEL SECURITY",
        "DELETE FROM schema_version",
        "TRUNCATE policy_account",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(refused)
    await connection.close()
    await databases.drop(postgres.dsn, ["analytics"])

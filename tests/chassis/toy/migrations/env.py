"""How Alembic reaches the toy service's tables."""

from chassis import migrations
from tests.chassis.toy import store

migrations.run(store.metadata)

"""How Alembic reaches the tables of guarantee."""

from chassis import migrations
from services.guarantee import store

migrations.run(store.metadata)

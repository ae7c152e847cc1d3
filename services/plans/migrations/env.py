"""How Alembic reaches the tables of the plan system."""

from chassis import migrations
from services.plans import store

migrations.run(store.metadata)

"""How Alembic reaches the tables of the organization system."""

from chassis import migrations
from services.org import store

migrations.run(store.metadata)

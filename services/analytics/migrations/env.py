"""Alembic runs this to migrate analytics' database."""

from chassis import migrations
from services.analytics import store

migrations.run(store.metadata)

"""Migrations."""

from collections.abc import Mapping

from chassis.settings import Deployment


def upgrade(urls: Mapping[str, str], *, deployment: Deployment) -> None:
    """Every database is at its service's newest migration, stamped with `deployment`."""

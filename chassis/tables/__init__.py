"""The chassis' own tables, and how they become part of a service's schema."""

from __future__ import annotations

from sqlalchemy import MetaData

from chassis.tables import audit, messaging, policy, state
from chassis.tables.base import CHASSIS, NAMING

__all__ = ["CHASSIS", "NAMING", "attach", "audit", "messaging", "policy", "state"]


def attach(metadata: MetaData) -> None:
    """Make the chassis' tables part of `metadata`, so that the service's migrations create them.

    Doing it twice changes nothing.
    """
    for table in CHASSIS.sorted_tables:
        if table.name not in metadata.tables:
            table.to_metadata(metadata)

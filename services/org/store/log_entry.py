"""Duty log entries as rows."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import documents
from services.org.domain import LogEntry
from services.org.store import tables
from services.org.store.incident import sealed_with


async def get_log_entry(
    db: AsyncConnection, entry_id: str, *, expected_version: int | None = None
) -> LogEntry:
    """Return the entry, ours until the unit of work ends.

    Raises NotFound `log-entry-not-found` and VersionConflict.
    """
    return await documents.load(
        db, tables.log_entry, entry_id, LogEntry, lock=True, expected_version=expected_version
    )


async def find_log_entry(db: AsyncConnection, entry_id: str) -> LogEntry | None:
    """Return the entry, or None."""
    table = tables.log_entry
    found = await documents.find(db, table, LogEntry, table.c.id == entry_id)
    return found[0] if found else None


async def put_log_entry(db: AsyncConnection, entry: LogEntry) -> LogEntry:
    """Store the entry."""
    sealed = sealed_with(entry.incident_id)
    return await documents.save(db, tables.log_entry, entry, incident_sealed=sealed)

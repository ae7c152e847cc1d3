"""The way into the warehouse: accepted rows are staged in batches, and batches are loaded together.

PostgreSQL says what is accepted; the warehouse is filled from there. A load is named and fixed in
PostgreSQL before its rows are inserted under that name, so repeating it doubles nothing.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which table of the warehouse the rows belong to."""

    OBSERVATION = "observation"
    READING = "reading"
    EVENT = "event_log"


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one kind accepted together: `payload` is a JSON array of rows in column order."""

    id: int
    kind: Kind
    rows: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """Batches that go to the warehouse in one insert, under one token."""

    id: str
    kind: Kind
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What was accepted and what has arrived, by kind; equal when nothing is staged or lost."""

    kind: Kind
    accepted: int
    loaded: int
    staged: int

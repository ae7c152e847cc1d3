"""What a service last found when it held outbox, streams and inboxes against one another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

MOST_NAMED = 100


class Missing(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An event that is not where it must be. `consumer` is null when the stream lacks it.

    `said_at` is when the outbox recorded it or, for a consumer, when the stream stored it.
    """

    event_id: str
    stream: str
    stream_seq: int | None
    said_at: datetime
    consumer: str | None = None


class Stored(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One stream of ours against the outbox: rows said into it, still unsent, and lost."""

    stream: str
    said: int
    unsent: int
    lost: int


class Taken(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One stream that we hear against our inbox: messages looked at, waiting, held, and lost.

    `looked_at` counts since the process began, or in a whole check from the stream's beginning.
    """

    consumer: str
    stream: str
    looked_at: int
    waiting: int
    waiting_since: datetime | None
    parked: int
    parked_since: datetime | None
    quarantined: int
    lost: int


class Reconciliation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Everything found at one wall time, by a service that could ask its database and the broker.

    `lost` is the number of events missing anywhere; at most 100 of them are named.
    """

    at: datetime | None
    lost: int
    stored: list[Stored]
    taken: list[Taken]
    missing: list[Missing]


@dataclass(slots=True)
class Latest:
    """The last reconciliation of this process; `at` is null before the first."""

    found: Reconciliation = Reconciliation(at=None, lost=0, stored=[], taken=[], missing=[])  # noqa: RUF009 - frozen

"""The log of what all services said: one entry per event, with business and machine time apart."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """One event as it was heard.

    `time` is business time of the fact, `heard_at` the wall time at which this log took it in;
    `payload` is ProtoJSON.
    """

    event_id: str
    service: str
    aggregate: str
    event: str
    major: int
    id: str
    area: str
    mode: str
    version: int
    time: datetime
    heard_at: datetime
    correlation_id: str
    causation_id: str | None
    payload: bytes

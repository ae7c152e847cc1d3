"""Times at which this system was away, told by beats that did not come (LINK-10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

BEAT = timedelta(seconds=30)  # one beat row update a half minute costs nothing and bounds the error
SILENCE = 3 * BEAT  # two missed beats may be a slow disk; three are an outage


@dataclass(frozen=True, slots=True)
class Outage:
    """No beat between `started_at` (the last one) and `ended_at` (the next)."""

    started_at: datetime
    ended_at: datetime


def silence(last_beat: datetime | None, now: datetime) -> Outage | None:
    """The outage that lies between the last beat and now, if beats were missed."""
    if last_beat is None or now - last_beat <= SILENCE:
        return None
    return Outage(last_beat, now)


def was_up(outages: Iterable[Outage], start: datetime, end: datetime) -> bool:
    """Whether no outage overlaps the time from `start` to `end`."""
    return not any(one.started_at < end and start < one.ended_at for one in outages)

"""Hand-offs between services: who said what because of what, and how long the machines took."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from uem.demo.accounts import Ledger
from uem.demo.figures import instant


def between(
    log: Iterable[Mapping[str, Any]], ledgers: Iterable[Ledger]
) -> list[dict[str, str | int | float]]:
    """The JSON part `links`, from the log of all events and the ledgers of those who said them.

    A latency is the wall time, ms, from the transaction that recorded the cause in the outbox of
    its service to the one that recorded the effect in that of another, both by the database.
    """
    recorded = {
        row["eventId"]: instant(row["recordedAt"]) for ledger in ledgers for row in ledger.said
    }
    # an event that its service forgot, set back to a backup, is in the log and has no time
    events = {row["eventId"]: row for row in log if row["eventId"] in recorded}
    took: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
    for effect in events.values():
        cause = events.get(effect["causationId"])
        if cause is not None and cause["service"] != effect["service"]:
            what = f"{_name(cause)} → {_name(effect)}"
            span = recorded[effect["eventId"]] - recorded[cause["eventId"]]
            took[cause["service"], effect["service"], what].append(span.total_seconds() * 1000)
    return [
        {
            "from": source,
            "to": target,
            "event": what,
            "latency_ms": round(median(spans), 1),
            "p99_ms": round(_percentile(spans, 0.99), 1),
            "count": len(spans),
        }
        for (source, target, what), spans in sorted(took.items())
    ]


def _name(row: Mapping[str, Any]) -> str:
    return f"{row['aggregate']}.{row['event']}"


def _percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]

"""The books of a run: what was said and not heard, and what was done twice."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis import delivery
from chassis.messages import Subscription

STATE = "state"
# Their text never travels, so two of one cause look alike from outside and say nothing about doubling.
OPAQUE = frozenset({"log_entry"})
# Ids that a service makes (prefix and 32 hex digits), as against names of the world.
_MADE_ID = re.compile(r"^[a-z]{2,5}_[0-9a-f]{32}$")


@dataclass(frozen=True, slots=True)
class Ledger:
    """One service's outbox and inbox, as its operator's route tells them."""

    said: Sequence[Mapping[str, Any]]
    heard: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Balance:
    """`handled` counts deliveries that had their effect, once per consumer."""

    published: int
    handled: int
    lost: int


def balance(
    ledgers: Mapping[str, Ledger], subscriptions: Mapping[str, Iterable[Subscription]]
) -> Balance:
    """Hold every outbox row against the inbox of every consumer that subscribed to it.

    Of a state stream only the newest state of an object has to be heard: the broker keeps no other.
    """
    heard = {
        (row["consumer"], row["eventId"]) for ledger in ledgers.values() for row in ledger.heard
    }
    owed = list(_owed(ledgers, subscriptions))
    return Balance(
        published=sum(len(ledger.said) for ledger in ledgers.values()),
        handled=len(heard),
        lost=sum(pair not in heard for pair in owed),
    )


def _owed(
    ledgers: Mapping[str, Ledger], subscriptions: Mapping[str, Iterable[Subscription]]
) -> Iterable[tuple[str, str]]:
    for listener, heard in subscriptions.items():
        for subscription in heard:
            consumer = delivery.consumer_name(listener, subscription)
            for row in _matching(ledgers[subscription.service].said, subscription):
                yield consumer, row["eventId"]


def _matching(
    said: Sequence[Mapping[str, Any]], subscription: Subscription
) -> list[Mapping[str, Any]]:
    rows = [
        row
        for row in said
        if subscription.aggregate in ("*", row["aggregate"])
        and (_event(row) == STATE) == subscription.state
    ]
    if not subscription.state:
        return rows
    newest = {(row["aggregate"], row["id"]): row for row in sorted(rows, key=_version)}
    return list(newest.values())


def _event(row: Mapping[str, Any]) -> str:
    return str(row["subject"]).split(".")[3]


def _version(row: Mapping[str, Any]) -> int:
    return int(row["version"])


def duplicate_effects(events: Sequence[Mapping[str, Any]]) -> int:
    """How many effects repeat another: the same cause, the same kind, and the same content.

    `events` are rows of the log of all services. A made id stands for what its object first said,
    so that a handler that ran twice and made two objects is seen, and two objects that differ are not.
    """
    names = _Names(events)
    effects = Counter(
        (row["causationId"], row["service"], row["aggregate"], row["event"], names.content(row))
        for row in events
        if row["causationId"] and row["aggregate"] not in OPAQUE
    )
    return sum(count - 1 for count in effects.values())


class _Names:
    """Names of made ids by content: the same for two objects that differ in nothing but their ids."""

    def __init__(self, events: Sequence[Mapping[str, Any]]) -> None:
        self._first: dict[str, Mapping[str, Any]] = {}
        for row in events:
            self._first.setdefault(row["id"], row)
        self._names: dict[str, str] = {}

    def content(self, row: Mapping[str, Any]) -> str:
        """Return what the event says, every made id by its name."""
        return json.dumps([self._name(row["id"]), self._canonical(row["payload"])], sort_keys=True)

    def _name(self, id: str) -> str:
        if not _MADE_ID.match(id):
            return id
        if id not in self._names:
            prefix = self._names[id] = id.split("_", 1)[0]  # also ends a circle of references
            first = self._first.get(id)
            if first is not None:
                told = json.dumps(
                    [first["causationId"], self._canonical(first["payload"])], sort_keys=True
                )
                self._names[id] = f"{prefix}:{hashlib.sha256(told.encode()).hexdigest()}"
        return self._names[id]

    def _canonical(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        match value:
            case dict():
                return {name: self._canonical(inner) for name, inner in value.items()}
            case list():
                return [self._canonical(inner) for inner in value]
            case str():
                return self._name(value)
            case _:
                return value

"""What the hearing service has heard: inbox, watermarks, parked and held messages, effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chassis import delivery, inbox
from chassis.delivery import Delivery, Heard
from chassis.errors import Quarantine
from chassis.inbox import Order, Outcome, Standing
from chassis.messages import Subscription
from tests.simulation import said, timers
from tests.simulation.broker import Broker
from tests.simulation.database import Database, Transaction
from tests.simulation.decisions import Decisions
from tests.simulation.world import Actor, Killed, World

NAME = "b"


async def handler(_uow: Any, _event: Any) -> None:
    """Never called: what a handler does is simulated."""


SUBSCRIPTIONS = (
    Subscription(
        service=said.NAME,
        aggregate="marble",
        on={"rolled.v1": (dict, handler), "renamed.v2": (dict, handler)},
    ),
    Subscription(
        service=said.NAME, aggregate="shelf", on={"state.v1": (dict, handler)}, state=True
    ),
    Subscription(
        service=said.NAME, aggregate="*", on={"*": (dict, handler)}, every=True, batch=True
    ),
)
CONSUMERS = {delivery.consumer_name(NAME, one): one for one in SUBSCRIPTIONS}
ORDERS = {name: inbox.order_of(one) for name, one in CONSUMERS.items()}


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that came before its predecessor."""

    message: Delivery
    heard: Heard
    version: int
    previous: int
    attempts: int = 0
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the inbox."""

    outcome: Outcome
    stream: str
    stream_seq: int


@dataclass(frozen=True, slots=True)
class Effect:
    """That a consumer took an event, with an effect or without."""

    consumer: str
    event_id: str
    key: tuple[str, str]
    version: int
    previous: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Held:
    """One entry of the quarantine."""

    consumer: str
    message: Delivery
    heard: Heard
    is_open: bool = True


@dataclass(slots=True)
class Poison:
    """What handling an event comes to, so often, until it is mended."""

    kind: str
    times: int


@dataclass
class Inbox:
    """Tables: inbox, watermark, parked, quarantine, attempt, timer, effect, fired."""

    world: World
    broker: Broker
    do: Decisions
    poison: dict[tuple[str, str], Poison] = field(default_factory=dict)
    judged: set[tuple[str, str]] = field(default_factory=set)
    _heard: dict[tuple[str, str, int, str], Heard] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.db = Database(
            self.world,
            *("inbox", "watermark", "parked", "quarantine", "attempt", "timer", "effect", "fired"),
        )

    # applying

    def read(self, consumer: str, message: Delivery) -> Heard:
        """Return what the chassis makes of the message."""
        at = (consumer, message.stream, message.stream_seq, message.headers["ce-id"])
        if at not in self._heard:
            self._heard[at] = delivery.read(CONSUMERS[consumer], message)
        return self._heard[at]

    def _apply(self, consumer: str, messages: Sequence[Delivery]) -> Actor:
        order = ORDERS[consumer]
        arrivals = [self.read(consumer, message) for message in messages]
        with self.db.transaction() as transaction:
            keys = [
                ("claim", h.envelope.event_id) if order is Order.EVERY else h.key for h in arrivals
            ]
            yield from transaction.lock(self.do.locks(consumer, keys))
            standings = [self._standing(consumer, heard) for heard in arrivals]
            outcomes, reached = self.do.decide_all(order, arrivals, standings)
            yield None
            for heard, outcome in zip(arrivals, outcomes, strict=True):
                yield from self._take(transaction, consumer, heard, outcome)
            for key, version in reached.items():
                self._advance(transaction, consumer, key, version)
            yield from transaction.commit()
        return frozenset(self.do.successors(arrivals, standings, outcomes, reached=reached))

    def _take(
        self, transaction: Transaction, consumer: str, heard: Heard, outcome: Outcome
    ) -> Actor:
        if outcome is Outcome.APPLIED:
            yield from self.handle(transaction, consumer, heard)
        if outcome is Outcome.ADVANCED:
            self.note(transaction, consumer, heard, outcome)
        if outcome is Outcome.PARKED:
            about = heard.envelope
            row = Parked(heard.delivery, heard, about.version, about.previous)
            if (consumer, about.event_id) not in self.db["parked"]:
                self.do.park(transaction, (consumer, about.event_id), row)
        self._record(transaction, consumer, heard, outcome)

    def _record(
        self, transaction: Transaction, consumer: str, heard: Heard, outcome: Outcome
    ) -> None:
        def record() -> None:
            table, at = self.db["inbox"], heard.delivery
            known = table.get(key)
            kept = outcome if known is None else known.outcome
            table[key] = Entry(kept, at.stream, at.stream_seq)

        key = self.do.inbox_key(consumer, heard.envelope.event_id)
        transaction.write(record)

    def handle(self, transaction: Transaction, consumer: str, heard: Heard) -> Actor:
        """Do what the handler does: leave an effect and a timer, or fail as the event's poison says."""
        self._suffer(consumer, heard)
        self.note(transaction, consumer, heard, Outcome.APPLIED)
        if ORDERS[consumer] is Order.GAPLESS:
            yield from timers.schedule(self.db, transaction, heard, self.world.instant())

    def _suffer(self, consumer: str, heard: Heard) -> None:
        event = (consumer, heard.envelope.event_id)
        if event not in self.judged:
            self.judged.add(event)
            for kind, times in (("hopeless", 99), ("failing", 3), ("broken", 99), ("killer", 12)):
                if event not in self.poison and self.world.strikes(f"poison {kind}"):
                    self.poison[event] = Poison(kind, times)
        poison = self.poison.get(event)
        if poison is None or poison.times <= 0:
            return
        poison.times -= 1
        if poison.kind == "hopeless":
            raise Quarantine("hopeless")
        if poison.kind == "killer":
            raise Killed
        raise RuntimeError(poison.kind)

    def note(self, transaction: Transaction, consumer: str, heard: Heard, outcome: Outcome) -> None:
        about = heard.envelope
        effect = Effect(consumer, about.event_id, heard.key, about.version, about.previous, outcome)
        transaction.write(lambda: self.db["effect"].__setitem__(self.db.next(), effect))

    def _advance(
        self, transaction: Transaction, consumer: str, key: tuple[str, str], to: int
    ) -> None:
        def advance() -> None:
            marks = self.db["watermark"]
            marks[consumer, key] = max(marks.get((consumer, key), 0), to)

        transaction.write(advance)

    def _standing(self, consumer: str, heard: Heard) -> Standing:
        return Standing(
            watermark=self.db["watermark"].get((consumer, heard.key), 0),
            held=self._is_held(consumer, heard.key),
            waiting=bool(self._parked(consumer, heard.key)),
            seen=self.do.inbox_key(consumer, heard.envelope.event_id) in self.db["inbox"],
        )

    def _is_held(self, consumer: str, key: tuple[str, str]) -> bool:
        entries = self.db["quarantine"].values()
        return any(h.is_open and h.consumer == consumer and h.heard.key == key for h in entries)

    def _parked(self, consumer: str, key: tuple[str, str]) -> list[Parked]:
        rows = self.db["parked"].items()
        return [p for (name, _), p in rows if name == consumer and p.heard.key == key]

    def finish(
        self, transaction: Transaction, consumer: str, heard: Heard, outcome: Outcome
    ) -> None:
        """Have the inbox say what finally became of it, and the watermark stand there."""
        if ORDERS[consumer] is not Order.EVERY:
            self._advance(transaction, consumer, heard.key, heard.envelope.version)
        self.settle(transaction, consumer, heard, outcome)

    def settle(
        self, transaction: Transaction, consumer: str, heard: Heard, outcome: Outcome
    ) -> None:
        """Have the inbox say what finally became of it."""

        def settle() -> None:
            if key in self.db["inbox"]:
                self.db["inbox"][key] = replace(self.db["inbox"][key], outcome=outcome)

        key = self.do.inbox_key(consumer, heard.envelope.event_id)
        transaction.write(settle)

    def hold(self, consumer: str, message: Delivery) -> Actor:
        """Have the message in quarantine, once."""
        heard = self.read(consumer, message)
        at = (consumer, message.stream, message.stream_seq)

        def insert() -> None:
            key = self.do.inbox_key(consumer, heard.envelope.event_id)
            entry = self.db["inbox"].get(key)
            outcome = None if entry is None else entry.outcome
            held = [h for h in self.db["quarantine"].values() if h.is_open]
            ours = [h for h in held if h.consumer == consumer]
            is_held = any(h.heard.envelope.event_id == heard.envelope.event_id for h in ours)
            is_parked = (consumer, heard.envelope.event_id) in self.db["parked"]
            if self.do.may_be_held(outcome, is_held=is_held, is_parked=is_parked):
                self.db["quarantine"][*at, self.db.next()] = Held(consumer, message, heard)
                quarantined = Entry(Outcome.QUARANTINED, message.stream, message.stream_seq)
                self.db["inbox"][key] = quarantined
                self.db["parked"].pop((consumer, heard.envelope.event_id), None)

        with self.db.transaction() as transaction:
            yield from transaction.lock(self.do.locks(consumer, [heard.key]))
            transaction.write(insert)
            yield from transaction.commit()
        self.world.tell(f"{consumer} holds {heard.envelope.event_id}")

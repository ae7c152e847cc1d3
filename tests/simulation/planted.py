"""Wrong decisions, each of a kind that somebody might write; the simulation has to find every one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from chassis import inbox
from chassis.cargo import Cargo
from chassis.chains import Row
from chassis.consumer import settling
from chassis.inbox import Order, Outcome
from chassis.reconcile import Verdict
from tests.simulation.decisions import Decisions
from tests.simulation.schedule import REAL


class SkipsTheFailed(Cargo):
    """Lets the successors of a failed row go first."""

    def failed(self, row: Row, now: float) -> None:
        """Put the row at the end of its chain."""
        super().failed(row, now)
        rows = self._chains._chains[row.key].rows
        rows.rotate(-1)


class Cursor:
    """Fetches behind the highest row seen, instead of what is pending."""

    def __init__(self) -> None:
        self._seen = 0

    def __call__(self, rows: Iterable[Any], in_hand: Any) -> list[Any]:
        found = [row for row in rows if not row.sent and row.seq > self._seen][:4]
        self._seen = max([self._seen, *(row.seq for row in found)])
        return found


def acks_before_commit(delivered: int) -> settling.Steps[None]:
    """Acknowledge what is still to be committed."""
    yield settling.Ack()
    try:
        successors = yield settling.Apply()
    except Exception as error:
        yield settling.Retry(error)
        return
    yield settling.Drain(successors)


def without_versions(order: Order, arrivals: Any, standings: Any) -> Any:
    """Apply whatever is not in the inbox, in the order of its coming."""
    outcomes, reached = inbox.decide_all(Order.EVERY, arrivals, standings)
    if order is not Order.EVERY:
        reached = {heard.key: heard.envelope.version for heard in arrivals}
    return outcomes, reached


def without_inbox(order: Order, arrivals: Any, standings: Any) -> Any:
    """Believe the broker's window to be the guarantee."""
    return inbox.decide_all(order, arrivals, [replace(one, seen=False) for one in standings])


def still_seen(order: Order, heard: Any, standing: Any, *, known: Any) -> Outcome:
    """Take a parked event for a duplicate of itself."""
    return inbox.decide(order, heard, standing)


def believes_the_last(last_seq: int, *, until: int) -> Any:
    """Look at the stream's last event only."""
    if last_seq > until:
        yield last_seq


def never_behind(**told: Any) -> Verdict:
    """Take the stream for the same, whatever it lost."""
    return Verdict.AGREE if told["nothing_forgotten"] else Verdict.OUTBOX_BEHIND


def ignores_restore(last_seq: int, *, until: int) -> Any:
    """Never look for what was forgotten."""
    yield from ()


def puts_back(timers: Any, row: Any, changed: Any) -> None:
    """Insert the timer again after an error, though its commit may have happened."""
    timers[row.key] = changed


def latest_first(timers: Any, *, now: Any, wall: Any) -> Any:
    """Fire in the order of scheduling."""
    due = [one for one in timers if one.due_at <= now and one.stopped_at is None]
    return min(due, key=lambda one: one.seq, default=None)


def keeps_versions(places: Any, *, epoch: int, told: Any) -> Any:
    """Leave what waits in the epoch of the forgotten past."""
    return list(places)


class FreeLocks:
    """A lock that nobody else asks for."""

    def __init__(self) -> None:
        self._given = 0

    def __call__(self, consumer: str, keys: Any) -> list[Any]:
        self._given += 1
        return [("own", self._given)]


# Each bug, and the planted decisions; made anew for every schedule.
BUGS: dict[str, Callable[[], Decisions]] = {
    "a relay that lets others overtake a failed event": lambda: replace(REAL, cargo=SkipsTheFailed),
    "a relay with a cursor instead of a pending flag": lambda: replace(REAL, unsent=Cursor()),
    "a relay that never compares the stream with the outbox": lambda: replace(
        REAL, judge=never_behind
    ),
    "a comparison that believes the last event": lambda: replace(REAL, look_back=believes_the_last),
    "a restore that is not noticed": lambda: replace(REAL, look_back=ignores_restore),
    "a restore without a new epoch": lambda: replace(
        REAL, next_epoch=lambda present, forgotten: present
    ),
    "a restore that keeps the versions of what waits": lambda: replace(
        REAL, renumber=keeps_versions
    ),
    "an old state said after a newer one": lambda: replace(
        REAL, is_superseded=lambda version, stored: False
    ),
    "a consumer that acknowledges before it commits": lambda: replace(
        REAL, settle=acks_before_commit
    ),
    "a consumer without version check": lambda: replace(REAL, decide_all=without_versions),
    "a consumer without inbox": lambda: replace(REAL, decide_all=without_inbox),
    "an inbox without the consumer's name": lambda: replace(
        REAL, inbox_key=lambda consumer, event_id: ("", event_id)
    ),
    "workers without a lock": lambda: replace(REAL, locks=FreeLocks()),
    "parking that forgets": lambda: replace(REAL, park=lambda transaction, key, row: None),
    "a parked event taken for a duplicate of itself": lambda: replace(
        REAL, decide_parked=still_seen
    ),
    "a reader that trusts the highest number after a restore": lambda: replace(
        REAL, is_same_past=lambda noted, present: True
    ),
    "a timer put back after an unknown commit": lambda: replace(REAL, set_aside=puts_back),
    "timers in the order of scheduling": lambda: replace(REAL, earliest=latest_first),
}

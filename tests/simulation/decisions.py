"""The chassis' own functions that decide, in one place where a test can plant a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from chassis import cargo, firing, inbox, marks, outbox, parking, reconcile, relay, restore
from chassis.chains import Row
from chassis.consumer import durable, settling


@dataclass(frozen=True)
class Decisions:
    """Defaults are the real ones; the last group stands for statements of the database."""

    cargo: Callable[..., Any] = cargo.Cargo
    headers_of: Callable[[Row], dict[str, str]] = relay.headers_of
    successor: Callable[..., int] = outbox.successor
    judge: Callable[..., Any] = reconcile.judge
    look_back: Callable[..., Any] = reconcile.look_back
    accepted: Callable[..., int] = reconcile.accepted
    renumber: Callable[..., Any] = restore.renumber
    is_superseded: Callable[..., bool] = marks.is_superseded
    next_epoch: Callable[..., int] = restore.next_epoch
    decide_all: Callable[..., Any] = inbox.decide_all
    decide_parked: Callable[..., Any] = inbox.decide_parked
    successors: Callable[..., Any] = inbox.successors
    is_its_turn: Callable[..., bool] = inbox.is_its_turn
    is_handled_by_replay: Callable[..., bool] = inbox.is_handled_by_replay
    may_be_held: Callable[..., bool] = inbox.may_be_held
    settle: Callable[..., Any] = settling.settle
    settle_together: Callable[..., Any] = settling.settle_together
    drain: Callable[..., Any] = settling.drain
    may_answer: Callable[..., bool] = settling.may_answer
    is_same_past: Callable[..., bool] = durable.is_same_past
    has_forgotten: Callable[..., bool] = durable.has_forgotten
    turn: Callable[..., Any] = parking.turn
    earliest: Callable[..., Any] = firing.earliest
    trouble: Callable[..., Any] = firing.trouble

    unsent: Callable[..., list[Any]] = lambda rows, in_hand: [  # _FETCH of the relay
        row for row in rows if not row.sent and row.seq not in in_hand
    ]
    inbox_key: Callable[[str, str], Hashable] = lambda consumer, event_id: (consumer, event_id)
    locks: Callable[..., Any] = lambda consumer, keys: sorted(
        {("inbox", consumer, key) for key in keys}
    )
    park: Callable[..., Any] = lambda transaction, key, row: transaction.put("parked", key, row)
    set_aside: Callable[..., Any] = lambda timers, row, changed: timers.update(
        {row.key: changed}
        if row.key in timers and timers[row.key].scheduled_at == row.scheduled_at
        else {}
    )
    firing_lock: Hashable = "firing"
    finish_locks: tuple[Hashable, ...] = ("met", "outbox")

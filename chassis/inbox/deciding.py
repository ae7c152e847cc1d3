"""What becomes of an event that came: decided from how far its consumer is, without I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto

from chassis.delivery import Heard, Route
from chassis.messages import Subscription


class Order(Enum):
    """What a subscription needs of the order of events."""

    GAPLESS = auto()  # every version of an aggregate, one after the other
    NEWEST = auto()  # full states: a newer one replaces, an older one is nothing
    EVERY = auto()  # a log: each event once, in whatever order


class Outcome(StrEnum):
    """What became of a delivery."""

    APPLIED = "APPLIED"
    ADVANCED = "ADVANCED"  # nobody handles it; the aggregate's watermark moved on
    PARKED = "PARKED"  # came before its predecessor; applied when that has been
    SKIPPED = "SKIPPED"  # older than what has been applied, or told in another major
    DUPLICATE = "DUPLICATE"
    QUARANTINED = "QUARANTINED"
    DISCARDED = "DISCARDED"  # a person has taken it out of quarantine: it never has an effect


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a consumer is with an aggregate. `held`: an event of it is in quarantine."""

    watermark: int = 0
    held: bool = False
    waiting: bool = False  # events of it are parked
    seen: bool = False  # this very event is in the inbox


def order_of(subscription: Subscription) -> Order:
    """Return the order that the subscription needs."""
    if subscription.aggregate == "*" and not subscription.state:
        return Order.EVERY
    return Order.NEWEST if subscription.state else Order.GAPLESS


def decide(order: Order, heard: Heard, standing: Standing) -> Outcome:
    """Return what becomes of the event.

    It is next when `previous <= watermark < version`: within an epoch that is the successor, and
    the first event of a new epoch follows whatever the forgotten past had reached.
    """
    about = heard.envelope
    if standing.seen:
        return Outcome.DUPLICATE
    taken = Outcome.ADVANCED if heard.route is Route.UNHANDLED else Outcome.APPLIED
    if order is Order.EVERY:
        return taken
    if about.version <= standing.watermark or heard.route is Route.OTHER_MAJOR:
        return Outcome.SKIPPED
    if order is Order.NEWEST:
        return taken
    if standing.held or about.previous > standing.watermark:
        return Outcome.PARKED
    return taken


def decide_all(
    order: Order, arrivals: Sequence[Heard], standings: Sequence[Standing]
) -> tuple[list[Outcome], dict[tuple[str, str], int]]:
    """Return the outcome of each arrival, taken one after the other, and the new watermarks."""
    outcomes: list[Outcome] = []
    reached: dict[tuple[str, str], int] = {}
    seen: set[str] = set()
    for heard, standing in zip(arrivals, standings, strict=True):
        about = heard.envelope
        present = Standing(
            watermark=reached.get(heard.key, standing.watermark),
            held=standing.held,
            seen=standing.seen or about.event_id in seen,
        )
        outcome = decide(order, heard, present)
        outcomes.append(outcome)
        seen.add(about.event_id)
        if outcome in (Outcome.APPLIED, Outcome.ADVANCED) and order is not Order.EVERY:
            reached[heard.key] = about.version
    return outcomes, reached


def decide_parked(
    order: Order, heard: Heard, standing: Standing, *, known: Outcome | None
) -> Outcome:
    """Return what becomes of a parked event now; that it is in the inbox says only that it came.

    `known` is what the inbox says of it: a discarded one still waits for its predecessor, and has
    no effect then.
    """
    outcome = decide(order, heard, replace(standing, seen=False))
    if known is Outcome.DISCARDED and outcome is not Outcome.PARKED:
        return Outcome.DISCARDED
    return outcome


def successors(
    arrivals: Sequence[Heard],
    standings: Sequence[Standing],
    outcomes: Sequence[Outcome],
    *,
    reached: Mapping[tuple[str, str], int],
) -> set[tuple[str, str]]:
    """Return the aggregates that moved on and of which something is parked: it may have its turn."""
    rows = zip(arrivals, standings, outcomes, strict=True)
    parked = {h.key for h, s, o in rows if s.waiting or o is Outcome.PARKED}
    return parked & reached.keys()


def is_its_turn(order: Order, *, previous: int, reached: int) -> bool:
    """Whether a quarantined event that follows `previous` may go: its predecessor has been taken."""
    return order is not Order.GAPLESS or previous <= reached


def is_handled_by_replay(order: Order, heard: Heard, *, reached: int) -> bool:
    """Whether a replay has an effect: not where something newer has been taken meanwhile."""
    return order is Order.EVERY or heard.envelope.version > reached


def may_be_held(outcome: Outcome | None, *, is_held: bool, is_parked: bool) -> bool:
    """Whether quarantine takes an event that the inbox says this of; not one that has been taken.

    A delivery is given up before anybody looks at what it is: it may repeat what was applied, and
    handling that again would be a second effect.
    """
    return not is_held and (is_parked or outcome in (None, Outcome.QUARANTINED))

"""The inbox: each event has its effect once, in the order of its aggregate, or it waits."""

from chassis.inbox.deciding import (
    Order,
    Outcome,
    Standing,
    decide,
    decide_all,
    decide_parked,
    is_handled_by_replay,
    is_its_turn,
    may_be_held,
    order_of,
    successors,
)
from chassis.inbox.recording import (
    advance,
    claim,
    lock,
    outcome_of,
    record,
    settle,
    standings,
    watermark,
)

__all__ = [
    "Order",
    "Outcome",
    "Standing",
    "advance",
    "claim",
    "decide",
    "decide_all",
    "decide_parked",
    "is_handled_by_replay",
    "is_its_turn",
    "lock",
    "may_be_held",
    "order_of",
    "outcome_of",
    "record",
    "settle",
    "standings",
    "successors",
    "watermark",
]

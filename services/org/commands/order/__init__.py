"""Commands on orders: drafted from activations and overrides, issued, receipted, lifted."""

from services.org.commands.order.following import (
    draft_overridden,
    draft_proposed,
    end_overridden,
    note_lapses,
    order_measures,
    refresh_draft,
    withdraw_drafts,
)
from services.org.commands.order.signing import (
    complete_order,
    confirm_order,
    expire_order,
    issue_order,
    lift_order,
)

__all__ = [
    "complete_order",
    "confirm_order",
    "draft_overridden",
    "draft_proposed",
    "end_overridden",
    "expire_order",
    "issue_order",
    "lift_order",
    "note_lapses",
    "order_measures",
    "refresh_draft",
    "withdraw_drafts",
]

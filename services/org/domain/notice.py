"""What a post is told: the text in both languages, marked when it belongs to an exercise."""

from dataclasses import dataclass
from datetime import datetime

from services.org.domain.limit import CIVIL_TIME
from services.org.domain.obligation import Obligation
from services.org.domain.post import Post
from vocabulary import Mode

_MARK = {Mode.REAL: ("", ""), Mode.EXERCISE: ("【演练】", "[EXERCISE] ")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to a post over one channel; `address` is private to the channel."""

    obligation_id: str
    post: str
    channel: str
    address: str | None
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What the channel says became of it: delivered, not known yet (neither), or failed."""

    delivered_at: datetime | None = None
    failure: str | None = None


def outgoing(obligation: Obligation, post: Post, channel: str) -> Outgoing:
    """The message that tells `post` of the obligation over `channel`."""
    due = obligation.due_at.astimezone(CIVIL_TIME).strftime("%m-%d %H:%M")
    mark_zh, mark_en = _MARK[obligation.mode]
    return Outgoing(
        obligation_id=obligation.id,
        post=post.id,
        channel=channel,
        address=post.phone,
        text_zh=f"{mark_zh}{post.title_zh}:{obligation.title_zh},请于 {due} 前处置并确认收到。",
        text_en=f"{mark_en}{post.title_en}: {obligation.title_en}. Due {due}. Please confirm.",
    )

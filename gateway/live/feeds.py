"""What each feed sends: SNAPSHOT, CHANGEs, HEARTBEATs while it is live, GAP and SNAPSHOT after a loss."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from chassis import subjects
from gateway.context import Context
from gateway.errors import GatewayError
from gateway.live.hub import GAP, Listener, Missed, Wants
from gateway.live.positions import Heard, Positions
from gateway.live.seen import CHANGES, may_be_told
from gateway.upstream import Row
from vocabulary import Mode, is_within

_SPREADS = frozenset({"signal", "warning", "activation"})  # what is said of a division holds in it


@dataclass(frozen=True, slots=True)
class Topic:
    """What one subscription follows: which streams, which events, under which key."""

    streams: tuple[str, ...]
    wants: Wants


def of_incident(id: str, mode: Mode) -> Topic:
    """Everything that is said of an incident and of what was started for it."""

    def wants(heard: Heard) -> bool:
        return heard.envelope.id == id or heard.summary.get("incidentId") == id

    return Topic(streams(("org", "plans", "guarantee"), mode), wants)


def of_desk(organization: str | None, posts: Sequence[str], mode: Mode) -> Topic:
    """Every change of what the organization owes or one of the posts was told of: as org's desk."""

    def wants(heard: Heard) -> bool:
        if heard.kind != "obligation":
            return False
        told = {notice.get("post") for notice in heard.summary.get("notices") or ()}
        return heard.summary.get("owedBy") == organization or bool(told & set(posts))

    return Topic(streams(("org",), mode), wants)


def of_jurisdiction(code: str, mode: Mode) -> Topic:
    """Every change of what stands on the board of a division."""

    def wants(heard: Heard) -> bool:
        area = heard.envelope.area
        if heard.kind not in CHANGES or not area:
            return False
        return is_within(area, code) or (heard.kind in _SPREADS and is_within(code, area))

    return Topic(streams(("org", "plans", "guarantee"), mode), wants)


def streams(services: Sequence[str], mode: Mode) -> tuple[str, ...]:
    """The streams that these services speak in; an exercise has its own."""
    return tuple(subjects.stream(service, mode.value, state=False) for service in services)


ALL_STREAMS = tuple(name for mode in Mode for name in streams(("org", "plans", "guarantee"), mode))


async def follow(context: Context, topic: Topic, *, after: str | None) -> AsyncIterator[Row]:
    """The messages of a feed: `kind`, `cursor`, `at`, and in a CHANGE what was `heard`.

    A change is told to who may list what it changed; the state itself is read for each message
    with the caller's token.
    """
    hub = context.backend.hub
    if hub is None:
        raise GatewayError("This gateway follows no streams.", code="FEEDS_UNAVAILABLE")
    resumed = None if after is None else Positions.parse(after)
    async with hub.listen(topic.streams, topic.wants, after=resumed) as listener:
        if resumed is None:
            yield _message(context, "SNAPSHOT", listener)
        while True:
            heard = await _next(context, listener)
            if heard is None and hub.is_live:
                yield _message(context, "HEARTBEAT", listener)
            elif heard is GAP:
                yield _message(context, "GAP", listener)
                yield _message(context, "SNAPSHOT", listener)
            elif isinstance(heard, Heard):
                yield _message(context, "CHANGE", listener) | {"heard": heard}


async def _next(context: Context, listener: Listener) -> Heard | Missed | None:
    """What comes next that the caller may be told; None when the interval is over without."""
    now = asyncio.get_running_loop().time
    ends = now() + context.backend.heartbeat_s
    while (left := ends - now()) > 0:
        heard = await listener.next(left)
        if not isinstance(heard, Heard) or await may_be_told(context, heard):
            return heard
    return None


def _message(context: Context, kind: str, listener: Listener) -> dict[str, object]:
    """One message; whatever it shows is read anew."""
    context.renew()
    return {"kind": kind, "cursor": str(listener.positions), "at": context.backend.clock.wall()}

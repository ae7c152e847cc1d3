"""A message as a broker delivers it, and what a subscription makes of it before any handler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import msgspec

from chassis import envelope, subjects
from chassis.envelope import Envelope
from chassis.errors import Quarantine
from chassis.messages import Handler, Incoming, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message, raw: where it lies in which stream, and how often it has been delivered."""

    subject: str
    headers: Mapping[str, str]
    payload: bytes
    stream: str
    stream_seq: int
    delivered: int = 1


class Route(Enum):
    """What a subscription does with an event."""

    HANDLED = auto()
    UNHANDLED = auto()  # nobody asked for it: it only advances the watermark
    OTHER_MAJOR = auto()  # the same fact comes in the major that is handled


@dataclass(frozen=True, slots=True)
class Heard:
    """A delivery with its envelope read and its route chosen."""

    delivery: Delivery
    envelope: Envelope
    route: Route
    body: Any  # a type that msgspec decodes
    handler: Handler | None

    @property
    def key(self) -> tuple[str, str]:
        """The aggregate that it belongs to."""
        return self.envelope.aggregate, self.envelope.id

    def incoming(self) -> Incoming[Any]:
        """Return what the handler receives. Raises Quarantine when the body does not decode."""
        about = self.envelope
        try:
            body = msgspec.json.decode(self.delivery.payload, type=self.body)
        except msgspec.MsgspecError as error:
            raise Quarantine(f"the body is no {about.type}: {error}") from error
        return Incoming(
            body=body,
            event_id=about.event_id,
            type=about.type,
            service=about.service,
            aggregate=about.aggregate,
            event=about.event,
            id=about.id,
            area=about.area,
            mode=about.mode,
            version=about.version,
            time=about.time,
            correlation_id=about.correlation_id,
            causation_id=about.causation_id,
        )


def consumer_name(service: str, subscription: Subscription) -> str:
    """Return the name under which `service` hears it: durable, inbox and watermark bear it."""
    aggregate = "all" if subscription.aggregate == "*" else subscription.aggregate
    suffix = "-state" if subscription.state else ""
    return f"{service}-{subscription.service}-{aggregate}{suffix}"


def sources(subscription: Subscription) -> tuple[tuple[str, str], ...]:
    """Return the (stream, filter) pairs that the subscription hears: the real, and exercises."""
    service, aggregate = subscription.service, subscription.aggregate
    live = subjects.wildcard(service, aggregate, root=subjects.LIVE_ROOT)
    if subscription.state:
        return ((subjects.state_stream(service), live),)
    exercise = subjects.wildcard(service, aggregate, root=subjects.EXERCISE_ROOT)
    return (
        (subjects.live_stream(service), live),
        (subjects.exercise_stream(service), exercise),
    )


def read(subscription: Subscription, delivery: Delivery) -> Heard:
    """Return the delivery understood. Raises Quarantine when it is no event of that service."""
    try:
        about = envelope.read(delivery.subject, delivery.headers)
    except envelope.Malformed as error:
        raise Quarantine(str(error)) from error
    if about.service != subscription.service:
        raise Quarantine(f"{about.type} is not said by {subscription.service}")
    route, (body, handler) = _route(subscription, about)
    return Heard(delivery, about, route, body, handler)


def _route(subscription: Subscription, about: Envelope) -> tuple[Route, tuple[Any, Handler | None]]:
    if subscription.every:
        return Route.HANDLED, subscription.on["*"]
    major = handled_major(subscription.on, about.event, majors=about.majors)
    if major is None:
        return Route.UNHANDLED, (None, None)
    if major != about.major:
        return Route.OTHER_MAJOR, (None, None)
    return Route.HANDLED, subscription.on[f"{about.event}.v{major}"]


def handled_major(
    on: Mapping[str, tuple[Any, Handler]], event: str, *, majors: Sequence[int]
) -> int | None:
    """Return the newest of the told majors that is handled, so that a fact is handled once."""
    return max((major for major in majors if f"{event}.v{major}" in on), default=None)

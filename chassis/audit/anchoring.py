"""Anchors in the broker: one stream for all services, each of which may add its own head only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
from nats.js import JetStreamContext
from nats.js.api import Header, RawStreamMsg
from nats.js.errors import BadRequestError, NotFoundError

from chassis.audit.anchor import Anchor
from chassis.broker import Broker
from chassis.streams import AUDIT, HEADS

PUBLISH_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Stored:
    """An anchor as the stream holds it; null when what it holds cannot be read."""

    seq: int
    anchor: Anchor | None


def subject(service: str) -> str:
    """Return where the service's heads are anchored."""
    return f"{HEADS}.{service}"


async def declare(js: JetStreamContext, *, replicas: int) -> None:
    """Have the stream exist. One that exists stays as it is: no service may change it."""
    try:
        await js.stream_info(AUDIT.name)
    except NotFoundError:
        try:
            await js.add_stream(AUDIT.config(replicas=replicas))
        except BadRequestError:  # another service was faster, or an administrator set it up
            await js.stream_info(AUDIT.name)


async def last(js: JetStreamContext, service: str) -> Stored | None:
    """Return the service's last anchor, or null when it has none. Raises NotFoundError's kin."""
    try:
        return _stored(await js.get_msg(AUDIT.name, subject=subject(service)))
    except NotFoundError:
        return None


async def add(js: JetStreamContext, anchor: Anchor, *, after: int) -> int:
    """Have the stream hold the anchor after the one at sequence `after` (0: none); return its own.

    Raises BadRequestError when another one has come in between.
    """
    stored = await js.publish(
        subject(anchor.service),
        msgspec.json.encode(anchor),
        timeout=PUBLISH_TIMEOUT_S,
        stream=AUDIT.name,
        headers={Header.EXPECTED_LAST_SUBJECT_SEQUENCE.value: str(after)},
    )
    return stored.seq


async def read(broker: Broker, service: str, *, after: int, until: int) -> AsyncIterator[Stored]:
    """Yield the service's anchors with sequences after `after`, up to `until`, in order."""
    js = await broker.ready()
    while after < until:
        try:
            message = await js.get_msg(
                AUDIT.name, subject=subject(service), seq=after + 1, next=True
            )
        except NotFoundError:
            return
        stored = _stored(message)
        after = stored.seq
        if after <= until:
            yield stored


def _stored(message: RawStreamMsg) -> Stored:
    try:
        anchor = msgspec.json.decode(message.data or b"", type=Anchor)
    except msgspec.MsgspecError:
        anchor = None
    return Stored(message.seq or 0, anchor)

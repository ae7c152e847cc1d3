"""The outbox: what a service says, in the transaction in which it became true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis import envelope, subjects, telemetry
from chassis.errors import Unavailable
from chassis.tables.messaging import OUTBOX

if TYPE_CHECKING:
    from chassis.messages import Message
    from chassis.unit_of_work import UnitOfWork

CHANNEL = "outbox"  # what the relay listens to
EPOCH_SHIFT = 40  # 2^40 events an aggregate and 8191 epochs stay exact as JSON numbers
ORDINAL_MASK = (1 << EPOCH_SHIFT) - 1
MAX_PAYLOAD = 240 * 1024  # bytes; with its headers a message stays under the streams' 256 KiB

# One round trip: take the next version of the aggregate, record, wake the relay. The upsert locks
# the head row, so transactions on one aggregate commit, and its rows are numbered, in version order.
_APPEND = text(
    """
    WITH head AS (
        INSERT INTO outbox_head AS h (aggregate, aggregate_id, previous, version)
        SELECT :aggregate, :aggregate_id, 0, (present.epoch << :shift) + 1
        FROM (SELECT coalesce(max(epoch), 0)::bigint AS epoch FROM outbox_epoch) AS present
        WHERE NOT EXISTS (SELECT FROM outbox_refusal)
        ON CONFLICT (aggregate, aggregate_id) DO UPDATE SET
            previous = h.version,
            version = greatest(h.version, (excluded.version - 1) | (h.version & :mask)) + 1
        RETURNING previous, version
    ), recorded AS (
        INSERT INTO outbox (event_id, aggregate, aggregate_id, version, previous, major, state,
                            stream, subject, type, headers, payload, occurred_at)
        SELECT :event_id, :aggregate, :aggregate_id, head.version, head.previous, :major, :state,
               :stream, :subject, :type, :headers, :payload, :occurred_at
        FROM head
        RETURNING version, previous
    )
    SELECT version, previous, pg_notify(:channel, '') FROM recorded
    """
).bindparams(
    bindparam("headers", type_=JSONB),
    shift=EPOCH_SHIFT,
    mask=ORDINAL_MASK,
    channel=CHANNEL,
)


class StoreBehindStream(Unavailable):
    """The stream holds events that this database has forgotten: it was restored to the past."""

    slug = "store-behind-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message as the outbox holds it: everything but its version, which the database gives."""

    event_id: str
    aggregate: str
    aggregate_id: str
    major: int
    state: bool
    stream: str
    subject: str
    type: str
    headers: dict[str, str]
    payload: bytes
    occurred_at: datetime


def successor(version: int, *, epoch: int) -> int:
    """Return the version after `version` (0: none yet) in that epoch; `append` gives the same.

    The ordinal goes on through epochs, and an epoch that was reached is never left again.
    """
    return max(version, (epoch << EPOCH_SHIFT) | (version & ORDINAL_MASK)) + 1


async def append(uow: UnitOfWork, message: Message, *renderings: Message) -> int:
    """Record `message` to be said when `uow` commits; return its version.

    The version is the next one of the aggregate, without gaps. `renderings` tell the same fact in
    other majors and share the version. Raises ValueError for a name, id or area that no subject
    can hold or a body over 240 KiB, and StoreBehindStream (503) while the service waits for its restore to be finished.
    """
    majors = tuple(sorted(m.major for m in (message, *renderings)))
    first = render(uow, message, majors=majors)
    row = (await uow.db.execute(_APPEND, _values(first))).one_or_none()
    if row is None:
        raise StoreBehindStream(
            "This service was restored to an earlier point than others have seen of it.",
            remedy="An operator decides: POST /v1/operator/restore/finish.",
        )
    for other in renderings:
        rendered = render(uow, other, majors=majors)
        values = _values(rendered) | {"version": row.version, "previous": row.previous}
        await uow.db.execute(OUTBOX.insert().values(**values))
    version: int = row.version
    return version


def render(uow: UnitOfWork, message: Message, *, majors: tuple[int, ...]) -> Rendered:
    """Return the message with subject, headers and payload. Raises ValueError as `append` does."""
    payload = msgspec.json.encode(message.body)
    if len(payload) > MAX_PAYLOAD:
        raise ValueError(
            f"{message.event} of {message.id} has {len(payload)} bytes: too much to say"
        )
    if message.state and message.mode != subjects.LIVE_MODE:
        raise ValueError(f"a state message has no mode {message.mode}: reference data is shared")
    subject = subjects.build(
        uow.service,
        message.aggregate,
        event=message.event,
        major=message.major,
        area=message.area,
        id=message.id,
        mode=message.mode,
    )
    about = envelope.Envelope(
        event_id=uow.new_id("evt"),
        type=envelope.event_type(
            uow.service, message.aggregate, message.event, major=message.major
        ),
        service=uow.service,
        aggregate=message.aggregate,
        event=message.event,
        major=message.major,
        majors=majors,
        id=message.id,
        area=message.area,
        mode=message.mode,
        version=0,  # the relay writes the versions that the database gave
        previous=0,
        time=message.occurred_at or uow.now,
        correlation_id=message.correlation_id or uow.correlation_id,
        causation_id=uow.cause_id,
    )
    headers = envelope.write(about)
    telemetry.inject(headers)
    return Rendered(
        event_id=about.event_id,
        aggregate=message.aggregate,
        aggregate_id=message.id,
        major=message.major,
        state=message.state,
        stream=subjects.stream(uow.service, message.mode, state=message.state),
        subject=subject,
        type=about.type,
        headers=headers,
        payload=payload,
        occurred_at=about.time,
    )


def _values(rendered: Rendered) -> dict[str, Any]:
    return {name: getattr(rendered, name) for name in Rendered.__slots__}

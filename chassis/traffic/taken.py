"""The hearer's side of the books: is everything that the broker thinks we took in our inbox?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import nats.js.errors
from nats.aio.msg import Msg
from nats.js.api import ConsumerInfo, Header
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.broker import API_TIMEOUT_S, Broker
from chassis.listener import Listener
from chassis.reconciliation import Missing, Taken

BATCH = 500  # messages asked for at once
END_OF_BATCH = ("204", "404")  # nothing (more) matches


@dataclass(frozen=True, slots=True)
class _Message:
    seq: int
    event_id: str
    stored_at: datetime


@dataclass(slots=True)
class Books:
    """One subscription against one stream; each message is looked at once, a lost one every time."""

    listener: Listener
    stream: str
    subject: str
    since: datetime | None = None  # None: from the stream's beginning
    _seq: int = 0
    _looked_at: int = 0
    _created: datetime | None = None
    _lost: dict[str, _Message] = field(default_factory=dict)

    async def check(self, engine: AsyncEngine, broker: Broker, *, most: int) -> Taken | None:
        """Look at `most` further messages; None when the stream is not there yet.

        Raises one of `broker.AWAY` or SQLAlchemyError when nobody can know.
        """
        info = await self._consumer(broker)
        if info is None:
            return None
        floor = 0 if info.ack_floor is None else info.ack_floor.stream_seq
        if info.created != self._created or floor < self._seq:  # another durable: begin again
            self._created, self._seq, self._looked_at = info.created, 0, 0
            self._lost.clear()
        await self._look_on(engine, broker, floor=floor, most=most)
        await self._look_again(engine)
        return await self._said(engine, broker, info, floor=floor)

    @property
    def missing(self) -> list[Missing]:
        """What the broker counts as taken and the inbox does not know."""
        return [
            Missing(
                event_id=one.event_id,
                stream=self.stream,
                stream_seq=one.seq,
                said_at=one.stored_at,
                consumer=self.listener.name,
            )
            for one in self._lost.values()
        ]

    async def _consumer(self, broker: Broker) -> ConsumerInfo | None:
        js = await broker.ready()
        try:
            info: ConsumerInfo = await js.consumer_info(self.stream, self.listener.name)
        except nats.js.errors.NotFoundError:
            return None
        return info

    async def _look_on(self, engine: AsyncEngine, broker: Broker, *, floor: int, most: int) -> None:
        end = self._looked_at + most
        while self._seq < floor and self._looked_at < end:
            since = None if self._seq else self.since
            found = await following(
                broker, self.stream, subject=self.subject, after=self._seq, since=since
            )
            batch = [one for one in found if one.seq <= floor]
            unknown = set(await _unknown(engine, self.listener.name, self.stream, batch))
            self._lost |= {one.event_id: one for one in batch if one.event_id in unknown}
            self._looked_at += len(batch)
            self._seq = batch[-1].seq if len(batch) == BATCH else floor

    async def _look_again(self, engine: AsyncEngine) -> None:
        lost = list(self._lost.values())
        unknown = set(await _unknown(engine, self.listener.name, self.stream, lost))
        self._lost = {id: one for id, one in self._lost.items() if id in unknown}

    async def _said(
        self, engine: AsyncEngine, broker: Broker, info: ConsumerInfo, *, floor: int
    ) -> Taken:
        waiting = (info.num_pending or 0) + (info.num_ack_pending or 0)
        first = (
            await following(broker, self.stream, subject=self.subject, after=floor, most=1)
            if waiting
            else []
        )
        held_at = {"consumer": self.listener.name, "stream": self.stream}
        async with engine.connect() as db:
            held = (await db.execute(_HELD, held_at)).one()
        return Taken(
            consumer=self.listener.name,
            stream=self.stream,
            looked_at=self._looked_at,
            waiting=waiting,
            waiting_since=first[0].stored_at if first else None,
            parked=held.parked,
            parked_since=held.parked_since,
            quarantined=held.quarantined,
            lost=len(self._lost),
        )


async def following(
    broker: Broker,
    stream: str,
    *,
    subject: str,
    after: int,
    since: datetime | None = None,
    most: int = BATCH,
) -> list[_Message]:
    """Return the next messages of the stream on that subject, in one exchange with the broker."""
    await broker.ready()
    client = broker.client
    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)
    asked: dict[str, object] = {"batch": most, "next_by_subj": subject}
    asked |= {"start_time": since.isoformat()} if since else {"seq": after + 1}
    try:
        await client.publish(
            f"$JS.API.DIRECT.GET.{stream}", json.dumps(asked).encode(), reply=inbox
        )
        found: list[_Message] = []
        async with asyncio.timeout(API_TIMEOUT_S):
            while len(found) < most:
                message = await answers.next_msg(timeout=API_TIMEOUT_S)
                if _ends(message):
                    break
                found.append(_read(message))
    finally:
        await answers.unsubscribe()
    return found


def _ends(message: Msg) -> bool:
    status = (message.headers or {}).get("Status")
    if status is not None and status not in END_OF_BATCH:
        description = (message.headers or {}).get("Description", "")
        raise nats.js.errors.APIError(code=int(status), description=description)
    return status is not None


def _read(message: Msg) -> _Message:
    headers = message.headers or {}
    return _Message(
        seq=int(headers["Nats-Sequence"]),
        event_id=headers.get(Header.MSG_ID.value, ""),
        stored_at=datetime.fromisoformat(headers["Nats-Time-Stamp"]),
    )


async def _unknown(
    engine: AsyncEngine, consumer: str, stream: str, messages: Sequence[_Message]
) -> list[str]:
    """Return the ids of those that are neither in the inbox nor in quarantine."""
    if not messages:
        return []
    values = {
        "consumer": consumer,
        "stream": stream,
        "events": [one.event_id for one in messages],
        "seqs": [one.seq for one in messages],
    }
    async with engine.connect() as db:
        return list((await db.execute(_UNKNOWN, values)).scalars())


_UNKNOWN = text(
    """
    SELECT m.event_id
    FROM unnest(CAST(:events AS text[]), CAST(:seqs AS bigint[])) AS m (event_id, seq)
    WHERE NOT EXISTS (SELECT FROM inbox i
                      WHERE i.consumer = :consumer AND i.event_id = m.event_id)
      AND NOT EXISTS (SELECT FROM quarantine q
                      WHERE q.consumer = :consumer AND q.stream = :stream AND q.stream_seq = m.seq)
    """
)
_HELD = text(
    """
    SELECT (SELECT count(*) FROM parked WHERE consumer = :consumer AND stream = :stream) AS parked,
           (SELECT min(parked_at) FROM parked
            WHERE consumer = :consumer AND stream = :stream) AS parked_since,
           (SELECT count(*) FROM quarantine
            WHERE consumer = :consumer AND stream = :stream AND resolved_at IS NULL) AS quarantined
    """
)

"""Comparing outbox and streams after every connect: which of the two has been set back?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

import nats.js.errors
from nats.js import JetStreamContext
from nats.js.api import Header
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis import logging, marks, rewind
from chassis.streams import Found, Stream
from chassis.tables.messaging import OUTBOX, OUTBOX_REFUSAL, OUTBOX_STREAM

_ALONE = text("LOCK TABLE outbox_stream IN SHARE ROW EXCLUSIVE MODE")

log = logging.get(__name__)


class Verdict(Enum):
    """What comparing one stream with the outbox says."""

    AGREE = auto()
    STREAM_BEHIND = auto()  # the broker lost its store, or got an old one: say it again
    OUTBOX_BEHIND = auto()  # the database was restored to the past: refuse until a person decides


def judge(*, nothing_forgotten: bool, is_same_stream: bool, last_seq: int, highest: int) -> Verdict:
    """Return which side has been set back.

    `nothing_forgotten`: the outbox knows all events of the stream, see `look_back`. `last_seq` is the
    stream's last sequence, `highest` the highest one that the outbox knows to be stored.
    """
    if not nothing_forgotten:
        return Verdict.OUTBOX_BEHIND
    if is_same_stream and highest <= last_seq:
        return Verdict.AGREE
    return Verdict.STREAM_BEHIND


def accepted(forgotten_until: int, *, is_same_stream: bool, last_seq: int) -> int:
    """Return up to where the stream, as it ends now, may hold what has been accepted as forgotten.

    A broker that is set back says other events under the sequences above its end; nobody has
    accepted those.
    """
    return min(forgotten_until, last_seq) if is_same_stream else 0


class Sight(Enum):
    """What the outbox says of one message of a stream."""

    ABSENT = auto()  # the stream holds none there: replaced by a later state, or aged out
    MARKED = auto()  # known, and marked as stored at this very sequence
    KNOWN = auto()  # known; the mark was lost, or is of another place
    FORGOTTEN = auto()


@dataclass(frozen=True, slots=True)
class Seen:
    """One message of a stream, beside the outbox."""

    seq: int
    sight: Sight
    event_id: str = ""
    subject: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def look_back(last_seq: int, *, until: int) -> Generator[int, Sight, None]:
    """Ask for the sight of each sequence that may hold something forgotten, newest first.

    A mark is committed after everything that was stored before it: below a marked message nothing
    is forgotten. The last message alone says too little, as events of different aggregates are
    not stored in the order in which they were committed. `until`: what is forgotten up to there
    has been accepted.
    """
    for seq in range(last_seq, until, -1):
        if (yield seq) is Sight.MARKED:
            return


async def reconcile(engine: AsyncEngine, js: JetStreamContext, found: Iterable[Found]) -> bool:
    """Have outbox and streams agree; return whether the service may go on saying things.

    What a stream has lost will be said again, what it turns out to hold is marked. When the outbox
    has forgotten events that its stream holds, writes are refused (`store-behind-stream`) until
    the restore is finished.
    """
    async with engine.begin() as db:
        await alone(db)
        for one in found:
            await _settle(db, js, one)
        return not await is_refusing(db)


async def alone(db: AsyncConnection) -> None:
    """Have nobody else compare, or finish a restore, until the transaction ends.

    A comparison that began before the restore was finished would refuse again after it.
    """
    await db.execute(_ALONE)


async def is_refusing(db: AsyncConnection) -> bool:
    """Whether the service waits for its restore to be finished."""
    row = await db.execute(select(OUTBOX_REFUSAL.c.stream))
    return row.one_or_none() is not None


async def _settle(db: AsyncConnection, js: JetStreamContext, one: Found) -> None:
    is_same, forgotten_until = await _meet(db, one)
    event_id, known = await _forgotten(db, js, one, until=forgotten_until)
    highest = await db.scalar(
        select(func.max(OUTBOX.c.stream_seq)).where(OUTBOX.c.stream == one.stream.name)
    )
    verdict = judge(
        nothing_forgotten=event_id is None,
        is_same_stream=is_same,
        last_seq=one.last_seq,
        highest=highest or 0,
    )
    if verdict is Verdict.STREAM_BEHIND:
        lost = rewind.stored_after(one.stream, one.last_seq if is_same else 0)
        count = await rewind.rewind(db, lost)
        log.warning("stream.behind", stream=one.stream.name, said_again=count)
    if verdict is not Verdict.OUTBOX_BEHIND:
        await marks.note_stored(db, known)
    else:  # a mark above something forgotten would hide it
        values = {"stream": one.stream.name, "event_id": event_id}
        noted = await db.execute(insert(OUTBOX_REFUSAL).values(**values).on_conflict_do_nothing())
        if noted.rowcount:
            log.error("outbox.behind", stream=one.stream.name, event_id=event_id)


async def _meet(db: AsyncConnection, one: Found) -> tuple[bool, int]:
    """Return whether the stream is the one met before, and up to where forgetting is accepted.

    From now on it is this one.
    """
    query = select(OUTBOX_STREAM).where(OUTBOX_STREAM.c.stream == one.stream.name)
    met = (await db.execute(query)).one_or_none()
    is_same = met is not None and met.created_at == one.created
    before = met.forgotten_until if met is not None else 0
    until = accepted(before, is_same_stream=is_same, last_seq=one.last_seq)
    if not is_same or until != before:
        values = {"stream": one.stream.name, "created_at": one.created, "forgotten_until": until}
        await db.execute(
            insert(OUTBOX_STREAM)
            .values(**values)
            .on_conflict_do_update(index_elements=["stream"], set_=values)
        )
    return is_same or met is None, until


async def _forgotten(
    db: AsyncConnection, js: JetStreamContext, one: Found, *, until: int
) -> tuple[str | None, dict[str, int]]:
    """Return the id of an event that the stream has and the outbox has not, None without one.

    And where the stream holds, newest, each that is known and not marked.
    """
    known: dict[str, int] = {}
    async for seen in look_back_in(db, js, one.stream, last_seq=one.last_seq, until=until):
        if seen.sight is Sight.FORGOTTEN:
            return seen.event_id, known
        if seen.sight is Sight.KNOWN:
            known.setdefault(seen.event_id, seen.seq)
    return None, known


async def look_back_in(
    db: AsyncConnection, js: JetStreamContext, stream: Stream, *, last_seq: int, until: int
) -> AsyncIterator[Seen]:
    """Yield what `look_back` asks for, as the stream and the outbox answer."""
    looking = look_back(last_seq, until=until)
    seq = next(looking, None)
    while seq is not None:
        seen = await _see(db, js, stream, seq=seq)
        yield seen
        try:
            seq = looking.send(seen.sight)
        except StopIteration:
            return


async def _see(db: AsyncConnection, js: JetStreamContext, stream: Stream, *, seq: int) -> Seen:
    try:
        message = await js.get_msg(stream.name, seq=seq)
    except nats.js.errors.NotFoundError:
        return Seen(seq, Sight.ABSENT)
    headers = message.headers or {}
    event_id = headers.get(Header.MSG_ID)
    if event_id is None:  # nothing of ours
        return Seen(seq, Sight.ABSENT)
    query = select(OUTBOX.c.stream_seq).where(OUTBOX.c.event_id == event_id)
    row = (await db.execute(query)).one_or_none()
    if row is None:
        sight = Sight.FORGOTTEN
    else:
        sight = Sight.MARKED if row.stream_seq == seq else Sight.KNOWN
    return Seen(seq, sight, event_id, message.subject or "", headers)

"""Finishing a restore: a database that was set back tells what it forgot and opens a new epoch."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import and_, delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import envelope, logging, marks, reconcile
from chassis.broker import Broker
from chassis.clock import Clock
from chassis.errors import Conflict
from chassis.outbox import EPOCH_SHIFT, ORDINAL_MASK
from chassis.reconcile import Sight
from chassis.streams import Stream
from chassis.tables.messaging import (
    OUTBOX,
    OUTBOX_EPOCH,
    OUTBOX_HEAD,
    OUTBOX_REFUSAL,
    OUTBOX_STREAM,
)

# Waits for every transaction that has recorded something, and keeps others from recording: one
# that read the old epoch and committed after us would say an event that readers take for an old one.
_KEEP_WRITERS_OUT = text("LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE")

_VERSION = ("aggregate", "aggregate_id", "version")

log = logging.get(__name__)


class NothingToFinish(Conflict):
    """The outbox agrees with its streams: there is no restore to finish."""

    slug = "no-restore-to-finish"


class Forgotten(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An event that others have heard and this database no longer knows."""

    stream: str
    stream_seq: int
    event_id: str
    type: str
    id: str
    version: int


class Finished(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The new epoch, how many unsent events moved into it, and what had been forgotten."""

    epoch: int
    renumbered: int
    said_again: int
    forgotten: list[Forgotten]


Version: TypeAlias = tuple[tuple[str, str], int]  # of an aggregate


@dataclass(frozen=True, slots=True)
class Place:
    """An unsent event's place in its aggregate."""

    seq: int
    key: tuple[str, str]
    version: int
    previous: int


def renumber(places: Sequence[Place], *, epoch: int, told: Container[Version]) -> list[Place]:
    """Return the places, in their order, with the versions of `epoch` and their ordinals kept.

    Each still follows what it followed: the predecessor's new version when that moved too. A
    version of which another major has been `told` stays: in two versions one fact would be two,
    and a reader of the first would wait for the second for ever.
    """
    moved: dict[Version, int] = {}
    renumbered = []
    for place in places:
        version = place.version
        if (place.key, version) not in told:
            version = (epoch << EPOCH_SHIFT) | (version & ORDINAL_MASK)
        moved[place.key, place.version] = version
        previous = moved.get((place.key, place.previous), place.previous)
        renumbered.append(Place(place.seq, place.key, version, previous))
    return renumbered


def next_epoch(present: int, forgotten: Iterable[int]) -> int:
    """Return an epoch above the present one and those of the forgotten versions.

    A restore may have forgotten an earlier restore, and the epoch that it opened.
    """
    return max([present, *(version >> EPOCH_SHIFT for version in forgotten)]) + 1


async def finish(
    db: AsyncConnection,
    broker: Broker,
    owned: Iterable[Stream],
    *,
    clock: Clock,
    reason: str,
) -> Finished:
    """Have the service accept writes again, in a new epoch; return what it had forgotten.

    Events that were said and whose mark was lost are marked; the others that wait move into the
    new epoch; of reference data that others know in a forgotten state, ours is said again.
    Raises NothingToFinish.
    """
    await reconcile.alone(db)
    await db.execute(_KEEP_WRITERS_OUT)
    if not await reconcile.is_refusing(db):
        raise NothingToFinish("No stream is ahead of this database.")
    forgotten: list[Forgotten] = []
    for stream in owned:
        forgotten += await _compare(db, broker, stream)
    present = await db.scalar(select(func.coalesce(func.max(OUTBOX_EPOCH.c.epoch), 0)))
    epoch = next_epoch(present or 0, (one.version for one in forgotten))
    await db.execute(OUTBOX_EPOCH.insert().values(epoch=epoch, reason=reason))
    said_again = await _copy_states(db, forgotten, clock=clock)
    renumbered = await _renumber(db, epoch=epoch, clock=clock)
    await db.execute(delete(OUTBOX_REFUSAL))
    log.error("restore.finished", epoch=epoch, forgotten=len(forgotten), reason=reason)
    return Finished(epoch=epoch, renumbered=renumbered, said_again=said_again, forgotten=forgotten)


async def _compare(db: AsyncConnection, broker: Broker, stream: Stream) -> list[Forgotten]:
    """Mark what the stream turns out to hold; return what it holds and the outbox does not."""
    js = await broker.ready()
    last_seq = (await js.stream_info(stream.name)).state.last_seq
    forgotten: list[Forgotten] = []
    known: dict[str, int] = {}
    met = OUTBOX_STREAM.c.stream == stream.name
    until = await db.scalar(select(OUTBOX_STREAM.c.forgotten_until).where(met)) or 0
    async for seen in reconcile.look_back_in(db, js, stream, last_seq=last_seq, until=until):
        if seen.sight is Sight.KNOWN:
            known.setdefault(seen.event_id, seen.seq)
        elif seen.sight is Sight.FORGOTTEN:
            about = envelope.read(seen.subject, seen.headers)
            forgotten.append(
                Forgotten(
                    stream=stream.name,
                    stream_seq=seen.seq,
                    event_id=seen.event_id,
                    type=about.type,
                    id=about.id,
                    version=about.version,
                )
            )
    await marks.note_stored(db, known)
    await db.execute(OUTBOX_STREAM.update().where(met).values(forgotten_until=last_seq))
    return forgotten[::-1]


async def _copy_states(db: AsyncConnection, forgotten: Iterable[Forgotten], *, clock: Clock) -> int:
    """Record again the last state we know of each aggregate of which others know a later one."""
    copied = 0
    for identity, aggregate in sorted({(one.id, one.type.split(".")[2]) for one in forgotten}):
        query = (
            select(OUTBOX)
            .join(
                OUTBOX_HEAD,
                and_(
                    OUTBOX_HEAD.c.aggregate == OUTBOX.c.aggregate,
                    OUTBOX_HEAD.c.aggregate_id == OUTBOX.c.aggregate_id,
                    OUTBOX_HEAD.c.version == OUTBOX.c.version,
                ),
            )
            .where(
                OUTBOX.c.aggregate == aggregate,
                OUTBOX.c.aggregate_id == identity,
                OUTBOX.c.state,
            )
        )
        rows = (await db.execute(query)).mappings().all()  # one a major
        if all(row["sent_at"] is None for row in rows):
            continue  # newer than what was said, and goes out anyway
        for row in rows:
            await db.execute(OUTBOX.insert().values(**_copy(row, clock.new_id("evt"))))
        copied += 1
    return copied


def _copy(row: Any, event_id: str) -> dict[str, Any]:  # noqa: ANN401 - a row as a mapping
    given = ("seq", "recorded_at", "sent_at", "stream_seq")
    kept = {name: value for name, value in row.items() if name not in given}
    place = {"version": row["version"] + 1, "previous": row["version"]}
    return {**kept, **place, **_renamed(row["headers"], event_id)}


async def _renumber(db: AsyncConnection, *, epoch: int, clock: Clock) -> int:
    await marks.skip_superseded(db)
    rows = await db.execute(
        select(OUTBOX)
        .where(OUTBOX.c.sent_at.is_(None), OUTBOX.c.stream_seq.is_(None))
        .order_by(OUTBOX.c.seq)
    )
    waiting, states = [], {}
    for row in rows:
        place = Place(row.seq, (row.aggregate, row.aggregate_id), row.version, row.previous)
        waiting.append(place)
        if row.state:
            states[row.seq] = row.headers
    for place in renumber(waiting, epoch=epoch, told=await _told_in_part(db)):
        values: dict[str, Any] = {"version": place.version, "previous": place.previous}
        head = OUTBOX_HEAD.update().where(
            OUTBOX_HEAD.c.aggregate == place.key[0], OUTBOX_HEAD.c.aggregate_id == place.key[1]
        )
        await db.execute(head.values(**values))
        if place.seq in states:
            values |= _renamed(states[place.seq], clock.new_id("evt"))
        await _change(db, place.seq, values)
    return len(waiting)


async def _told_in_part(db: AsyncConnection) -> set[Version]:
    """Return the waiting versions that the streams have got in another major."""
    other = OUTBOX.alias()
    stored = or_(other.c.sent_at.is_not(None), other.c.stream_seq.is_not(None))
    is_same = [other.c[name] == OUTBOX.c[name] for name in _VERSION]
    rows = await db.execute(
        select(*(OUTBOX.c[name] for name in _VERSION))
        .join(other, and_(*is_same, stored))
        .where(OUTBOX.c.sent_at.is_(None), OUTBOX.c.stream_seq.is_(None))
    )
    return {((row.aggregate, row.aggregate_id), row.version) for row in rows}


async def _change(db: AsyncConnection, seq: int, values: dict[str, Any]) -> None:
    await db.execute(OUTBOX.update().where(OUTBOX.c.seq == seq).values(**values))


def _renamed(headers: dict[str, str], event_id: str) -> dict[str, Any]:
    """Return the columns of a state said under a new id.

    Under its old one the broker would drop it, had it got it before the restore: it only forgets
    ids after its window, and no longer holds the state by which we could have known.
    """
    return {"event_id": event_id, "headers": {**headers, f"{envelope.PREFIX}id": event_id}}

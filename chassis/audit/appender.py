"""The appender: links what was recorded into the service's hash chain and anchors its head.

It works after the commit, so that no command waits for another's row. A record without a link is
linked whenever it turns up: one whose transaction was late comes later in the chain, none is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from itertools import count

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis import ending, logging, session, telemetry
from chassis.audit import anchoring
from chassis.audit.anchor import Anchor, read_key, sign
from chassis.audit.anchoring import Stored
from chassis.audit.record import FORM, Record, genesis, link, of_row
from chassis.broker import AWAY, Broker
from chassis.runtime import Runtime

POLL_S = 1.0  # nobody waits for a link, so that no command has to notify
STANDBY_S = 1.0  # how soon another replica takes over from one that died
ANCHOR_EVERY_S = 60.0
SETTLED_S = 300.0  # no transaction lives longer: a request has 30 s, a handler 60 s
SWEEP_EVERY_S = 3600.0  # and if one did, its records are found within the hour
WINDOW = 100_000  # sequence numbers looked through by one statement
BATCH = 1000  # records linked in one transaction
DRAIN_S = 3.0
_LOCK = 0x75656D_61756469  # "uemaudi": one per database, and so per service

_HEAD = "SELECT position, hash FROM audit_link ORDER BY position DESC LIMIT 1"
_UNLINKED = """
    SELECT * FROM audit_record AS record
    WHERE seq > $1 AND seq <= $2
        AND NOT EXISTS (SELECT FROM audit_link WHERE record_id = record.id)
    ORDER BY seq LIMIT $3
"""
_LINK = """
    INSERT INTO audit_link (position, record_id, form, hash)
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::smallint[], $4::bytea[])
"""
_LAST_SEQ = "SELECT coalesce(max(seq), 0) FROM audit_record"
_HASH_AT = "SELECT hash FROM audit_link WHERE position = $1"
_RECORDED_AT = """
    SELECT recorded_at FROM audit_link JOIN audit_record AS record ON record.id = record_id
    WHERE position > $1 ORDER BY position LIMIT 1
"""

log = logging.get(__name__)
_linked = telemetry.counter("audit_linked_total", "Audit records linked into the chain")
_anchored = telemetry.counter("audit_anchored_total", "Heads of the chain anchored")


class Appender:
    """One per process; the one that holds the service's lock appends, the others stand by."""

    def __init__(
        self, runtime: Runtime, broker: Broker, *, anchor_every_s: float = ANCHOR_EVERY_S
    ) -> None:
        self._runtime = runtime
        self._clock = runtime.clock
        self._broker = broker
        self._anchor_every_s = anchor_every_s
        self._key = _key(runtime)
        self._task: asyncio.Task[None] | None = None
        self._draining = False
        self._wake = asyncio.Event()
        self._seen: list[tuple[float, int]] = []  # when which sequence number was the last
        self._settled = 0
        self._swept_at = 0.0
        self._head = (0, genesis(runtime.service))
        self._last: Stored | None = None
        self._met = 0  # the broker connection for which `_last` holds
        self._tried_at: float | None = None
        self._behind_since: datetime | None = None  # the oldest record that no anchor covers
        self._unlinked = 0
        self._chain_ok = True
        telemetry.gauge("audit_unlinked", "Audit records without a link", self.unlinked)
        telemetry.gauge(
            "audit_anchor_age_seconds", "Age of the oldest record no anchor covers", self.behind_s
        )
        telemetry.gauge(
            "audit_chain_ok", "0 where the chain does not hold its last anchor", self.chain_ok
        )

    async def start(self) -> None:
        """Begin to append, now or when the lock is to be had."""
        self._task = asyncio.create_task(self._run(), name="audit")

    async def drain(self) -> None:
        """Link what is recorded by now and anchor the head, if the broker is there."""
        self._draining = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=DRAIN_S)

    async def stop(self) -> None:
        """Leave no task, no session and no lock."""
        if self._task is not None:
            await ending.end([self._task])

    def unlinked(self) -> float:
        """Return how many records waited after the last look; only the leader looks."""
        return self._unlinked

    def behind_s(self) -> float:
        """Return how long ago the oldest record was written that no anchor covers; 0 when none."""
        if self._behind_since is None:
            return 0.0
        return max(0.0, (self._clock.wall() - self._behind_since).total_seconds())

    def chain_ok(self) -> float:
        """Return 0 when the last anchor is not in the chain: somebody set it back or rewrote it."""
        return float(self._chain_ok)

    async def _run(self) -> None:
        while not self._draining:
            try:
                async with session.open(self._runtime.engine) as own:
                    await self._stand_by_or_lead(own)
            except session.LOST as error:
                log.warning("audit.session_lost", reason=f"{type(error).__name__}: {error}")
                await self._pause(STANDBY_S)
            except Exception as error:  # a bug of ours must not end the chain
                log.error("audit.failed", error=error)
                await self._pause(STANDBY_S)

    async def _stand_by_or_lead(self, own: asyncpg.Connection) -> None:
        while not await own.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            self._unlinked, self._behind_since = 0, None  # the leader's to tell
            if await self._pause(STANDBY_S):
                return
        log.info("audit.leads")
        self._seen, self._settled, self._swept_at = [], 0, self._clock.monotonic()
        self._met, self._tried_at = 0, None
        self._head = await self._read_head(own)
        while True:
            is_last = self._draining
            await self._link_all(own)
            await self._anchor(own)
            if is_last:
                return
            await self._pause(POLL_S)

    async def _link_all(self, own: asyncpg.Connection) -> None:
        low, last_seq = self._settled, await own.fetchval(_LAST_SEQ)
        while low < last_seq:
            high = min(low + WINDOW, last_seq)
            if await self._link_some(own, low, high) < BATCH:
                low = high
        self._note_settled(last_seq)

    async def _read_head(self, own: asyncpg.Connection) -> tuple[int, bytes]:
        head = await own.fetchrow(_HEAD)
        return (head[0], bytes(head[1])) if head else (0, genesis(self._runtime.service))

    async def _link_some(self, own: asyncpg.Connection, low: int, high: int) -> int:
        async with own.transaction():
            position, previous = await self._read_head(own)
            rows = await own.fetch(_UNLINKED, low, high, BATCH)
            self._unlinked = len(rows)
            records = [of_row(row) for row in rows]
            hashes: list[bytes] = []
            for record in records:
                previous = link(previous, record)
                hashes.append(previous)
            if records:
                await own.execute(_LINK, *_columns(records, hashes, after=position))
        self._head = (position + len(records), previous)
        self._unlinked = 0
        _linked.add(len(records))
        if records and self._behind_since is None:
            self._behind_since = min(record.recorded_at for record in records)
        return len(records)

    def _note_settled(self, last_seq: int) -> None:
        """Look only past the sequence numbers that no transaction can still bring."""
        now = self._clock.monotonic()
        if now - self._swept_at > SWEEP_EVERY_S:
            self._seen, self._settled, self._swept_at = [], 0, now
            return
        self._seen.append((now, last_seq))
        while now - self._seen[0][0] > SETTLED_S:
            self._settled = self._seen.pop(0)[1]

    async def _anchor(self, own: asyncpg.Connection) -> None:
        """Have the broker hold the head, if it has moved and the minute is over."""
        if not self._broker.is_connected:
            return
        try:
            if self._met != self._broker.generation:
                await self._meet(own)
            if self._is_due():
                await self._add()
        except AWAY as error:
            self._met = 0
            log.warning("audit.anchor_failed", reason=f"{type(error).__name__}: {error}")

    async def _meet(self, own: asyncpg.Connection) -> None:
        """Know the last anchor of the stream, and whether the chain still holds it."""
        generation = self._broker.generation
        js = await self._broker.ready()
        await anchoring.declare(js, replicas=self._runtime.settings.nats_replicas)
        self._last = await anchoring.last(js, self._runtime.service)
        known = self._last.anchor if self._last else None
        if known is not None:
            present = await own.fetchval(_HASH_AT, known.position)
            self._chain_ok = present is not None and bytes(present).hex() == known.hash
            if not self._chain_ok:
                log.error("audit.chain_is_not_the_anchored", position=known.position)
        if known is not None and self._behind_since is None:
            self._behind_since = await own.fetchval(_RECORDED_AT, known.position)
        self._met = generation

    def _is_due(self) -> bool:
        position, hash = self._head
        known = self._last.anchor if self._last else None
        if known is not None and (known.position, known.hash) == (position, hash.hex()):
            self._behind_since = None
            return False
        if position == 0:
            return False
        now = self._clock.monotonic()
        return (
            self._draining or self._tried_at is None or now - self._tried_at >= self._anchor_every_s
        )

    async def _add(self) -> None:
        self._tried_at = self._clock.monotonic()
        position, hash = self._head
        known = self._last.anchor if self._last else None
        anchor = Anchor(
            service=self._runtime.service,
            position=position,
            hash=hash.hex(),
            count=position - (known.position if known else 0),
            at=self._clock.wall(),
        )
        if self._key is not None:
            anchor = sign(anchor, self._key)
        js = await self._broker.ready()
        seq = await anchoring.add(js, anchor, after=self._last.seq if self._last else 0)
        self._last = Stored(seq, anchor)
        self._behind_since = None
        _anchored.add(1)

    async def _pause(self, seconds: float) -> bool:
        """Wait, at most until the drain begins; return whether it has."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        return self._draining


def _key(runtime: Runtime) -> Ed25519PrivateKey | None:
    file = runtime.settings.audit_key_file
    return None if file is None else read_key(file)


def _columns(
    records: list[Record], hashes: list[bytes], *, after: int
) -> tuple[list[int], list[str], list[int], list[bytes]]:
    positions = [position for position, _ in zip(count(after + 1), records, strict=False)]
    return positions, [record.id for record in records], [FORM] * len(records), hashes

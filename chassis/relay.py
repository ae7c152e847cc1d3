"""The relay: carries the outbox to the streams, in order per aggregate, from one leader a service."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterable

import asyncpg
import nats.js.errors
from nats.js import JetStreamContext
from nats.js.api import Header, PubAck
from opentelemetry.trace import SpanKind
from sqlalchemy.exc import SQLAlchemyError

from chassis import ending, envelope, logging, reconcile, session, streams, telemetry
from chassis.broker import AWAY, Broker
from chassis.cargo import Cargo
from chassis.chains import Row
from chassis.outbox import CHANNEL
from chassis.runtime import Runtime

POLL_S = 1.0  # notifications only wake: one lost with its session costs a second
STANDBY_S = 1.0  # how soon another replica takes over from a leader that died
PUBLISH_TIMEOUT_S = 5.0  # the outcome is unknown then: publish again, the event id makes it one
FETCH = 1000  # rows
DRAIN_S = 3.0  # what is not acknowledged by then is published again
_LOCK = 0x75656D_72656C61  # "uemrela": one per database, and so per service

_FETCH = """
    SELECT seq, event_id, aggregate, aggregate_id, version, previous, stream, subject,
           headers::text AS headers, payload
    FROM outbox
    WHERE sent_at IS NULL AND seq <> ALL($1::bigint[])
    ORDER BY seq LIMIT $2
"""
_MARK = """
    UPDATE outbox SET sent_at = now(), stream_seq = stored.stream_seq
    FROM unnest($1::bigint[], $2::bigint[]) AS stored (seq, stream_seq)
    WHERE outbox.seq = stored.seq
    RETURNING greatest(extract(epoch FROM clock_timestamp() - outbox.recorded_at), 0)::float8
"""
_BACKLOG = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(recorded_at)), 0)::float8
    FROM outbox WHERE sent_at IS NULL
"""

log = logging.get(__name__)
_published = telemetry.counter("relay_published_total", "Events that the broker has stored")
_lag = telemetry.histogram("relay_lag_seconds", "From the commit until the broker had stored it")
_failures = telemetry.counter("relay_failures_total", "Publications without an acknowledgement")


class Relay:
    """One per process; the one that holds the service's lock publishes, the others stand by."""

    def __init__(
        self,
        runtime: Runtime,
        broker: Broker,
        owned: Iterable[streams.Stream],
        *,
        replicas: int = 1,
    ) -> None:
        self._runtime = runtime
        self._broker = broker
        self._owned = tuple(owned)
        self._replicas = replicas
        self._task: asyncio.Task[None] | None = None
        self._draining = False
        self._wake = asyncio.Event()
        self._publications: set[asyncio.Task[None]] = set()
        self._is_leader = False
        self._looked_at = 0.0
        self._unsent = 0
        self._oldest_s = 0.0
        telemetry.gauge("outbox_unsent", "Events not yet stored by the broker", self.unsent)
        telemetry.gauge("outbox_oldest_unsent_seconds", "Age of the oldest", self.oldest_s)
        telemetry.gauge("relay_leader", "1 where this process relays", self.leads)

    async def start(self) -> None:
        """Begin to relay, now or when the lock and the broker are to be had."""
        if self._owned:
            self._task = asyncio.create_task(self._run(), name="relay")

    async def drain(self) -> None:
        """Publish nothing new, and have what is under way acknowledged and marked."""
        self._draining = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=DRAIN_S)

    async def stop(self) -> None:
        """Leave no task, no session and no lock."""
        if self._task is not None:
            await ending.end([self._task])

    def unsent(self) -> float:
        """Return how many events waited at the last look; only the leader looks."""
        return self._unsent

    def oldest_s(self) -> float:
        """Return the age of the oldest unsent event at the last look, seconds."""
        return self._oldest_s

    def leads(self) -> float:
        """Return 1 for the leader, 0 for a stand-by."""
        return float(self._is_leader)

    async def _run(self) -> None:
        while not self._draining:
            try:
                async with session.open(self._runtime.engine) as own:
                    await self._stand_by_or_lead(own)
            except session.LOST as error:
                log.warning("relay.session_lost", reason=f"{type(error).__name__}: {error}")
                await asyncio.sleep(STANDBY_S)
            except Exception as error:  # a bug of ours must not silence the service
                log.error("relay.failed", error=error)
                await asyncio.sleep(STANDBY_S)

    async def _stand_by_or_lead(self, own: asyncpg.Connection) -> None:
        while not await own.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            self._wake.clear()
            if await self._pause(STANDBY_S):
                return
        await own.execute("SET synchronous_commit = off")  # a lost mark only says it again
        await own.add_listener(CHANNEL, lambda *_: self._wake.set())
        self._looked_at = 0.0
        self._is_leader = True
        log.info("relay.leads")
        try:
            await self._lead(own, Cargo())
        finally:
            self._is_leader = False
            for task in self._publications:
                task.cancel()

    async def _lead(self, own: asyncpg.Connection, cargo: Cargo) -> None:
        while not (self._draining and cargo.in_flight == 0):
            self._wake.clear()
            await self._mark(own, cargo)
            await self._look(own)
            if not self._draining:
                cargo = await self._compared(own, cargo)
            if not self._draining and self._may_publish(cargo):
                cargo.add(await self._fetch(own, cargo))
                self._start_ready(cargo)
            await self._pause(self._until_next(cargo))
        await self._mark(own, cargo)

    async def _look(self, own: asyncpg.Connection) -> None:
        now = self._runtime.clock.monotonic()
        if now - self._looked_at < POLL_S:
            return
        self._looked_at = now
        self._unsent, self._oldest_s = await own.fetchrow(_BACKLOG)

    async def _fetch(self, own: asyncpg.Connection, cargo: Cargo) -> list[Row]:
        if not cargo.wants_more:
            return []
        records = await own.fetch(_FETCH, cargo.in_hand, FETCH)
        return [
            Row(**{**dict(record), "headers": json.loads(record["headers"])}) for record in records
        ]

    async def _mark(self, own: asyncpg.Connection, cargo: Cargo) -> None:
        marks = cargo.take_marks()
        if marks:
            seqs, places = zip(*marks, strict=True)
            for record in await own.fetch(_MARK, seqs, places):
                _lag.record(record[0])

    async def _compared(self, own: asyncpg.Connection, cargo: Cargo) -> Cargo:
        """Have the streams exist and agree with the outbox, once for each connection."""
        generation = self._broker.generation
        if not self._broker.is_connected or self._may_publish(cargo):
            return cargo
        await self._mark(own, cargo)  # what an earlier broker stored is compared with this one
        try:
            js = await self._broker.ready()
            found = await streams.declare(js, self._owned, replicas=self._replicas)
            agrees = await reconcile.reconcile(self._runtime.engine, js, found)
        except (*AWAY, SQLAlchemyError) as error:
            log.warning("relay.streams_away", reason=f"{type(error).__name__}: {error}")
            return cargo
        return cargo.compared(generation, agrees=agrees)

    def _start_ready(self, cargo: Cargo) -> None:
        if self._draining or not self._may_publish(cargo):
            return
        for row in cargo.start(self._runtime.clock.monotonic()):
            task = asyncio.create_task(self._publish(cargo, row))
            self._publications.add(task)
            task.add_done_callback(self._publications.discard)

    def _may_publish(self, cargo: Cargo) -> bool:
        return self._broker.is_connected and cargo.may_publish(self._broker.generation)

    async def _publish(self, cargo: Cargo, row: Row) -> None:
        try:
            js = await self._broker.ready()
            with telemetry.span(
                f"{self._runtime.service}.relay",
                kind=SpanKind.PRODUCER,
                parent=telemetry.extract(row.headers),
                event_id=row.event_id,
            ):
                stored = await publish(js, row)
        except Exception as error:  # whatever it is, the row is published again
            self._note_failure(cargo, row, error)
            return
        cargo.sent(row, stored.seq)
        _published.add(1)
        self._start_ready(cargo)
        self._wake.set()

    def _note_failure(self, cargo: Cargo, row: Row, error: Exception) -> None:
        if isinstance(error, nats.js.errors.NoStreamResponseError):
            cargo.lost_stream()
        cargo.failed(row, self._runtime.clock.monotonic())
        reason = f"{type(error).__name__}: {error}"
        log.warning("relay.publish_failed", event_id=row.event_id, reason=reason)
        _failures.add(1)
        self._wake.set()

    def _until_next(self, cargo: Cargo) -> float:
        generation = self._broker.generation if self._broker.is_connected else None
        return cargo.idle_s(self._runtime.clock.monotonic(), at_most=POLL_S, generation=generation)

    async def _pause(self, seconds: float) -> bool:
        """Wait until woken, at most so long; return whether the relay is draining."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        return self._draining


def headers_of(row: Row) -> dict[str, str]:
    """Return the headers under which the row is said: by its own id, with its place in order."""
    return {
        **row.headers,
        **envelope.versions(row.version, previous=row.previous),
        Header.MSG_ID.value: row.event_id,
    }


async def publish(js: JetStreamContext, row: Row) -> PubAck:
    """Have the stream hold the event, once however often this is repeated within its window."""
    return await js.publish(
        row.subject,
        row.payload,
        timeout=PUBLISH_TIMEOUT_S,
        stream=row.stream,
        headers=headers_of(row),
    )

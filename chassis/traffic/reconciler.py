"""The reconciler: outbox against stream against inbox, again and again, so that a loss is a number."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from chassis import attempts, consumer, delivery, logging, streams, telemetry
from chassis.broker import AWAY
from chassis.errors import Unavailable
from chassis.listener import Listener
from chassis.messages import Published, Subscription
from chassis.reconciliation import MOST_NAMED, Missing, Reconciliation
from chassis.runtime import Runtime
from chassis.traffic import stored, taken

EVERY_S = 30.0
LOOK_BACK = timedelta(days=1)  # at a start; `uem reconcile` looks at everything
MOST_AT_ONCE = 20_000  # messages of one subscription; a reader far behind is not slowed further
EVERYTHING = 2**62

log = logging.get(__name__)


class CannotReconcile(Unavailable):
    """Outbox, streams and inbox cannot be compared while database or broker is away."""

    slug = "cannot-reconcile"


class Reconciler:
    """One per process; what it finds stands in the runtime for readers and metrics."""

    def __init__(
        self,
        runtime: Runtime,
        owned: Iterable[streams.Stream],
        subscriptions: Iterable[Subscription],
    ) -> None:
        self._runtime = runtime
        self._owned = tuple(owned)
        since = runtime.clock.wall() - LOOK_BACK
        listeners = consumer.listeners_of(runtime, subscriptions).values()
        self._books = _books(listeners, since=since)
        telemetry.gauge("events_lost", "Events that are not where they must be", self._lost)
        telemetry.gauge("reconciled_at", "When that was last found out, Unix seconds", self._at)

    async def run(self) -> None:
        """Compare for ever; while database or broker is away, `reconciled_at` stands still."""
        while True:
            try:
                latest = self._runtime.reconciliation
                was_lost = latest.found.lost
                latest.found = await _compare(
                    self._runtime, self._owned, self._books, most=MOST_AT_ONCE
                )
                if latest.found.lost != was_lost:
                    named = [one.event_id for one in latest.found.missing[:10]]
                    log.error("events.lost", lost=latest.found.lost, events=named)
            except (*AWAY, SQLAlchemyError) as error:
                log.info("reconciler.waits", reason=attempts.describe(error))
            except Exception as error:  # `reconciled_at` stands still, and that is watched
                log.error("reconciler.failed", error=error)
            await asyncio.sleep(EVERY_S)

    def _lost(self) -> float:
        return float(self._runtime.reconciliation.found.lost)

    def _at(self) -> float:
        at = self._runtime.reconciliation.found.at
        return 0.0 if at is None else at.timestamp()


async def whole(
    runtime: Runtime, published: Sequence[Published], subscriptions: Sequence[Subscription]
) -> Reconciliation:
    """Compare everything from the beginning of every stream, now; the figures are the latest.

    Raises CannotReconcile (503) when database or broker is away.
    """
    owned = streams.owned(runtime.service, published)
    listeners = consumer.listeners_of(runtime, subscriptions).values()
    try:
        if not runtime.broker.is_connected:
            raise CannotReconcile("The broker is away.", remedy="Ask again when it is back.")
        found = await _compare(runtime, owned, _books(listeners), most=EVERYTHING)
    except (*AWAY, SQLAlchemyError) as error:
        raise CannotReconcile(attempts.describe(error), remedy="Ask again in a moment.") from error
    runtime.reconciliation.found = found
    return found


async def _compare(
    runtime: Runtime, owned: Iterable[streams.Stream], books: Iterable[taken.Books], *, most: int
) -> Reconciliation:
    missing: list[Missing] = []
    ours = []
    for stream in owned:
        one, lost = await stored.check(runtime.reading, runtime.broker, stream)
        ours.append(one)
        missing += lost
    theirs = []
    for book in books:
        said = await book.check(runtime.reading, runtime.broker, most=most)
        if said is not None:
            theirs.append(said)
            missing += book.missing
    return Reconciliation(
        at=runtime.clock.wall(),
        lost=len(missing),
        stored=ours,
        taken=theirs,
        missing=missing[:MOST_NAMED],
    )


def _books(listeners: Iterable[Listener], *, since: datetime | None = None) -> list[taken.Books]:
    return [
        taken.Books(listener, stream, subject, since)
        for listener in listeners
        for stream, subject in delivery.sources(listener.subscription)
    ]

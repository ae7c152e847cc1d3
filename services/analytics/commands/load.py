"""Taking staged rows into the warehouse: whatever dies on the way, each arrives once."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

from sqlalchemy.exc import SQLAlchemyError

from chassis import clock, logging
from chassis.errors import DomainError
from chassis.policy import EVERYTHING
from chassis.runtime import Runtime
from chassis.unit_of_work import Caller, begin
from services.analytics import domain, store

Opener: TypeAlias = Callable[[Runtime], AbstractAsyncContextManager[store.Warehouse]]

EVERY = timedelta(milliseconds=500)  # batches that come together are loaded together
FORGET_EVERY = timedelta(hours=1)
RETRY_FIRST = timedelta(milliseconds=500)
RETRY_CAP = timedelta(seconds=15)
log = logging.get(__name__)


@dataclass(frozen=True, slots=True)
class Loader:
    """The way from the staged batches into one open warehouse; one load at a time."""

    runtime: Runtime
    warehouse: store.Warehouse
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def flush(self) -> None:
        """Every row staged before this call is in the warehouse.

        Raises WarehouseAway; then the rows wait where they are.
        """
        async with self.turn:
            async with self.runtime.seen_by(EVERYTHING) as db:
                newest = await store.newest_batch(db)
            while newest is not None and await self._carry_next():
                async with self.runtime.seen_by(EVERYTHING) as db:
                    oldest = await store.oldest_batch(db)
                if oldest is None or oldest > newest:
                    return

    async def _carry_next(self) -> bool:
        load = await self._interrupted()
        if load is None:
            load = await self._begin()
            if load is None:
                return False
            await self._insert(load)
        elif await self.warehouse.rows_of(load) != load.rows:
            await self._insert(load)
        async with begin(self.runtime, self._caller) as uow:
            await store.finish_load(uow.db, load)
        return True

    async def _interrupted(self) -> domain.Load | None:
        """The load that an earlier process fixed, and perhaps inserted, but did not finish."""
        async with self.runtime.seen_by(EVERYTHING) as db:
            return await store.open_load(db)

    async def _begin(self) -> domain.Load | None:
        async with begin(self.runtime, self._caller) as uow:
            return await store.begin_load(uow.db, uow.new_id("lod"), now=uow.now)

    async def _insert(self, load: domain.Load) -> None:
        async with self.runtime.seen_by(EVERYTHING) as db:
            columns = await store.load_columns(db, load)
        await self.warehouse.insert(load, columns)

    @property
    def _caller(self) -> Caller:
        return Caller.service(self.runtime.service)


class Desk:
    """The warehouse of a running service: opened when it can be, filled while it is open."""

    def __init__(self, runtime: Runtime, open_warehouse: Opener) -> None:
        self._runtime = runtime
        self._open = open_warehouse
        self._loader: Loader | None = None
        self._trouble: DomainError = store.WarehouseAway("The warehouse is being opened.")

    async def warehouse(self) -> store.Warehouse:
        """The warehouse, with everything in it that was staged before this call.

        Raises WarehouseLocked (naming the holder) or WarehouseAway while it cannot be had.
        """
        if self._loader is None:
            raise self._trouble
        await self._loader.flush()
        return self._loader.warehouse

    async def run(self) -> None:
        """Open the warehouse, again and again if need be, and load what is staged; never returns."""
        attempt = 0
        while True:
            try:
                async with self._open(self._runtime) as warehouse:
                    self._loader = Loader(self._runtime, warehouse)
                    log.info("warehouse_open")
                    attempt = 0
                    await self._load()
            except DomainError as error:
                attempt += 1
                self._trouble = error
                log.warning("warehouse_away", slug=error.slug, because=error.message)
            except Exception as error:  # whatever the engine does, rows wait and it is opened again
                attempt += 1
                self._trouble = store.WarehouseAway("The warehouse failed; it is being reopened.")
                log.error("warehouse_failed", error=error)
            finally:
                self._loader = None
            wait = clock.backoff(attempt, first=RETRY_FIRST, cap=RETRY_CAP)
            await asyncio.sleep(wait.total_seconds())

    async def _load(self) -> None:
        forgotten_at = self._runtime.clock.monotonic()
        while self._loader is not None:
            try:
                await self._loader.flush()
                if self._runtime.clock.monotonic() - forgotten_at > FORGET_EVERY.total_seconds():
                    await forget_old(self._runtime)
                    forgotten_at = self._runtime.clock.monotonic()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("loading_waits_for_database", because=type(error).__name__)
            await asyncio.sleep(EVERY.total_seconds())


async def forget_old(runtime: Runtime) -> None:
    """Samples and windows older than keys are kept are gone from PostgreSQL."""
    async with begin(runtime, Caller.service(runtime.service)) as uow:
        before = uow.now - domain.RETENTION
        await store.forget_observations(uow.db, before=before)
        await store.forget_windows(uow.db, before=before)

"""Analytics put together."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from chassis.policy import Policy
from chassis.runtime import Runtime
from chassis.service import create_service
from chassis.settings import Environment
from services.analytics import api, commands, events, handlers, store
from vocabulary import area


@asynccontextmanager
async def open_warehouse(runtime: Runtime) -> AsyncIterator[store.Warehouse]:
    """The embedded warehouse in the service's folder, or the cluster that the environment names.

    Raises WarehouseLocked and WarehouseAway.
    """
    environment = Environment(os.environ)
    url = environment.optional("WAREHOUSE_URL") or store.embedded_url(runtime.settings.data_dir)
    cluster = environment.optional("WAREHOUSE_CLUSTER")
    warehouse = await store.open_warehouse(url, cluster=cluster, now=runtime.clock.wall())
    try:
        yield warehouse
    finally:
        await asyncio.to_thread(warehouse.close)


def create_app(warehouse: commands.Opener = open_warehouse) -> FastAPI:
    """The app of analytics; the warehouse is opened by `warehouse` while it works."""

    @asynccontextmanager
    async def desk(runtime: Runtime) -> AsyncIterator[None]:
        app.state.desk = commands.Desk(runtime, warehouse)
        work = asyncio.create_task(app.state.desk.run(), name="warehouse")
        try:
            yield
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    app = create_service(
        "analytics",
        router=api.router,
        subscriptions=handlers.SUBSCRIPTIONS,
        timers=handlers.TIMERS,
        published=events.PUBLISHED,
        metadata=store.metadata,
        migrations="services.analytics.migrations",
        lifespan_hooks=(desk,),
        body_limits=api.BODY_LIMITS,
        policy=Policy.load("services.analytics", areas=area),
    )
    return app

"""A loader that kills itself at a named point of its way: run by the crash tests as a process.

Arguments: database address, folder of the warehouse, point (before-insert, after-insert,
after-finish, none).
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chassis import database
from chassis.clock import Clock
from chassis.runtime import Runtime
from chassis.settings import Deployment, Settings
from services.analytics import commands, store
from services.analytics.commands.load import Loader


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Crashing(Loader):
    """A loader whose steps end in death where the test says."""

    __slots__ = ()

    async def _insert(self, load: Any) -> None:
        if POINT == "before-insert":
            die()
        await super()._insert(load)
        if POINT == "after-insert":
            die()

    async def _carry_next(self) -> bool:
        carried = await super()._carry_next()
        if carried and POINT == "after-finish":
            die()
        return carried


async def main(url: str, folder: str) -> None:
    engine = database.connect(url, service="analytics", pool=2)
    settings = Settings(
        database_url=url,
        deployment=Deployment.REHEARSAL,
        data_dir=Path(folder),
        nats_url="nats://127.0.0.1:1",
    )
    runtime = Runtime("analytics", engine, Clock(), settings)
    opened = await store.open_warehouse(
        store.embedded_url(Path(folder)), cluster=None, now=datetime(2026, 1, 1, tzinfo=UTC)
    )
    loader: commands.Loader = Crashing(runtime, opened)
    await loader.flush()
    for row in await opened.query("SELECT source, value FROM observation ORDER BY source, value"):
        print(row["source"], row["value"])  # noqa: T201 - what the test reads
    opened.close()
    await engine.dispose()


POINT = sys.argv[3]
asyncio.run(main(sys.argv[1], sys.argv[2]))

"""A database session of one's own, outside the pool: for locks and notifications that last."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

CONNECT_TIMEOUT_S = 5
COMMAND_TIMEOUT_S = 30
# Its user asks every second. One whose connection leads nowhere any more does not, and the server,
# which does not hear of that for hours, would keep its locks: nobody else could relay.
IDLE_MS = 30_000

# Everything that says that the database is away, or that the session has ended.
LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

_OF_SQLALCHEMY = ("prepared_statement_cache_size", "prepared_statement_name_func")


@asynccontextmanager
async def open(engine: AsyncEngine) -> AsyncIterator[asyncpg.Connection]:
    """Give a new session on the engine's database; its locks are released when it ends.

    Raises one of `LOST` when the database is away.
    """
    _, arguments = engine.dialect.create_connect_args(engine.url)
    for name in _OF_SQLALCHEMY:
        arguments.pop(name, None)
    session = await asyncpg.connect(
        **arguments,
        timeout=CONNECT_TIMEOUT_S,
        command_timeout=COMMAND_TIMEOUT_S,
        server_settings={"idle_session_timeout": str(IDLE_MS)},
    )
    try:
        yield session
    finally:
        if not session.is_closed():
            session.terminate()  # at once: the server releases the locks when the socket closes

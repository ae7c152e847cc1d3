"""The service's own PostgreSQL: the engine with its limits, and the wait until it can be used."""

from __future__ import annotations

import msgspec
from sqlalchemy import MetaData
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chassis import tables

STATEMENT_TIMEOUT_MS = 10_000  # a request waits 30 s in all
COMMAND_TIMEOUT_S = 12.0  # the server's has passed: the connection leads nowhere, and is given up
LOCK_TIMEOUT_MS = 5_000  # longer means that something is stuck, and a retry is wiser
IDLE_IN_TRANSACTION_MS = 60_000  # a solver may think that long inside a unit of work
CONNECT_TIMEOUT_S = 5
POOL_TIMEOUT_S = 5
RECYCLE_S = 1800  # connections are renewed, so that a failover is not remembered for ever


def metadata() -> MetaData:
    """Return the MetaData for a service's `store`: constraints named by rule, chassis' tables in."""
    made = MetaData(naming_convention=tables.NAMING)
    tables.attach(made)
    return made


def connect(
    url: str, *, service: str, pool: int, command_timeout_s: float | None = COMMAND_TIMEOUT_S
) -> AsyncEngine:
    """Return the engine of a service; nothing is connected yet.

    JSONB takes anything that msgspec can encode. Without a `command_timeout_s` a statement may
    take for ever, as a migration's.
    """
    return create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=pool,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_recycle=RECYCLE_S,
        hide_parameters=True,  # an error tells the statement, never the values: they may be personal
        json_serializer=_json,
        json_deserializer=msgspec.json.decode,
        connect_args={
            "timeout": CONNECT_TIMEOUT_S,
            "command_timeout": command_timeout_s,
            "server_settings": {
                "application_name": service,
                "timezone": "UTC",
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                "lock_timeout": str(LOCK_TIMEOUT_MS),
                "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_MS),
            },
        },
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()

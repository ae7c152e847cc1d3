"""Liveness, readiness and metrics: what a scheduler and an operator's dashboard ask."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from chassis import migrations, reconcile, telemetry
from chassis.migrations import History, Schema
from chassis.runtime import Runtime

PROBE_TIMEOUT_S = 2.0
STORE_BEHIND_STREAM = "STORE_BEHIND_STREAM"
router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def livez() -> Response:
    """Say that the process answers; it depends on nothing else."""
    return _json({"live": True}, 200)


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Say whether requests can be served: own database and its schema; never the broker.

    A service that was restored to the past is ready, for reads and for the operator who decides,
    and says `"refuses": "STORE_BEHIND_STREAM"`: its writes are answered 503.
    """
    state = request.app.state
    if state.draining:
        return _json({"ready": False, "because": "draining"}, 503)
    if state.runtime is None:
        return _json({"ready": False, "because": state.waiting_for}, 503)
    because, refuses = await _look(state.runtime, History.of(state.service.migrations))
    body = {"ready": because is None, "because": because}
    return _json(body | ({"refuses": refuses} if refuses else {}), 503 if because else 200)


@router.get("/metrics")
async def metrics() -> Response:
    """Say all metrics of the process, in Prometheus' text format."""
    return Response(telemetry.prometheus_text(), media_type="text/plain; version=0.0.4")


async def _look(runtime: Runtime, history: History) -> tuple[str | None, str | None]:
    """Return why the database cannot be used, and why writes are refused; null for neither."""
    if _is_busy(runtime):
        return None, None
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S), runtime.reading.connect() as db:
            await db.execute(text("SELECT 1"))
            if await migrations.state(db, history) is Schema.BEHIND:
                return "schema is behind", None
            return None, STORE_BEHIND_STREAM if await reconcile.is_refusing(db) else None
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        return f"database: {type(error).__name__}", None


def _is_busy(runtime: Runtime) -> bool:
    # every connection is at work: sending the load elsewhere would only fell the next replica
    pool = runtime.engine.pool
    return isinstance(pool, QueuePool) and pool.checkedout() >= pool.size()


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")

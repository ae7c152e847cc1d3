"""Liveness, readiness and metrics: what a scheduler and an operator's dashboard ask."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from chassis import migrations, telemetry
from chassis.migrations import History, Schema
from chassis.runtime import Runtime

PROBE_TIMEOUT_S = 2.0
router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def livez() -> Response:
    """Say that the process answers; it depends on nothing else."""
    return _json({"live": True}, 200)


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Say whether requests can be served: own database and its schema; never the broker."""
    state = request.app.state
    if state.draining:
        return _json({"ready": False, "because": "draining"}, 503)
    if state.runtime is None:
        return _json({"ready": False, "because": state.waiting_for}, 503)
    because = await _database_trouble(state.runtime, History.of(state.service.migrations))
    return _json({"ready": because is None, "because": because}, 503 if because else 200)


@router.get("/metrics")
async def metrics() -> Response:
    """Say all metrics of the process, in Prometheus' text format."""
    return Response(telemetry.prometheus_text(), media_type="text/plain; version=0.0.4")


async def _database_trouble(runtime: Runtime, history: History) -> str | None:
    if _is_busy(runtime):
        return None
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S), runtime.reading.connect() as db:
            await db.execute(text("SELECT 1"))
            if await migrations.state(db, history) is Schema.BEHIND:
                return "schema is behind"
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        return f"database: {type(error).__name__}"
    return None


def _is_busy(runtime: Runtime) -> bool:
    # every connection is at work: sending the load elsewhere would only fell the next replica
    pool = runtime.engine.pool
    return isinstance(pool, QueuePool) and pool.checkedout() >= pool.size()


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")

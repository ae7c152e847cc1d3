"""Rows a second into the warehouse: through the API, beside a bare insert of the same rows.

    python -m bench.ingest [--stations 50] [--rows 20000] [--request 1000]

One run measures three ways on one machine, one after the other, and prints ratios:
- bare: clickhouse-connect inserts the rows into an embedded engine in batches of one request;
- taken: POST /v1/observations until the last receipt: durable in PostgreSQL, once each, windows of
  every station, division and ancestor made and told;
- loaded: until the ledger says that every row is in the warehouse as well.
Requests come one after the other over loopback HTTP; every engine flushes to disk.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
import clickhouse_connect
import httpx

from chassis import migrations
from chassis.clock import Clock
from chassis.settings import Deployment
from services.analytics import domain, store
from services.analytics.store.warehouse import TABLES
from uem.issuer import AUDIENCE, ISSUER, Claims, Issuer
from uem.stack import ports
from uem.stack.nats import EmbeddedNats
from uem.stack.postgres import EmbeddedPostgres
from vocabulary import NATION

Row: TypeAlias = tuple[str, str, float]  # station, instant, mm
STEP = timedelta(minutes=5)
DISTRICTS = ("410102", "410103", "410104", "410105", "410106")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stations", type=int, default=50)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--request", type=int, default=1_000)
    options = parser.parse_args()
    rows = made(options.stations, options.rows)
    with tempfile.TemporaryDirectory(prefix="uem-bench-") as folder:
        alone = asyncio.run(bare(Path(folder) / "bare", rows, options.request))
        batches = [rows[at : at + options.request] for at in range(0, len(rows), options.request)]
        taken, loaded, latencies = through_the_api(Path(folder), options.stations, batches)
    rates = {
        "bare insert": len(rows) / alone,
        "taken by the API": len(rows) / taken,
        "and loaded": len(rows) / loaded,
    }
    print(f"{len(rows)} rows, {options.stations} stations, {options.request} rows a request")
    for name, rate in rates.items():
        share = rate / rates["bare insert"]
        print(f"{name:>18}: {rate:>10,.0f} rows/s   {share:6.3f} of bare")
    ordered = sorted(latencies)
    worst = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    print(f"{'a request':>18}: p50 {statistics.median(ordered):.0f} ms, p99 {worst:.0f} ms")


def made(stations: int, count: int) -> list[Row]:
    """(station, instant, mm) in order of time, the newest at the present hour."""
    steps = -(-count // stations)
    newest = datetime.fromtimestamp(Clock().wall().timestamp() // 300 * 300, UTC)
    return [
        (
            f"s{index}",
            (newest - STEP * (steps - 1 - step)).isoformat(),
            (step * 7 + index) % 10 / 10,
        )
        for step in range(steps)
        for index in range(stations)
    ][:count]


async def bare(folder: Path, rows: Sequence[Row], size: int) -> float:
    """Seconds in which clickhouse-connect alone inserts the rows, `size` at a time."""
    now = Clock().wall()
    url = store.embedded_url(folder)
    warehouse = await store.open_warehouse(url, cluster=None, now=now)  # the same tables
    client = clickhouse_connect.get_client(dsn=url)
    names = [*TABLES[domain.Kind.OBSERVATION].names, "load_id"]
    begun = time.perf_counter()
    for at in range(0, len(rows), size):
        part = rows[at : at + size]
        many = len(part)
        columns: list[list[Any]] = [
            ["REAL"] * many, [row[0] for row in part], ["410105"] * many, ["rain_mm"] * many,
            [row[2] for row in part], ["mm"] * many,
            [datetime.fromisoformat(row[1]) for row in part], [now] * many, [""] * many,
            [str(at)] * many,
        ]  # fmt: skip
        client.insert("observation", columns, column_names=names, column_oriented=True)
    took = time.perf_counter() - begun
    client.close()
    warehouse.close()
    return took


def through_the_api(
    folder: Path, stations: int, batches: Sequence[Sequence[Row]]
) -> tuple[float, float, list[float]]:
    """Seconds until the last receipt, seconds until all is loaded, milliseconds of each request."""
    with service(folder) as client:
        for index in range(stations):
            registered = client.put(
                f"/v1/stations/s{index}",
                json={
                    "name": f"station {index}",
                    "place": {"longitude": 113.6, "latitude": 34.7},
                    "jurisdiction": DISTRICTS[index % len(DISTRICTS)],
                    "metrics": ["rain_mm"],
                    "intervalSeconds": 300,
                },
            )
            registered.raise_for_status()
        bodies = ["\n".join(json.dumps(line(row)) for row in batch) for batch in batches]
        begun = time.perf_counter()
        latencies = [posted(client, body) for body in bodies]
        taken = time.perf_counter() - begun
        wait_until_loaded(client, sum(len(batch) for batch in batches))
        return taken, time.perf_counter() - begun, latencies


def line(row: Row) -> dict[str, object]:
    """One line of NDJSON."""
    return {
        "station": row[0], "metric": "rain_mm", "value": row[2], "unit": "mm", "observedAt": row[1],
    }  # fmt: skip


def posted(client: httpx.Client, body: str) -> float:
    """Milliseconds until the receipt; every line must have been accepted."""
    begun = time.perf_counter()
    answer = client.post(
        "/v1/observations", content=body, headers={"Content-Type": "application/x-ndjson"}
    )
    answer.raise_for_status()
    receipt = answer.json()
    if receipt["accepted"] != body.count("\n") + 1:
        raise SystemExit(f"not every line was accepted: {receipt}")
    return (time.perf_counter() - begun) * 1000


def wait_until_loaded(client: httpx.Client, count: int) -> None:
    """Return when the ledger says that every row is in the warehouse, none missing."""
    while True:
        nodes = client.get("/v1/operator/warehouse").raise_for_status().json()["nodes"]
        seen = next(node for node in nodes if node["kind"] == domain.Kind.OBSERVATION)
        if seen["inWarehouse"] == count and seen["missing"] == 0:
            return


@contextmanager
def service(folder: Path) -> Iterator[httpx.Client]:
    """A client of a running analytics service on its own PostgreSQL and NATS."""
    postgres_port, nats_port, port = ports.free(3)
    postgres = EmbeddedPostgres(folder / "postgres", postgres_port)
    nats = EmbeddedNats(folder / "nats", nats_port)
    issuer = Issuer(folder / "secrets")
    postgres.start()
    nats.start()
    url = asyncio.run(_database(postgres.dsn))
    migrations.upgrade("services.analytics.migrations", url=url, deployment=Deployment.PRODUCTION)
    environment = os.environ | {
        "UEM_DATABASE_URL": url,
        "UEM_DEPLOYMENT": "production",
        "UEM_EMBEDDED": "true",
        "UEM_NATS_URL": nats.dsn,
        "UEM_TOKEN_ISSUER": ISSUER,
        "UEM_TOKEN_AUDIENCE": AUDIENCE,
        "UEM_JWKS_FILE": str(issuer.jwks_file),
        "UEM_DATA_DIR": str(folder / "data"),
        "UEM_LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "services.analytics.app:create_app",
         "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"],
        env=environment,
    )  # fmt: skip
    claims = Claims(subject="bench", roles=("collector", "viewer", "operator"), areas=(NATION,))
    token = issuer.sign(claims)
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        ) as client:
            _wait_until_ready(client)
            yield client
    finally:
        process.terminate()
        process.wait(30)
        nats.stop()
        postgres.stop()


async def _database(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("CREATE DATABASE analytics")
    finally:
        await connection.close()
    return dsn.rsplit("/", 1)[0] + "/analytics"


def _wait_until_ready(client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            warehouse = client.get("/v1/operator/warehouse")
            if client.get("/readyz").status_code == 200 and warehouse.status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("the service was not ready in 60 s")


if __name__ == "__main__":
    main()

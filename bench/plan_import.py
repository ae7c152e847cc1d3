"""How long it takes to import plan files, beside reading them alone.

    python -m bench.plan_import [--plans 1000] [--hands 4]

A process of the plan system on PostgreSQL whose commits are synced to disk takes different plans of
four levels each over HTTP, each in a transaction of its own: first one after the other, then as
new versions by as many hands at once. Beside it the same texts are only read and checked, here.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.evaluation import CITY, PLAN, TYPES
from chassis import migrations, sealing
from chassis.settings import Deployment
from services.plans import domain
from uem.issuer import AUDIENCE, ISSUER, Claims, Issuer
from uem.stack import ports
from uem.stack.nats import EmbeddedNats
from uem.stack.postgres import EmbeddedPostgres

START_WITHIN_S = 180.0
YAML = {"Content-Type": "text/yaml"}


def main() -> None:
    """Read the arguments and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=1000)
    parser.add_argument("--hands", type=int, default=4)
    given = parser.parse_args()
    texts = [text(number) for number in range(given.plans)]
    began = time.perf_counter()
    for one in texts:
        domain.parse(one)
    alone = time.perf_counter() - began
    newer = [one.replace('version: "1"', 'version: "2"') for one in texts]
    with (
        tempfile.TemporaryDirectory(prefix="uem-bench-") as folder,
        running(Path(folder)) as client,
    ):
        single = one_by_one(client, texts)
        several = asyncio.run(by_hands(client, newer, given.hands))
    print(f"{given.plans} plans, read and checked only: {alone:6.1f} s")
    print(
        f"imported one after the other:  {sum(single):6.1f} s ({sum(single) / alone:.1f} times that),"
        f" p50 {statistics.median(single) * 1e3:.1f} ms, longest {max(single) * 1e3:.1f} ms"
    )
    print(f"imported by {given.hands} hands at once: {several:6.1f} s")


def text(number: int) -> str:
    """A plan of four levels that no other number has."""
    kind = TYPES[number % len(TYPES)]
    return PLAN.format(
        number=number, place=CITY, kind=kind, share=40 + number % 20, rain=50 + number % 40
    )


def one_by_one(client: httpx.Client, texts: Sequence[str]) -> list[float]:
    """How long each import took, in seconds."""
    took = []
    for one in texts:
        began = time.perf_counter()
        client.post("/v1/plans", content=one, headers=YAML).raise_for_status()
        took.append(time.perf_counter() - began)
    return took


async def by_hands(client: httpx.Client, texts: Sequence[str], hands: int) -> float:
    """How long all imports took by several clients at once, in seconds."""
    left = list(texts)
    headers = {"Authorization": client.headers["Authorization"]} | YAML
    async with httpx.AsyncClient(base_url=client.base_url, headers=headers, timeout=60) as shared:

        async def hand() -> None:
            while left:
                (await shared.post("/v1/plans", content=left.pop())).raise_for_status()

        began = time.perf_counter()
        await asyncio.gather(*(hand() for _ in range(hands)))
        return time.perf_counter() - began


@contextmanager
def running(folder: Path) -> Iterator[httpx.Client]:
    """A client of one process of the plan system, on servers of its own."""
    port, nats_port, postgres_port = ports.free(3)
    postgres = EmbeddedPostgres(folder / "postgres", postgres_port)
    nats = EmbeddedNats(folder / "nats", nats_port)
    postgres.start()
    nats.start()
    try:
        with served(folder, port, postgres=postgres, nats=nats) as client:
            yield client
    finally:
        nats.stop()
        postgres.stop()


@contextmanager
def served(
    folder: Path, port: int, *, postgres: EmbeddedPostgres, nats: EmbeddedNats
) -> Iterator[httpx.Client]:
    """The process, once it is ready, and who may import."""
    issuer = Issuer(folder / "secrets")
    deployment = Deployment.PRODUCTION
    migrations.upgrade("services.plans.migrations", url=postgres.dsn, deployment=deployment)
    ring = folder / "keys.json"
    ring.write_text(sealing.new_ring())
    environment = {
        "UEM_DATABASE_URL": postgres.dsn,
        "UEM_DEPLOYMENT": "production",
        "UEM_EMBEDDED": "true",
        "UEM_NATS_URL": nats.dsn,
        "UEM_TOKEN_ISSUER": ISSUER,
        "UEM_TOKEN_AUDIENCE": AUDIENCE,
        "UEM_JWKS_FILE": str(issuer.jwks_file),
        "UEM_KEYS_FILE": str(ring),
        "UEM_DATA_DIR": str(folder / "data"),
        "UEM_LOG_LEVEL": "ERROR",
        "UEM_RATE_FACTOR": "1000",  # a planner's hand is not what is measured
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "services.plans.app:create_app",
         "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"],
        env=os.environ | environment,
    )  # fmt: skip
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            planner = Claims(subject="planner", roles=("planner",), areas=(CITY,))
            client.headers["Authorization"] = f"Bearer {issuer.sign(planner)}"
            _await_ready(client)
            yield client
    finally:
        process.terminate()
        process.wait(30)


def _await_ready(client: httpx.Client) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit(f"the service was not ready in {START_WITHIN_S:.0f} s")


if __name__ == "__main__":
    main()

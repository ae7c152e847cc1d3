"""A responder's waiting time while citizens flood, with and without rates and classes.

    python -m bench.overload [--entries 150] [--sources 32] [--rounds 3]

Two processes of org run side by side on databases of their own: one as it is started normally, one
with so many places and so high rates that nobody is turned away. One after the other each is
measured, in every round first at rest and then flooded: an officer signs one line of the duty log
after another while `sources` hotlines pass on citizens' reports as fast as they are answered, from
a process of their own. Printed are the officer's waiting times, and what became of the reports.
PostgreSQL commits are synced to disk.
"""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path

import aiohttp
import asyncpg
import httpx

from chassis import migrations, sealing
from chassis.clock import Clock
from chassis.settings import Deployment
from uem.issuer import AUDIENCE, ISSUER, Claims, Issuer
from uem.stack import ports
from uem.stack.nats import EmbeddedNats
from uem.stack.postgres import EmbeddedPostgres

CITY = "410100"
START_WITHIN_S = 180.0
VARIANTS: Mapping[str, dict[str, str]] = {
    "with": {},
    "without": {"UEM_IN_WORK": "100000", "UEM_RATE_FACTOR": "100000"},
}


@dataclass
class Org:
    """One running process, and what was measured of it."""

    client: httpx.Client
    rest: list[float] = field(default_factory=list)
    flooded: list[float] = field(default_factory=list)
    reports: Counter[int] = field(default_factory=Counter)
    flooded_s: float = 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=150)
    parser.add_argument("--sources", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="uem-bench-") as folder, ExitStack() as stack:
        issuer = Issuer(Path(folder) / "secrets")
        orgs = stack.enter_context(running(Path(folder), issuer))
        hotlines = [
            token(issuer, f"hotline-{number}", "agency") for number in range(options.sources)
        ]
        for _ in range(options.rounds):
            for org in orgs.values():
                org.client.headers["Authorization"] = (
                    f"Bearer {token(issuer, 'li', 'duty_officer')}"
                )
                org.rest += signed(org.client, options.entries // options.rounds)
                flooded(org, hotlines, options.entries // options.rounds)
    report(orgs, options.sources)


def flooded(org: Org, hotlines: Sequence[str], entries: int) -> None:
    """Measure the officer while the hotlines pass on reports."""
    spawning = multiprocessing.get_context("spawn")
    started, stop = spawning.Event(), spawning.Event()
    told: multiprocessing.Queue[Counter[int]] = spawning.Queue()
    url = str(org.client.base_url.join("/v1/reports"))
    other = spawning.Process(target=flood, args=(url, hotlines, started, stop, told))
    other.start()
    if not started.wait(START_WITHIN_S):
        raise SystemExit("the flood did not begin")
    begun = time.perf_counter()
    org.flooded += signed(org.client, entries)
    org.flooded_s += time.perf_counter() - begun
    stop.set()
    org.reports += told.get()
    other.join()


def flood(
    url: str,
    hotlines: Sequence[str],
    started: Event,
    stop: Event,
    told: "multiprocessing.Queue[Counter[int]]",
) -> None:
    """Pass on reports from every hotline, one after the other each, until told to stop."""
    body = {"source": "12345", "jurisdiction": CITY, "text": "water in the street"}
    body["observedAt"] = Clock().wall().isoformat()
    statuses: Counter[int] = Counter()

    async def source(session: aiohttp.ClientSession, bearer: str) -> None:
        headers = {"Authorization": f"Bearer {bearer}"}
        while not stop.is_set():
            async with session.post(url, json=body, headers=headers) as answer:
                await answer.read()
                statuses[answer.status] += 1
            started.set()

    async def all_sources() -> None:
        limits = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=limits) as session:
            await asyncio.gather(*(source(session, bearer) for bearer in hotlines))

    asyncio.run(all_sources())
    told.put(statuses)


def signed(client: httpx.Client, entries: int) -> list[float]:
    """Milliseconds of each line signed, one after the other; every one must be taken."""
    took = []
    for number in range(entries):
        line = {"jurisdiction": CITY, "at": Clock().wall().isoformat(), "kind": "CALL"}
        begun = time.perf_counter()
        answer = client.post("/v1/log-entries", json=line | {"text": f"call {number}"})
        took.append((time.perf_counter() - begun) * 1000)
        answer.raise_for_status()
    return took


def token(issuer: Issuer, subject: str, role: str) -> str:
    """A token of somebody of the city."""
    return issuer.sign(Claims(subject=subject, roles=(role,), org="org_bench", areas=(CITY,)))


def report(orgs: Mapping[str, Org], sources: int) -> None:
    """Print the waiting times beside one another."""
    print(f"{len(orgs['with'].flooded)} lines signed in each state, {sources} hotlines")
    for name, org in orgs.items():
        taken = org.reports[201] / org.flooded_s
        away = sum(count for status, count in org.reports.items() if status in (429, 503))
        others = {s: n for s, n in org.reports.items() if s not in (201, 429, 503)}
        for state, found in (("at rest", org.rest), ("flooded", org.flooded)):
            print(
                f"{name:>8} limits, {state}: p50 {statistics.median(found):6.1f} ms, "
                f"p99 {p99(found):7.1f} ms   {p99(found) / p99(org.rest):5.1f} of its rest"
            )
        print(
            f"{'':>8} reports: {taken:,.0f} taken a second, "
            f"{away / org.flooded_s:,.0f} turned away a second, others {others}"
        )
    ratio = p99(orgs["without"].flooded) / p99(orgs["with"].flooded)
    print(f"flooded p99 without limits: {ratio:.1f} of that with limits")


def p99(found: Sequence[float]) -> float:
    """The 99th percentile."""
    ordered = sorted(found)
    return ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]


@contextmanager
def running(folder: Path, issuer: Issuer) -> Iterator[dict[str, Org]]:
    """Both processes on one PostgreSQL, each with a broker of its own and a city."""
    [port] = ports.free(1)
    postgres = EmbeddedPostgres(folder / "postgres", port)
    postgres.start()
    try:
        with ExitStack() as stack:
            yield {
                name: Org(stack.enter_context(process(folder, name, issuer, postgres)))
                for name in VARIANTS
            }
    finally:
        postgres.stop()


@contextmanager
def process(
    folder: Path, name: str, issuer: Issuer, postgres: EmbeddedPostgres
) -> Iterator[httpx.Client]:
    """A client of one org process on a new database."""
    url = asyncio.run(_database(postgres.dsn, name))
    migrations.upgrade("services.org.migrations", url=url, deployment=Deployment.PRODUCTION)
    ring = folder / f"{name}-keys.json"
    ring.write_text(sealing.new_ring())
    port, nats_port = ports.free(2)
    nats = EmbeddedNats(folder / f"{name}-nats", nats_port)
    nats.start()
    environment = {
        "UEM_DATABASE_URL": url,
        "UEM_DEPLOYMENT": "production",
        "UEM_EMBEDDED": "true",
        "UEM_NATS_URL": nats.dsn,
        "UEM_TOKEN_ISSUER": ISSUER,
        "UEM_TOKEN_AUDIENCE": AUDIENCE,
        "UEM_JWKS_FILE": str(issuer.jwks_file),
        "UEM_KEYS_FILE": str(ring),
        "UEM_DATA_DIR": str(folder / name),
        "UEM_LOG_LEVEL": "ERROR",
    }
    served = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "services.org.app:create_app",
         "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"],
        env=os.environ | environment | VARIANTS[name],
    )  # fmt: skip
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            client.headers["Authorization"] = f"Bearer {token(issuer, 'op', 'operator')}"
            _put_city(client)
            yield client
    finally:
        served.terminate()
        served.wait(30)
        nats.stop()


def _put_city(client: httpx.Client) -> None:
    city = {"nameZh": "郑州市", "nameEn": "Zhengzhou"}
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        try:
            if client.get("/readyz").status_code == 200:
                client.put(f"/v1/jurisdictions/{CITY}", json=city).raise_for_status()
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit(f"the service was not ready in {START_WITHIN_S:.0f} s")


async def _database(dsn: str, name: str) -> str:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"CREATE DATABASE org_{name}")
    finally:
        await connection.close()
    return dsn.rsplit("/", 1)[0] + f"/org_{name}"


if __name__ == "__main__":
    main()

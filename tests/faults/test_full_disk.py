"""A full disk under PostgreSQL refuses a write whole, shows what is there, and takes it afterwards."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from chassis.policy import EVERYTHING
from tests.databases import Postgres
from tests.faults.disks import Disk, expect_disks
from tests.harness import START, Harness
from tests.services.org import city
from tests.tokens import Issuer
from uem.stack import ports
from uem.stack.postgres import EmbeddedPostgres

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
MEGABYTES = 200  # a cluster with org's database takes 43
MOST_WRITES = 2_000  # of 5 kB of text: more than finds room in pages that are there
OFFICER: dict[str, Any] = {"roles": ["duty_officer"], "org": city.OFFICE, "areas": ["410100"]}
COUNTS = ("log_entry", "outbox", "audit_record", "idempotency")


@asynccontextmanager
async def on(disk: Disk, issuer: Issuer) -> AsyncIterator[Harness]:
    """org, whose database lies on the disk."""
    server = EmbeddedPostgres(disk.folder / "postgres", ports.free(1)[0])
    server.start()
    lender = Postgres(server.dsn)
    try:
        async with Harness.open("org", lender, issuer) as org:
            await city.settle(org)
            yield org
    finally:
        await lender.close()
        server.stop()


async def write(client: httpx.AsyncClient, key: str, words: str) -> httpx.Response:
    entry = {
        "jurisdiction": "410100",
        "kind": "NOTE",
        "text": words,
        "at": START.isoformat(),
    }
    return await client.post("/v1/log-entries", json=entry, headers={"Idempotency-Key": key})


async def rows(org: Harness) -> dict[str, int]:
    async with org.runtime.seen_by(EVERYTHING) as db:
        return {name: await db.scalar(text(f"SELECT count(*) FROM {name}")) for name in COUNTS}


async def test_a_write_on_a_full_disk_is_refused_whole_and_taken_when_there_is_room(
    issuer: Issuer, tmp_path: Path
):
    expect_disks()
    disk = Disk(tmp_path / "small.img", tmp_path / "state", megabytes=MEGABYTES)
    disk.mount()
    try:
        async with on(disk, issuer) as org, org.client(**OFFICER) as officer:
            ballast = await asyncio.to_thread(disk.fill)
            taken = 0
            for number in range(MOST_WRITES):
                words = secrets.token_hex(2_400)
                kept = await rows(org)
                refused = await write(officer, f"key-{number}", words)
                if refused.status_code != 201:
                    break
                taken += 1
            left = await rows(org)
            read = await officer.get("/v1/log-entries?count=true")
            again = await write(officer, f"key-{number}", words)

            ballast.unlink()
            done = await write(officer, f"key-{number}", words)
            repeated = await write(officer, f"key-{number}", words)
            after = await officer.get("/v1/log-entries?count=true")
    finally:
        disk.unmount()

    assert (refused.status_code, refused.json()["slug"]) == (503, "storage-full"), refused.text
    assert refused.headers["Retry-After"]
    assert left == kept
    assert (read.status_code, read.json()["totalCount"]) == (200, taken)
    assert again.json()["slug"] == "storage-full"
    assert done.status_code == 201, done.text
    assert repeated.content == done.content
    assert after.json()["totalCount"] == taken + 1
    sys.stdout.write(f"\ndisk of postgres full: {taken} lines found room, the next was refused\n")

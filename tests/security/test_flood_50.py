"""Abuse case 50: a flood of citizens' reports is turned away, and nobody who answers feels it."""

import asyncio

import pytest

from chassis import rates, telemetry
from chassis.rates import Class, Rate
from tests.services.org import city

REPORT = {
    "source": "12345",
    "jurisdiction": "410100",
    "text": "water",
    "observedAt": "2026-06-01T08:00:00Z",
}


@pytest.fixture
async def org(harness):
    opened = await harness("org")
    await city.settle(opened)
    return opened


async def test_50_a_source_above_its_rate_is_told_when_to_come_again(org, monkeypatch):
    slow = {**rates.RATES, Class.CITIZEN: Rate(0.01, 5)}
    monkeypatch.setattr(rates, "RATES", slow)
    async with (
        org.client(roles=["agency"], org="hotline", subject="hotline-50") as hotline,
        org.client(roles=["duty_officer"], org=city.OFFICE, subject="wang-50") as officer,
    ):
        flood = [await hotline.post("/v1/reports", json=REPORT) for _ in range(8)]
        by_hand = [await officer.post("/v1/reports", json=REPORT) for _ in range(8)]

    assert [one.status_code for one in flood[5:]] == [429] * 3
    assert flood[-1].json()["slug"] == "rate-limited"
    assert int(flood[-1].headers["Retry-After"]) > 60
    assert {one.status_code for one in by_hand} == {201}


async def test_50_reports_wait_while_officers_are_served(org):
    # the flood holds the few places of its class; officers have all others
    async with (
        org.client(roles=["agency"], org="hotline", subject="flood-50") as hotline,
        org.client(roles=["duty_officer"], org=city.OFFICE, subject="li-50") as officer,
    ):
        flood = [asyncio.create_task(hotline.post("/v1/reports", json=REPORT)) for _ in range(120)]
        acted = await asyncio.gather(*(officer.post("/v1/reports", json=REPORT) for _ in range(10)))
        reported = await asyncio.gather(*flood)

    shed = [one for one in reported if one.status_code == 503]
    assert {one.status_code for one in acted} == {201}
    assert shed
    assert {one.json()["slug"] for one in shed} == {"overloaded"}
    assert all("Retry-After" in one.headers for one in shed)
    assert 'requests_shed_total{class="citizen"}' in telemetry.prometheus_text().decode()


async def test_a_pool_without_a_free_connection_is_an_answer_not_a_fault(org, monkeypatch):
    pool = org.runtime.engine.pool
    monkeypatch.setattr(pool, "_timeout", 0.05)
    held = [await org.runtime.engine.connect() for _ in range(pool.size())]
    try:
        async with org.client(roles=["viewer"]) as client:
            answer = await client.get("/v1/organizations")
    finally:
        for one in held:
            await one.close()

    assert (answer.status_code, answer.json()["slug"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"

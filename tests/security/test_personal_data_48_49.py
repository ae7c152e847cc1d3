"""Abuse cases 48 and 49: personal data is found nowhere it may not be, and no answer tells who is known."""

import io
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text

from chassis import logging as structured
from chassis import telemetry
from chassis.clock import Clock
from chassis.policy import EVERYTHING
from services.analytics.app import create_app
from tests.harness import START, Harness
from tests.services.org import city

NAME, PINYIN, PHONE, SPACED = "金丝雀", "Canary-Jin", "13977770001", "139 7777-0001"
OTHER_PHONE = "13977770002"
HOME = (113.6212345, 34.7512345)
TOLD = "canary-free-text at 13977770003"
PERSONAL = (NAME, PINYIN, PHONE, SPACED, OTHER_PHONE, "113.6212345", "34.7512345")
WORDS = ("canary-free-text", "13977770003")


def report(**more: Any) -> dict[str, Any]:
    person = {
        "name": f"{NAME} {PINYIN}",
        "phone": SPACED,
        "place": {"type": "Point", "coordinates": HOME},
    }
    return {
        "source": "hotline-110",
        "emergencyType": "11A02",
        "place": {"type": "Point", "coordinates": HOME},
        "jurisdiction": "410100",
        "text": TOLD,
        "observedAt": START.isoformat(),
        "reporter": person,
    } | more


@pytest.fixture
async def org(harness: Callable[..., Any]) -> Harness:
    opened: Harness = await harness("org")
    await city.settle(opened)
    return opened


@pytest.fixture
async def officer(org: Harness) -> AsyncIterator[httpx.AsyncClient]:
    async with org.client(
        roles=["duty_officer", "commander", "viewer", "operator"], org=city.FLOOD, person="wang"
    ) as client:
        yield client


@pytest.fixture
def logged() -> Any:
    """Everything that is logged, as the service writes it."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(structured.JsonFormatter("org", Clock()))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)  # the attribute alone leaves loggers with what they remember
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """Every span that ends, as a collector would receive it."""
    telemetry.configure("tests", None)
    exporter = InMemorySpanExporter()
    provider = trace.get_tracer_provider()
    assert isinstance(provider, TracerProvider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


async def live_through(officer: httpx.AsyncClient, org: Harness) -> list[str]:
    """Reports of every fate, refusals of every kind; returns the bodies of all refusals."""
    key = {"Idempotency-Key": "canary"}
    first = (await officer.post("/v1/reports", json=report(sourceKey="a-1"), headers=key)).json()
    second = (await officer.post("/v1/reports", json=report())).json()
    third = (await officer.post("/v1/reports", json=report())).json()
    path = f"/v1/reports/{second['id']}"
    refused = [
        await officer.post("/v1/reports", json=report(sourceKey="a-2"), headers=key),
        await officer.post("/v1/reports", json=report(source=f"caller {SPACED}")),
        await officer.post("/v1/reports", json=report(observedAt=NAME)),
        await officer.post("/v1/reports", json=report(reporter={"phone": f"{PHONE}-{NAME}"})),
        await officer.post("/v1/reports", json=report(reporter={"name": NAME, "phone": [PHONE]})),
        await officer.post("/v1/reports", json=report(reporter={"name": NAME, "tel": PHONE})),
        await officer.post("/v1/reports", json=report(reporter={"name": f"{NAME}\0"})),
        await officer.post("/v1/reports", json=report(reporter={"name": NAME * 100})),
        await officer.post("/v1/reports", content=f'{{"reporter": "{PHONE}'.encode()),
        await officer.post(
            f"{path}/reporter/reveal", json={"purpose": PHONE}, headers={"X-Name": PINYIN}
        ),
    ]
    incident = {
        "jurisdiction": "410100",
        "emergencyType": "11A02",
        "title": "flooded underpass",
        "place": {"type": "Point", "coordinates": [113.7, 34.8]},
        "fromReports": [first["id"]],
    }
    declared = (await officer.post("/v1/incidents", json=incident)).json()
    rejection = {"reason": f"{NAME} {PHONE} said it was nothing", "expectedVersion": 1}
    accepted = [
        await officer.post(f"{path}/reject", json=rejection),
        await officer.post(
            f"/v1/reports/{first['id']}/reporter/reveal", json={"purpose": "RESCUE"}
        ),
        await officer.get(f"/v1/reports/{first['id']}/reporter"),
        await officer.post(
            f"/v1/incidents/{declared['id']}/close", json={"expectedVersion": declared["version"]}
        ),
    ]
    assert [one.status_code for one in accepted] == [200] * 4
    assert accepted[1].json()["name"] == f"{NAME} {PINYIN}"
    for one in refused:
        assert 400 <= one.status_code < 500, one.text
    await org.advance(START + timedelta(days=200))
    gone = await officer.get(f"/v1/reports/{third['id']}/reporter")
    assert gone.json()["erasedAt"] is not None
    return [one.text for one in refused]


async def every_row(org: Harness) -> dict[str, list[str]]:
    """Every row of every table of the service's database, as text."""
    async with org.runtime.seen_by(EVERYTHING) as db:
        names = await db.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        )
        return {
            name: list(await db.scalars(text(f'SELECT t::text FROM "{name}" t'))) for name in names
        }


def found(words: tuple[str, ...], where: str) -> list[str]:
    """Which of the words are there, in whatever way JSON or a repr may have written them."""
    plain = where.replace("\\\\", "\\")
    escaped = {one: one.encode("unicode_escape").decode() for one in words}
    as_bytes = {one: one.encode().hex() for one in words}
    return [one for one in words if one in plain or escaped[one] in plain or as_bytes[one] in plain]


async def test_48_no_personal_data_is_in_rows_events_logs_spans_metrics_or_refusals(
    org: Harness, officer: Any, logged: Any, spans: Any
) -> None:
    refusals = await live_through(officer, org)

    rows = await every_row(org)
    digest = (await officer.get("/v1/operator/digest", params={"rows": "true"})).text
    places = {
        **{f"table {name}": "\n".join(lines) for name, lines in rows.items() if name != "report"},
        "events": "\n".join(rows["outbox"]),
        "logs": logged.getvalue(),
        "spans": "\n".join(one.to_json() for one in spans.get_finished_spans()),
        "metrics": (await officer.get("/metrics")).text,
        "refusals": "\n".join(refusals),
        "digest": digest,
    }

    leaks = {name: found(PERSONAL + WORDS, where) for name, where in places.items()}
    kept = leaks.pop("table idempotency")
    assert {name: leak for name, leak in leaks.items() if leak} == {}
    assert set(kept) == {*WORDS, "113.6212345", "34.7512345"}  # the report as it was answered
    # the test would find it: the canaries went in, and every place speaks of the report
    assert rows["reporter"]
    assert len(rows["outbox"]) > 5
    assert "refused" in places["logs"]
    assert "org.receive_report" in places["spans"]
    assert 'slug="person-in-source"' in places["metrics"]
    assert '"report"' in digest


async def test_48_the_log_of_all_events_in_analytics_holds_no_personal_data(
    org: Harness, officer: Any, harness: Callable[..., Any]
) -> None:
    await live_through(officer, org)

    @asynccontextmanager
    async def no_warehouse(_runtime: Any) -> AsyncIterator[Any]:
        yield None  # what is heard is committed to the database first, and is loaded from there

    analytics: Harness = await harness(create_app(no_warehouse))
    said = [one for one in await org.published() if one.aggregate in ("report", "log_entry")]
    for one in said:
        await analytics.deliver(
            msgspec.Raw(msgspec.json.encode(one.body)),
            service="org",
            aggregate=one.aggregate,
            event=one.event,
            id=one.id,
            area="410100",
            version=one.version,
        )

    rows = await every_row(analytics)
    kept = "\n".join(line for lines in rows.values() for line in lines)
    assert said
    assert "rep_" in kept
    assert found(PERSONAL + WORDS, kept) == []


async def test_49_an_answer_is_the_same_whether_the_number_is_known_or_not(officer: Any) -> None:
    await officer.post("/v1/reports", json=report(place=None))
    known = await officer.post("/v1/reports", json=report(place=None))
    unknown = await officer.post(
        "/v1/reports", json=report(place=None, reporter={"name": NAME, "phone": OTHER_PHONE})
    )

    def bare(answer: httpx.Response) -> Any:
        return answer.status_code, answer.json() | {"id": ""}

    assert bare(known) == bare(unknown)
    assert sorted(known.headers) == sorted(unknown.headers)


async def test_49_no_route_takes_a_number_and_tells_of_it(org: Harness) -> None:
    paths = org.app.openapi()["paths"]
    asking = [
        (path, parameter["name"])
        for path, operations in paths.items()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if "phone" in parameter["name"].lower() or "caller" in parameter["name"].lower()
    ]
    schemas = org.app.openapi()["components"]["schemas"]
    bodies = {
        path: operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for path, operations in paths.items()
        for operation in operations.values()
        if "$ref" in str(operation.get("requestBody"))
    }
    with_phone = [
        path
        for path, reference in bodies.items()
        if any("phone" in name for name in schemas[reference.rpartition("/")[2]]["properties"])
    ]

    assert asking == []
    assert with_phone == ["/v1/posts/{post_id}"]  # a post's own; a reporter's is inside the report

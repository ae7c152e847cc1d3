"""Observations over HTTP: each good line once, each bad one told, nothing in between."""

import asyncio
import json

import pytest

from services.analytics import domain, queries, store
from tests.services.analytics.conftest import COLLECTOR, minutes_after
from vocabulary import Mode

NDJSON = {"Content-Type": "application/x-ndjson"}
STATION = {
    "name": "Erqi square",
    "place": {"longitude": 113.64, "latitude": 34.72},
    "jurisdiction": "410103",
    "metrics": ["rain_mm"],
    "intervalSeconds": 300,
}


@pytest.fixture
async def collector(analytics):
    async with analytics.client(roles=COLLECTOR) as client:
        for station in ("s1", "s2"):
            assert (await client.put(f"/v1/stations/{station}", json=STATION)).status_code == 200
        yield client


async def post(client, body):
    answer = await client.post("/v1/observations", content=body, headers=NDJSON)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def stored(analytics, warehouse):
    await analytics.app.state.desk.warehouse()
    return await warehouse.query(
        "SELECT source, metric, value, unit, mode FROM observation ORDER BY source, observed_at"
    )


async def test_good_lines_are_taken_and_bad_ones_named_by_their_number(
    analytics, collector, warehouse, lines
):
    body = "\n".join(
        [
            lines(("s1", 0, 1.5)),
            "{",
            "",
            lines(("s9", 0, 1.5)),
            lines(("s1", 5, 2.5), unit="cm"),
            "x" * 5000,
            lines(("s1", 0, 1.5)),
            lines(("s1", 0, 1.6)),
            lines(("s1", 3, 1.0)),
        ]
    )

    receipt = await post(collector, body)

    assert (receipt["accepted"], receipt["duplicates"]) == (1, 1)
    assert [(one["line"], one["code"]) for one in receipt["rejected"]] == [
        (2, "LINE_NOT_JSON"),
        (4, "STATION_UNKNOWN"),
        (5, "OBSERVED_IN_FUTURE"),
        (6, "LINE_TOO_LONG"),
        (8, "OBSERVATION_CONFLICT"),
        (9, "OBSERVED_IN_FUTURE"),
    ]
    assert await stored(analytics, warehouse) == [
        {"source": "s1", "metric": "rain_mm", "value": 1.5, "unit": "mm", "mode": "REAL"}
    ]


async def test_the_same_request_sent_again_changes_nothing(analytics, collector, warehouse, lines):
    body = lines(*(("s1", -5 * step, 1.0) for step in range(20)))

    first = await post(collector, body)
    said = await analytics.published()
    again = await post(collector, body)

    assert (first["accepted"], first["duplicates"]) == (20, 0)
    assert (again["accepted"], again["duplicates"]) == (0, 20)
    assert await analytics.published() == said
    assert len(await stored(analytics, warehouse)) == 20


async def test_the_same_sample_in_another_unit_is_the_same_sample(collector, lines):
    await post(collector, lines(("s1", 0, 12.0)))

    assert await post(collector, lines(("s1", 0, 1.2), unit="cm")) == {
        "accepted": 0, "duplicates": 1, "rejected": [],
    }  # fmt: skip


async def test_a_sample_that_contradicts_a_taken_one_is_refused(
    analytics, collector, warehouse, lines
):
    await post(collector, lines(("s1", 0, 12.0)))

    receipt = await post(collector, lines(("s1", 0, 13.0)))

    assert [one["code"] for one in receipt["rejected"]] == ["OBSERVATION_CONFLICT"]
    assert [row["value"] for row in await stored(analytics, warehouse)] == [12.0]


async def test_requests_at_the_same_time_with_the_same_samples_take_each_once(
    analytics, collector, warehouse, lines
):
    samples = [("s1", -5 * step, float(step)) for step in range(30)]
    bodies = [lines(*samples[offset:], *samples[:offset]) for offset in (0, 10, 20, 29)]

    receipts = await asyncio.gather(*(post(collector, body) for body in bodies))

    assert sum(receipt["accepted"] for receipt in receipts) == 30
    assert sum(receipt["duplicates"] for receipt in receipts) == 90
    assert len(await stored(analytics, warehouse)) == 30


async def test_an_exercise_has_samples_of_its_own(analytics, collector, warehouse, lines):
    await post(collector, lines(("s1", 0, 2.0)))
    await post(collector, lines(("s1", 0, 90.0), mode="EXERCISE"))

    readings = await analytics.read(queries.present_readings, ["410103"], mode=Mode.REAL)
    subjects = {
        said.subject.split(".")[0] for said in await analytics.published("indicator.changed")
    }

    assert [row["mode"] for row in await stored(analytics, warehouse)].count("EXERCISE") == 1
    assert {one.value for one in readings["410103"]} == {2.0}
    assert subjects == {"uem", "uemx"}


async def test_a_place_is_located_by_the_copies_of_jurisdictions(analytics, collector, lines):
    ring = [[113.0, 34.0], [114.0, 34.0], [114.0, 35.0], [113.0, 35.0], [113.0, 34.0]]
    copy = domain.Jurisdiction(
        code="410103", name_zh="二七区", name_en="Erqi",
        boundary_geojson=json.dumps({"type": "Polygon", "coordinates": [ring]}),
    )  # fmt: skip
    report = {
        "place": {"longitude": 113.6, "latitude": 34.7}, "metric": "road_water_depth_cm",
        "value": 0.5, "unit": "m", "observedAt": minutes_after(0), "observationId": "call-1",
    }  # fmt: skip

    unknown = await post(collector, json.dumps(report))
    await analytics.run(lambda uow: store.put_jurisdiction(uow.db, copy, version=1))
    known = await post(collector, json.dumps(report))

    assert [one["code"] for one in unknown["rejected"]] == ["PLACE_OUTSIDE_JURISDICTIONS"]
    assert known["accepted"] == 1
    said = await analytics.published("indicator.changed")
    assert {(one.id, one.body["reading"]["value"]) for one in said} == {
        ("road_water_depth_cm-410103", 50.0),
        ("road_water_depth_cm-410100", 50.0),
        ("road_water_depth_cm-410000", 50.0),
    }


@pytest.mark.parametrize(
    ("content", "headers", "status", "slug"),
    [
        (b"{}", {"Content-Type": "application/json"}, 422, "not-ndjson"),
        (b"\n \n", NDJSON, 422, "not-ndjson"),
        (b"{}\n" * 10_001, NDJSON, 413, "too-many-lines"),
        (b"x" * (4 * 1024 * 1024 + 1), NDJSON, 413, "too-large"),
    ],
)
async def test_a_body_that_is_too_much_or_something_else_is_refused_whole(
    collector, content, headers, status, slug
):
    answer = await collector.post("/v1/observations", content=content, headers=headers)

    assert (answer.status_code, answer.json()["slug"]) == (status, slug)


async def test_only_a_collector_may_send(analytics, lines):
    async with analytics.client(roles=("viewer",)) as viewer:
        answer = await viewer.post(
            "/v1/observations", content=lines(("s1", 0, 1.0)), headers=NDJSON
        )

    assert answer.status_code == 403


async def test_a_key_repeated_with_the_same_body_gives_the_first_answer(collector, lines):
    headers = {**NDJSON, "Idempotency-Key": "k-1"}
    body = lines(("s1", 0, 1.0))

    first = await collector.post("/v1/observations", content=body, headers=headers)
    again = await collector.post("/v1/observations", content=body, headers=headers)

    assert first.json() == again.json() == {"accepted": 1, "duplicates": 0, "rejected": []}


async def test_a_station_is_registered_changed_and_listed(analytics, collector):
    changed = {**STATION, "name": "Erqi tower", "expectedVersion": 1}

    answer = await collector.put("/v1/stations/s1", json=changed)
    stale = await collector.put("/v1/stations/s1", json=changed)
    listed = await collector.get("/v1/stations", params={"jurisdiction": "410103", "first": 1})
    rest = await collector.get("/v1/stations", params={"after": listed.json()["endCursor"]})

    assert answer.json() == {
        "id": "s1", "version": 2, "name": "Erqi tower", "place": STATION["place"],
        "jurisdiction": "410103", "metrics": ["rain_mm"], "intervalSeconds": 300.0,
    }  # fmt: skip
    assert (stale.status_code, stale.json()["slug"]) == (409, "version-conflict")
    assert [node["id"] for node in listed.json()["nodes"]] == ["s1"]
    assert listed.json()["hasNextPage"] is True
    assert [node["id"] for node in rest.json()["nodes"]] == ["s2"]
    assert (await collector.get("/v1/stations/s1")).json()["name"] == "Erqi tower"
    assert (await collector.get("/v1/stations/none")).json()["slug"] == "station-not-found"


@pytest.mark.parametrize(
    "changes",
    [{"metrics": ["rain"]}, {"metrics": []}, {"intervalSeconds": 0}, {"jurisdiction": "41010"}],
)
async def test_a_station_that_could_not_be_used_is_refused(collector, changes):
    answer = await collector.put("/v1/stations/s3", json={**STATION, **changes})

    assert answer.status_code == 422

"""Indicators over the whole service: told once, told in time, right in whatever order samples come."""

import asyncio
import random
from datetime import datetime, timedelta

import pytest

from chassis.paging import PageRequest
from contracts.plans import v1 as plans
from services.analytics import commands, domain, handlers, queries, store
from tests.harness import START
from tests.services.analytics.conftest import COLLECTS, minutes_after
from vocabulary import Mode, Place

MINUTE = timedelta(minutes=1)


def station(name, jurisdiction="410103", metrics=("rain_mm",), minutes=5):
    return domain.Station(
        id=domain.StationId(name),
        version=0,
        name=name,
        place=Place(113.6, 34.7),
        jurisdiction=jurisdiction,
        metrics=metrics,
        interval=timedelta(minutes=minutes),
    )


def plan(*thresholds, version="1"):
    return plans.PlanState(
        plan=plans.Plan(
            id="flood-410100", version=version, title_zh="防汛", title_en="Flood", kind="SPECIAL",
            jurisdiction="410100",
            thresholds=tuple(
                plans.WatchedThreshold(
                    indicator=indicator, comparison=">=", value=value, jurisdiction="410100"
                )
                for indicator, value in thresholds
            ),
        )
    )  # fmt: skip


@pytest.fixture
async def city(analytics):
    for name, home in (("s1", "410103"), ("s2", "410105")):
        await analytics.run(
            commands.register_station, station(name, home), expected_version=None, caller=COLLECTS
        )
    return analytics


async def take(service, body):
    numbered = list(enumerate(body.encode().split(b"\n"), start=1))
    receipt = await service.run(commands.take_observations, numbered, caller=COLLECTS)
    assert receipt.rejected == ()
    return receipt


async def told(service, indicator="rain_3h_mm", area="410100"):
    """(minutes after the start, value, crossed) of every change told."""
    return [
        (
            round((datetime.fromisoformat(said.body["reading"]["asOf"]) - START) / MINUTE),
            said.body["reading"].get("value"),
            said.body.get("crossed", []),
        )
        for said in await service.published("indicator.changed")
        if said.id == f"{indicator}-{area}"
    ]


async def present(service, area, mode=Mode.REAL):
    found = await service.read(queries.present_readings, [area], mode=mode)
    return {one.indicator: (one.value, one.quality) for one in found[area]}


async def test_a_sample_counts_in_its_division_and_every_ancestor(city, lines):
    await take(city, lines(("s1", 0, 4.0), ("s2", 0, 9.0)))

    assert (await present(city, "410103"))["rain_1h_mm"] == (4.0, 1 / 12)
    assert (await present(city, "410105"))["rain_1h_mm"] == (9.0, 1 / 12)
    assert (await present(city, "410100"))["rain_1h_mm"] == (9.0, 2 / 24)
    assert (await present(city, "410000"))["rain_24h_mm"][0] == 9.0


async def test_a_watched_limit_is_told_at_once_and_others_wait_for_the_interval(city, lines):
    await city.deliver(
        plan(("rain_3h_mm", 50.0)), service="plans", aggregate="plan", event="state",
        id="flood-410100", area="410100", state=True,
    )  # fmt: skip

    for minute, amount in ((-4, 20.0), (-3, 20.0), (-2, 20.0), (-1, 1.0), (0, 20.0)):
        await take(city, lines(("s1", minute, amount)))

    assert await told(city) == [(-4, 20.0, []), (-2, 60.0, [50.0])]
    await city.advance(START + 3 * MINUTE)
    assert (await told(city))[2:] == [(0, 81.0, [])]


async def test_a_newer_plan_version_replaces_the_limits_and_an_older_one_does_not(city, lines):
    about = {
        "service": "plans", "aggregate": "plan", "event": "state", "id": "flood-410100",
        "area": "410100", "state": True,
    }  # fmt: skip
    for limit, version in ((30.0, 2), (20.0, 1), (30.0, 2)):
        await city.deliver(plan(("rain_3h_mm", limit)), version=version, **about)

    await take(city, lines(("s1", -2, 10.0)))
    await take(city, lines(("s1", -1, 15.0)))
    await take(city, lines(("s1", 0, 5.0)))

    assert await told(city) == [(-2, 10.0, []), (0, 30.0, [30.0])]


async def test_when_samples_stop_the_indicator_is_told_unknown_not_zero(city, lines):
    await take(city, lines(("s1", 0, 80.0)))

    await city.advance(START + timedelta(hours=4))

    assert await told(city) == [(0, 80.0, []), (90, None, [])]
    assert (await present(city, "410100"))["rain_3h_mm"] == (None, 0.0)


async def test_an_indicator_comes_back_when_samples_do(city, lines):
    await take(city, lines(("s1", 0, 80.0)))
    await city.advance(START + timedelta(hours=4))
    await take(city, lines(("s1", 240, 0.0)))

    assert (await told(city))[2:] == [(240, 0.0, [])]
    await city.advance(START + timedelta(hours=8))
    assert (await told(city))[3:] == [(330, None, [])]


async def test_a_late_sample_corrects_what_was_told_and_the_newest_is_told_last(city, lines):
    await city.deliver(
        plan(("rain_1h_mm", 50.0)), service="plans", aggregate="plan", event="state",
        id="flood-410100", area="410100", state=True,
    )  # fmt: skip
    await take(city, lines(("s1", -120, 30.0)))
    await take(city, lines(("s1", 0, 5.0)))
    before = len(await told(city, "rain_1h_mm"))

    await take(city, lines(("s1", -125, 40.0)))

    assert (await told(city, "rain_1h_mm"))[before:] == [(-120, 70.0, [50.0]), (0, 5.0, [])]
    page = await city.read(
        queries.readings,
        PageRequest(first=10),
        jurisdiction="410100",
        indicator="rain_1h_mm",
        mode=Mode.REAL,
    )
    assert [(one.value, one.revision) for one in page.nodes] == [(5.0, 0), (70.0, 1)]


async def test_a_sample_later_than_the_rule_allows_rewrites_nothing_told(city, lines):
    await take(city, lines(("s1", -1500, 30.0)))
    await take(city, lines(("s1", 0, 5.0)))
    before = await told(city, "rain_1h_mm")

    await take(city, lines(("s1", -1501, 40.0)))

    assert await told(city, "rain_1h_mm") == before


async def test_a_backlog_in_one_request_is_told_through_its_peak(city, lines):
    await city.deliver(
        plan(("rain_1h_mm", 100.0)), service="plans", aggregate="plan", event="state",
        id="flood-410100", area="410100", state=True,
    )  # fmt: skip
    backlog = [
        ("s1", minute, 30.0 if -240 <= minute < -200 else 0.0) for minute in range(-300, 1, 5)
    ]

    await take(city, lines(*backlog))

    assert await told(city, "rain_1h_mm") == [
        (-225, 120.0, [100.0]),
        (-160, 90.0, [100.0]),
        (-145, 0.0, []),
    ]
    page = await city.read(
        queries.readings,
        PageRequest(first=100),
        jurisdiction="410100",
        indicator="rain_1h_mm",
        mode=Mode.REAL,
    )
    assert max(one.value for one in page.nodes) == 240.0


@pytest.mark.parametrize("seed", range(4))
async def test_the_order_of_arrival_leaves_no_trace(city, lines, seed):
    chance = random.Random(seed)
    samples = [
        (name, minute, float(chance.randint(0, 9)))
        for name in ("s1", "s2")
        for minute in range(-400, 1, 25)
    ]
    chance.shuffle(samples)

    while samples:
        size = chance.randint(1, 6)
        await take(city, lines(*samples[:size]))
        del samples[:size]
    shuffled = {area: await present(city, area) for area in ("410103", "410105", "410100")}

    expected = {area: await by_hand(city, area) for area in shuffled}
    assert shuffled == expected


async def by_hand(service, area):
    """The readings of an area at its newest instant, made of all its samples at once."""
    rules = store.indicator_rules()[0].by_metric("rain_mm")
    homes = {"s1": "410103", "s2": "410105"}
    long_ago = START - timedelta(days=9)
    async with service.runtime.reading.connect() as db:
        samples = await store.samples(
            db, mode=Mode.REAL, metric="rain_mm", sources=homes, after=long_ago
        )
        stations = await store.stations_measuring(db, "rain_mm")
    tracks = {
        rule.indicator: {
            name: domain.track(name, found, rule, at=()) for name, found in samples.items()
        }
        for rule in rules
    }
    scene = domain.scene(area, rules, mode=Mode.REAL, homes=homes, tracks=tracks, stations=stations)
    newest = max(one.as_of for track in scene.tracks["rain_1h_mm"] for one in track)
    made = {rule.indicator: scene.reading(rule, at=newest) for rule in rules}
    return {name: (one.value, one.quality) for name, one in made.items()}


async def test_series_give_every_instant_as_last_corrected(city, warehouse, lines):
    await take(city, lines(("s1", -60, 10.0)))
    await take(city, lines(("s1", -30, 10.0)))
    await take(city, lines(("s1", -62, 7.0)))

    async with city.client() as client:
        answer = await client.post(
            "/v1/batch/series",
            json={
                "keys": ["410103", "410199"],
                "fields": ["asOf", "value"],
                "args": {
                    "indicator": "rain_3h_mm", "since": minutes_after(-90), "until": minutes_after(1),
                },
            },
        )  # fmt: skip

    assert answer.json() == {
        "410103": [
            {"asOf": minutes_after(-60).replace("+00:00", "Z"), "value": 17.0},
            {"asOf": minutes_after(-30).replace("+00:00", "Z"), "value": 27.0},
        ],
        "410199": [],
    }


async def test_present_readings_are_read_in_one_batch(city, lines):
    await take(city, lines(("s1", 0, 10.0)))

    async with city.client() as client:
        answer = await client.post(
            "/v1/batch/readings",
            json={"keys": ["410103", "410199"], "fields": ["indicator", "value"]},
        )
        wrong = await client.post(
            "/v1/batch/readings", json={"keys": ["410103"], "args": {"mode": "DRILL"}}
        )

    assert [one["value"] for one in answer.json()["410103"]] == [10.0] * 5
    assert answer.json()["410199"] == []
    assert wrong.status_code == 422


async def test_stations_heard_at_the_same_time_all_count(city, lines):
    names = [f"p{index}" for index in range(8)]
    for name in names:
        await city.run(
            commands.register_station, station(name), expected_version=None, caller=COLLECTS
        )

    await asyncio.gather(
        *(take(city, lines((name, 0, 1.0 + index))) for index, name in enumerate(names))
    )

    assert (await present(city, "410100"))["rain_1h_mm"] == (8.0, 8 / (10 * 12))


async def test_a_timer_that_fires_twice_tells_nothing_twice(city, lines):
    await take(city, lines(("s1", -1, 20.0)))
    await take(city, lines(("s1", 0, 20.0)))
    await city.advance(START + timedelta(hours=3))
    said = await city.published()

    for area in ("410103", "410100"):
        payload = {"mode": "REAL", "metric": "rain_mm", "jurisdiction": area}
        await city.run(handlers.TIMERS["tell_pending"], payload)
        await city.run(handlers.TIMERS["note_silence"], payload)

    assert await city.published() == said


async def test_a_correction_that_crosses_nothing_is_recorded_and_not_said(city, lines):
    await take(city, lines(("s1", -120, 30.0)))
    await take(city, lines(("s1", 0, 5.0)))
    before = await told(city, "rain_1h_mm")

    await take(city, lines(("s1", -125, 40.0)))

    assert await told(city, "rain_1h_mm") == before
    page = await city.read(
        queries.readings,
        PageRequest(first=10),
        jurisdiction="410100",
        indicator="rain_1h_mm",
        mode=Mode.REAL,
    )
    assert [(one.value, one.revision) for one in page.nodes] == [(5.0, 0), (70.0, 1)]

"""Who may do what in analytics: collectors at home, counts of one's own areas, the operator's log."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from chassis.policy import VIEW, Grant, Target
from chassis.tables.audit import RECORD
from chassis.unit_of_work import Caller
from contracts.org import v1 as org
from services.analytics import domain, queries
from services.analytics.store import put_items
from services.analytics.store.tables import SITUATION_ITEM
from tests.harness import START
from tests.services.analytics.conftest import minutes_after
from tests.services.analytics.test_event_log import hear, incident
from vocabulary import Mode

NDJSON = {"Content-Type": "application/x-ndjson"}
AREAS = ("410000", "410100", "410103", "420000")
PROVINCES = ("410000", "420000")
PLACE = {"longitude": 113.64, "latitude": 34.72}
HOME, FAR = "410100", "420000"

grants = st.builds(
    Grant,
    role=st.sampled_from(["viewer", "sealed_reader"]),
    area=st.sampled_from((*AREAS, "000000", "")),
    organization=st.none() | st.just("org_a"),
)


def station(area, **stated):
    return {
        "name": "a station",
        "place": PLACE,
        "jurisdiction": area,
        "metrics": ["rain_mm"],
        "intervalSeconds": 300,
    } | stated


def sample(name, value=1.0):
    return json.dumps(
        {"station": name, "metric": "rain_mm", "value": value, "unit": "mm",
         "observedAt": minutes_after(0)}
    )  # fmt: skip


async def recorded(analytics):
    statement = select(RECORD.c.subject, RECORD.c.action, RECORD.c.decision)
    rows = await analytics.read(lambda db: db.execute(statement))
    return sorted(tuple(row) for row in rows)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    grants=st.lists(grants, max_size=3),
    cases=st.lists(st.tuples(st.sampled_from(AREAS), st.booleans()), min_size=1, max_size=5),
    order=st.permutations(list(domain.Counted)),
)
async def test_the_situation_counts_what_cedar_lets_the_caller_view(
    analytics, grants, cases, order
):
    caller = Caller(subject="ali", grants=tuple(grants))
    await analytics.run(counted, cases, order)
    policy, now = analytics.runtime.policy, analytics.clock.now()
    seen = [
        area
        for area, sealed in cases
        if policy.decide(
            caller,
            VIEW,
            Target(kind="situation_item", id="inc", area=area, sealed=sealed),
            now=now,
        ).allowed
    ]

    async with analytics.runtime.seen_by(policy.scope(caller, now=now)) as db:
        shown = await queries.situations(db, PROVINCES, mode=Mode.REAL, now=START)
        unfiltered = list(await db.scalars(select(SITUATION_ITEM.c.jurisdiction)))

    assert sum(one.open_incidents for one in shown.values()) == len(seen)
    assert sum(one.reports_last_hour for one in shown.values()) == len(seen)
    assert sum(one.unmet_needs for one in shown.values()) == len(seen)
    assert sorted(unfiltered) == sorted(seen * 3)  # row security alone


async def counted(uow, cases, order):
    """An incident, a report of it and an unmet need of it each case, in whatever order of kinds."""
    await uow.db.execute(delete(SITUATION_ITEM))
    for kind in order:
        is_incident = kind is domain.Counted.INCIDENT
        items = [
            domain.SituationItem(
                kind=kind,
                id=f"inc_{number}" if is_incident else f"{kind}_{number}",
                jurisdiction=area,
                mode=Mode.REAL,
                version=1,
                open=True,
                sealed=sealed and is_incident,
                at=START,
                incident_id=None if is_incident else f"inc_{number}",
            )
            for number, (area, sealed) in enumerate(cases)
        ]
        await put_items(uow.db, items)


async def test_a_station_is_registered_by_who_collects_or_operates_where_it_stands(analytics):
    answers = {}
    for role, area in (("collector", FAR), ("viewer", HOME), ("collector", HOME)):
        async with analytics.client(roles=[role], areas=[area], subject=f"{role}-{area}") as one:
            answers[role, area] = await one.put("/v1/stations/s1", json=station("410103"))
    async with analytics.client(roles=["operator"], areas=[FAR], subject="thief") as one:
        taken = await one.put("/v1/stations/s1", json=station(FAR, expectedVersion=1))

    assert {key: answer.status_code for key, answer in answers.items()} == {
        ("collector", FAR): 403,
        ("viewer", HOME): 403,
        ("collector", HOME): 200,
    }
    assert (taken.status_code, taken.json()["slug"]) == (403, "not-permitted")
    assert taken.json()["grantableBy"] == "who runs the system for that area"
    assert await recorded(analytics) == [
        ("collector-410100", "register_station", "PERMITTED"),
        ("collector-420000", "register_station", "REFUSED"),
        ("thief", "register_station", "REFUSED"),
        ("viewer-410100", "register_station", "REFUSED"),
    ]


async def test_what_was_measured_elsewhere_is_refused_line_by_line(analytics):
    async with analytics.client(roles=["operator"]) as one:
        await one.put("/v1/stations/near", json=station("410103"))
        await one.put("/v1/stations/far", json=station(FAR))
    lines = "\n".join([sample("far"), sample("near"), sample("none")])

    async with analytics.client(roles=["collector"], areas=[HOME], subject="rain") as collector:
        answer = await collector.post("/v1/observations", content=lines, headers=NDJSON)
    async with analytics.client(roles=["viewer"], subject="eve") as viewer:
        refused = await viewer.post("/v1/observations", content=lines, headers=NDJSON)

    receipt = answer.json()
    assert (receipt["accepted"], receipt["duplicates"]) == (1, 0)
    assert [(one["line"], one["code"]) for one in receipt["rejected"]] == [
        (1, "NOT_PERMITTED"),
        (3, "STATION_UNKNOWN"),
    ]
    assert (refused.status_code, refused.json()["action"]) == (403, "send_observations")
    sent = [row for row in await recorded(analytics) if row[1] == "send_observations"]
    assert sent == [
        ("eve", "send_observations", "REFUSED"),
        ("rain", "send_observations", "PERMITTED"),
    ]


async def test_the_log_is_the_operators_where_the_operator_is_one(analytics):
    told = org.IncidentDeclared(incident=incident())
    await hear(analytics, told, "org.incident.declared", id="inc_1")
    shown = {}
    for role, areas in (
        ("viewer", ["000000"]),
        ("operator", [FAR]),
        ("operator", [FAR, HOME]),
    ):
        async with analytics.client(roles=[role, "viewer"], areas=areas) as one:
            events = await one.get("/v1/events", params={"count": True})
            links = await one.get("/v1/links")
        assert links.status_code == events.status_code
        page = events.json()
        shown[role, len(areas)] = (events.status_code, page.get("totalCount"))

    assert shown == {
        ("viewer", 1): (403, None),
        ("operator", 1): (200, 0),
        ("operator", 2): (200, 1),
    }

"""The log of all events: each once, in order; hand-offs with business and machine time apart."""

from datetime import timedelta

import pytest

from chassis.paging import CursorInvalid, PageRequest
from contracts.guarantee import v1 as guarantee
from contracts.org import v1 as org
from services.analytics import domain, handlers, queries
from services.analytics.store import counting_items
from tests.harness import START
from vocabulary import Mode

SECOND = timedelta(seconds=1)


def incident(status="DECLARED", *, sealed=False):
    return org.Incident(
        id="inc_1", number="410100-20210720-001", mode=Mode.REAL, title="Waterlogging",
        emergency_type="11A02", status=status, jurisdiction="410103", declared_at=START,
        sealed=sealed,
    )  # fmt: skip


def requirement(status, incident_id=None):
    return guarantee.Requirement(
        id="req_1", activation_id="act_1", capability="pump", quantity=3, met_quantity=1,
        unit="1", status=status, mode=Mode.REAL, jurisdiction="410100", incident_id=incident_id,
    )  # fmt: skip


def known_report(incident_id):
    return org.IntakeReport(
        id="rep_1", status="VERIFIED", jurisdiction="410103", source="hotline-110",
        observed_at=START, received_at=START, incident_id=incident_id, mode=Mode.REAL,
    )  # fmt: skip


async def hear(service, body, what, **about):
    owner, aggregate, event = what.split(".")
    about = {"id": "x", "area": "410103", "version": 1} | about
    return await service.deliver(body, service=owner, aggregate=aggregate, event=event, **about)


async def logged(analytics, first=100, after=None, **filters):
    warehouse = await analytics.app.state.desk.warehouse()
    wanted = {"areas": [""], "correlation": None, "service": None, "mode": Mode.REAL} | filters
    return await queries.events(warehouse, PageRequest(first=first, after=after), **wanted)


@pytest.fixture
async def told(analytics):
    """A declared incident and what guarantee did because of it, two seconds of business later."""
    declared = analytics.event(
        org.IncidentDeclared(incident=incident()), service="org", aggregate="incident",
        event="declared", id="inc_1", area="410103", correlation_id="cor_1",
    )  # fmt: skip
    await analytics.deliver(declared)
    raised = analytics.event(
        guarantee.RequirementUnmet(requirement=requirement("UNMET")), service="guarantee",
        aggregate="requirement", event="unmet", id="req_1", area="410100", correlation_id="cor_1",
        cause_id=declared.event_id, time=START + 2 * SECOND,
    )  # fmt: skip
    await analytics.deliver(raised)
    return declared, raised


async def test_events_stand_in_the_log_in_the_order_in_which_they_were_heard(analytics, told):
    declared, raised = told

    page = await logged(analytics)

    assert [(one.seq, one.event_id) for one in page.nodes] == [
        (1, declared.event_id), (2, raised.event_id),
    ]  # fmt: skip
    assert page.nodes[1].causation_id == declared.event_id
    assert bytes(page.nodes[0].payload) == declared.delivery().payload


async def test_an_event_delivered_twice_stands_in_the_log_once(analytics, told):
    for event in (*told, *reversed(told)):
        await analytics.deliver(event)

    assert [one.seq for one in (await logged(analytics)).nodes] == [1, 2]


async def test_the_log_is_read_page_by_page_and_by_correlation(analytics, told):
    await hear(
        analytics,
        org.IncidentClosed(incident=incident("CLOSED")),
        "org.incident.closed",
        id="inc_2",
    )

    first = await logged(analytics, first=2)
    rest = await logged(analytics, first=2, after=first.end_cursor)
    related = await logged(analytics, correlation="cor_1")

    assert (first.has_next_page, len(first.nodes)) == (True, 2)
    assert [one.id for one in rest.nodes] == ["inc_2"]
    assert rest.has_next_page is False
    assert [one.id for one in related.nodes] == ["inc_1", "req_1"]
    assert [one.id for one in (await logged(analytics, service="guarantee")).nodes] == ["req_1"]
    with pytest.raises(CursorInvalid):
        await logged(analytics, after="nonsense")


async def test_an_exercise_is_in_the_log_only_for_those_who_ask(analytics, told):
    await hear(
        analytics, org.IncidentDeclared(incident=incident()), "org.incident.declared",
        id="inc_9", mode="EXERCISE",
    )  # fmt: skip

    assert [one.id for one in (await logged(analytics)).nodes] == ["inc_1", "req_1"]
    assert [one.id for one in (await logged(analytics, mode=Mode.EXERCISE)).nodes] == ["inc_9"]


async def test_a_hand_off_has_its_business_time_and_its_machine_time(analytics, told):
    async with analytics.client(roles=["operator"]) as client:
        links = (await client.get("/v1/links", params={"correlation": "cor_1"})).json()["nodes"]

    (link,) = links
    assert (link["from"], link["to"], link["event"], link["effect"], link["count"]) == (
        "org", "guarantee", "incident.declared", "requirement.unmet", 1,
    )  # fmt: skip
    assert link["businessP50Ms"] == link["businessP99Ms"] == 2000.0
    assert 0 < link["machineP50Ms"] < 60_000


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_hand_off_is_found_in_whichever_order_its_ends_are_heard(analytics, order):
    cause = analytics.event(
        org.IncidentDeclared(incident=incident()), service="org", aggregate="incident",
        event="declared", id="inc_1", area="410103",
    )  # fmt: skip
    effect = analytics.event(
        guarantee.RequirementUnmet(requirement=requirement("UNMET")), service="guarantee",
        aggregate="requirement", event="unmet", id="req_1", area="410100", cause_id=cause.event_id,
    )  # fmt: skip

    for index in order:
        await analytics.deliver((cause, effect)[index])

    found = await queries.links(
        await analytics.app.state.desk.warehouse(),
        areas=[""],
        mode=Mode.REAL,
        since=None,
        correlation=None,
    )
    assert [(one.source, one.target, one.count) for one in found] == [("org", "guarantee", 1)]


async def test_hand_offs_can_be_asked_since_an_instant(analytics, told):
    async with analytics.client(roles=["operator"]) as client:
        found = [
            (await client.get("/v1/links", params={"since": since.isoformat()})).json()["nodes"]
            for since in (START + 2 * SECOND, START + 3 * SECOND)
        ]

    assert [len(nodes) for nodes in found] == [1, 0]


async def test_the_log_says_how_many_there_are_when_asked(analytics, told):
    async with analytics.client(roles=["operator"]) as client:
        page = (await client.get("/v1/events", params={"first": 1, "count": True})).json()
        plain = (await client.get("/v1/events", params={"first": 1})).json()

    assert (page["totalCount"], plain["totalCount"]) == (2, None)
    assert page["nodes"][0]["payload"]["incident"]["id"] == "inc_1"


async def situation(service, area, at=START, roles=("viewer",)):
    service.clock.set(at)
    async with service.client(roles=list(roles)) as client:
        answer = await client.post("/v1/batch/situations", json={"keys": [area, "419999"]})
    return answer.json()[area]


def report(index):
    return org.ReportReceived(
        report=org.IntakeReport(
            id=f"rep_{index}", status="RECEIVED", jurisdiction="410103", source="12345",
            observed_at=START, received_at=START, mode=Mode.REAL,
        )
    )  # fmt: skip


async def test_the_situation_counts_what_is_open_within_the_division(analytics, told):
    for index in range(3):
        await hear(analytics, report(index), "org.report.received", id=f"rep_{index}")

    assert await situation(analytics, "410100") == {
        "jurisdiction": "410100", "asOf": START.isoformat().replace("+00:00", "Z"),
        "openIncidents": 1, "reportsLastHour": 3, "unmetNeeds": 1,
    }  # fmt: skip
    assert (await situation(analytics, "410103"))["unmetNeeds"] == 0
    assert (await situation(analytics, "410100", at=START + timedelta(hours=1)))[
        "reportsLastHour"
    ] == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0, 1), (1, 0, 0)])
async def test_an_item_stands_as_its_newest_event_says_in_whatever_order(analytics, order):
    events = [
        ("org.incident.declared", org.IncidentDeclared(incident=incident()), 1),
        ("org.incident.closed", org.IncidentClosed(incident=incident("CLOSED")), 2),
    ]
    made = [
        analytics.event(
            body, service="org", aggregate="incident", event=name.split(".")[2], id="inc_1",
            area="410103", version=version,
        )
        for name, body, version in events
    ]  # fmt: skip

    for index in order:
        await analytics.deliver(made[index])

    assert await analytics.read(counting_items, mode="REAL", reports_since=START) == []
    assert {one.event for one in (await logged(analytics)).nodes} == {"declared", "closed"}


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (0, 1, 1, 0, 2, 3), (2, 0, 3, 1)])
async def test_a_sealed_incident_and_what_belongs_to_it_count_for_the_cleared_alone(
    analytics, order
):
    unmet = guarantee.RequirementUnmet(requirement=requirement("UNMET", "inc_1"))
    events = [
        ("org.incident.declared", org.IncidentDeclared(incident=incident()), "inc_1", 1),
        ("org.incident.sealed", org.IncidentSealed(incident=incident(sealed=True)), "inc_1", 2),
        ("org.report.verified", org.ReportVerified(report=known_report("inc_1")), "rep_1", 1),
        ("guarantee.requirement.unmet", unmet, "req_1", 1),
    ]
    made = []
    for name, body, id, version in events:
        service, aggregate, event = name.split(".")
        about = {"service": service, "aggregate": aggregate, "event": event, "id": id}
        made.append(analytics.event(body, **about, area="410103", version=version))

    for index in order:
        await analytics.deliver(made[index])

    counted = ("openIncidents", "reportsLastHour", "unmetNeeds")
    cleared = await situation(analytics, "410103", roles=("viewer", "sealed_reader"))
    hidden = await situation(analytics, "410103")
    assert [cleared[one] for one in counted] == [1, 1, 1]
    assert [hidden[one] for one in counted] == [0, 0, 0]


async def test_a_need_is_unmet_until_it_is_met(analytics):
    unmet = guarantee.RequirementUnmet(requirement=requirement("PARTLY_MET"))
    await hear(analytics, unmet, "guarantee.requirement.unmet", id="req_1", area="410100")
    assert (await situation(analytics, "410100"))["unmetNeeds"] == 1

    met = guarantee.RequirementMet(requirement=requirement("MET"))
    await hear(analytics, met, "guarantee.requirement.met", id="req_1", area="410100", version=2)
    assert (await situation(analytics, "410100"))["unmetNeeds"] == 0


def test_everything_that_all_four_services_say_is_heard():
    heard = {one.service for one in handlers.SUBSCRIPTIONS if one.every and one.batch}

    assert heard == {"org", "plans", "guarantee", "analytics"}
    assert {kind.value for kind in domain.Kind} == {"observation", "reading", "event_log"}

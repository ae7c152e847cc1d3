"""An exercise runs as the real does, reaches nobody outside it, and never meets what is real."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.plans import v1 as plans
from contracts.vocabulary import v1 as shared
from services.org import commands, domain
from services.org.store import tables
from tests.harness import START, Harness
from tests.services.org import city, reading
from vocabulary import Mode, ResponseLevel

DRILL, OTHER = "exe_drill", "exe_other"
PLAYING = {"mode": Mode.EXERCISE, "exercise_id": DRILL}
METRO = city.caller("metro", city.METRO, "duty_officer", person="sun")
SCHOOLS = city.caller("schools", city.EDUCATION, "duty_officer", person="zhou")


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def exercise(id: str = DRILL, state: str = "RUNNING", **more: Any) -> plans.Exercise:
    """The flood command and the schools rehearse the flood plan."""
    defaults: dict[str, Any] = {
        "type": "FUNCTIONAL",
        "title_zh": "防汛演练",
        "title_en": "flood exercise",
        "plan_id": "flood-410100",
        "plan_version": "2021.1",
        "jurisdiction": "410100",
        "organization_id": city.OFFICE,
        "participants": (city.FLOOD, city.EDUCATION),
        "planned_from": START,
        "planned_to": START + minutes(240),
    }
    return plans.Exercise(id=id, state=state, **defaults | more)


def said(org: Harness, event: str, body: Any) -> Any:
    """The event that this happened to the exercise."""
    about: dict[str, Any] = {"service": "plans", "aggregate": "exercise", "event": event}
    return org.event(body, id=body.exercise.id, area="410100", mode="EXERCISE", **about)


async def started(org: Harness, id: str = DRILL, **more: Any) -> None:
    """The exercise runs."""
    body = plans.ExerciseStarted(exercise=exercise(id, **more))
    await org.deliver(said(org, "started", body))


async def over(org: Harness, event: str = "completed") -> None:
    """The exercise is over."""
    bodies = {"completed": plans.ExerciseCompleted, "cancelled": plans.ExerciseCancelled}
    body = bodies[event](exercise=exercise(state=event.upper()))
    await org.deliver(said(org, event, body))


async def injected(org: Harness, key: str, id: str = DRILL, **part: Any) -> None:
    """The script's fact has come."""
    inject = plans.Inject(id=f"inj_{key}", key=key, due_at=org.clock.now(), **part)
    body = plans.ExerciseInjected(exercise=exercise(id), inject=inject)
    await org.deliver(said(org, "injected", body))


def tunnel(**figures: float) -> plans.IncidentInject:
    """People are in a flooded tunnel."""
    return plans.IncidentInject(
        title="tunnel under water",
        emergency_type="11B03",
        jurisdiction="410105",
        place=shared.Place(longitude=113.6, latitude=34.7),
        figures=tuple(shared.Figure(metric=name, value=one) for name, one in figures.items()),
    )


async def messages(org: Harness) -> list[tuple[str, str, str]]:
    """Every message that was handed to a channel: to which post, in both languages."""
    table = tables.sent_message

    async def read(db: AsyncConnection) -> list[tuple[str, str, str]]:
        asked = select(table.c.post, table.c.text_zh, table.c.text_en).order_by(table.c.id)
        return [(row.post, row.text_zh, row.text_en) for row in await db.execute(asked)]

    return await org.read(read)


async def test_only_posts_of_those_who_take_part_are_told(org: Harness) -> None:
    await started(org)

    await org.deliver(city.issued(org, city.signal(**PLAYING)))
    by_hand = city.activation(cause=shared.Cause(kind="PERSON", id="chen"), **PLAYING)
    await org.deliver(city.activated(org, "started", by_hand))
    await org.advance(START + timedelta(hours=5))

    assert {post for post, _, _ in await messages(org)} == {
        "pst_duty",
        "pst_deputy",
        "pst_director",
        "pst_education",
    }
    owed = await reading.obligation(org, "ANSWER_SIGNAL")
    assert owed.missing_rungs == (3, 4, 5)
    receipt = await reading.obligation(org, "ACKNOWLEDGE_ORDER")
    assert (receipt.owed_by, "pst_metro" in reading.told(receipt)) == (city.METRO, False)


async def test_every_notice_says_that_it_is_an_exercise(org: Harness) -> None:
    await started(org)

    await org.deliver(city.activated(org, "started", city.activation(**PLAYING)))

    told = await messages(org)
    assert told
    assert all(zh.startswith("【演练】") and en.startswith("[EXERCISE] ") for _, zh, en in told)


@pytest.mark.parametrize("known", ["first", "last"])
async def test_nobody_is_told_before_it_is_known_who_takes_part(org: Harness, known: str) -> None:
    activation = city.activated(org, "started", city.activation(measures=(), **PLAYING))
    if known == "first":
        await started(org)
    await org.deliver(activation)
    if known == "last":
        assert await messages(org) == []
        await org.advance(START + minutes(1))
        assert await messages(org) == []
        await started(org)

    assert [post for post, _, _ in await messages(org)] == ["pst_education"]


async def test_hearing_of_an_exercise_again_tells_nobody_again(org: Harness) -> None:
    await started(org)
    await org.deliver(city.activated(org, "started", city.activation(measures=(), **PLAYING)))

    await started(org)

    assert len(await messages(org)) == 1


async def test_an_emergency_of_the_script_is_declared_once_and_graded(org: Harness) -> None:
    await started(org)

    await injected(org, "tunnel", incident=tunnel(trapped=12.0, deaths=4.0))
    await injected(org, "tunnel", incident=tunnel(trapped=12.0, deaths=4.0))

    (declared,) = await org.published("incident.declared")
    told = declared.body["incident"]
    assert declared.subject.startswith("uemx.")
    assert (told["mode"], told["exerciseId"], told["number"]) == (
        "EXERCISE",
        DRILL,
        "EX-410105-20260601-001",
    )
    assert {one["metric"]: one["value"] for one in told["figures"]} == {"deaths": 4, "trapped": 12}


async def test_figures_of_the_script_reach_its_incident_and_are_recorded_once(
    org: Harness,
) -> None:
    await started(org)
    await injected(org, "tunnel", incident=tunnel(deaths=4.0))
    more = plans.FiguresInject(
        incident="tunnel", figures=(shared.Figure(metric="deaths", value=6.0),)
    )

    org.clock.set(START + minutes(20))
    await injected(org, "more", figures=more)

    (recorded,) = await org.published("incident.facts_recorded")
    (figure,) = recorded.body["incident"]["figures"]
    assert (figure["value"], figure["source"], recorded.body["changed"]) == (
        6,
        "script",
        ["deaths"],
    )


async def test_figures_for_an_incident_that_has_ended_or_never_was_change_nothing(
    org: Harness,
) -> None:
    await started(org)
    more = plans.FiguresInject(
        incident="tunnel", figures=(shared.Figure(metric="deaths", value=6.0),)
    )

    await injected(org, "more", figures=more)

    assert await org.published("incident.facts_recorded") == []


async def test_reports_and_what_is_read_out_are_kept_once(org: Harness) -> None:
    await started(org)
    report = plans.ReportInject(text="water at the school", jurisdiction="410105")

    for _ in range(2):
        await injected(org, "call", report=report)
        await injected(org, "read", text_zh="通信中断", text_en="the network is down")

    (received,) = await org.published("report.received")
    (added,) = await org.published("log_entry.added")
    assert (received.body["report"]["exerciseId"], added.body["entry"]["exerciseId"]) == (
        DRILL,
        DRILL,
    )


@pytest.mark.parametrize("event", ["completed", "cancelled"])
async def test_once_it_is_over_nothing_of_it_is_owed_or_stands(org: Harness, event: str) -> None:
    await started(org)
    await injected(org, "tunnel", incident=tunnel())
    await org.deliver(city.issued(org, city.signal(**PLAYING)))
    await org.deliver(city.activated(org, "started", city.activation(**PLAYING)))

    await over(org, event)
    await over(org, event)

    assert {one.state for one in await reading.obligations(org)} <= {"WAIVED", "ANSWERED"}
    assert [one.status for one in await reading.orders(org)] == ["LIFTED", "DRAFT"]
    assert len(await org.published("incident.closed")) == 1
    sent = len(await messages(org))
    await org.advance(START + timedelta(hours=5))
    assert len(await messages(org)) == sent


async def test_what_comes_late_to_an_exercise_is_owed_no_more(org: Harness) -> None:
    await started(org)
    await over(org)

    await org.deliver(city.activated(org, "started", city.activation(**PLAYING)))

    assert {one.state for one in await reading.obligations(org)} == {"WAIVED"}
    assert await messages(org) == []


async def test_the_end_of_an_exercise_leaves_the_real_as_it_is(org: Harness) -> None:
    await started(org)
    await org.deliver(city.issued(org, city.signal(id="sig_real")))

    await over(org)

    assert (await reading.obligation(org, "ANSWER_SIGNAL")).state == "OWED"


async def test_lists_show_the_real_unless_an_exercise_is_asked_for(org: Harness) -> None:
    await started(org)
    await injected(org, "tunnel", incident=tunnel(), text_zh="隧道", text_en="tunnel")
    await injected(org, "call", report=plans.ReportInject(text="water", jurisdiction="410105"))
    await org.deliver(city.activated(org, "started", city.activation(**PLAYING)))
    lists = ("incidents", "obligations", "orders", "tasks", "log-entries", "reports", "desk")

    async with org.client(org=city.EDUCATION) as client:

        async def listed(name: str, **asked: str) -> list[Any]:
            answer = await client.get(f"/v1/{name}", params=asked)
            assert answer.status_code == 200, answer.text
            nodes: list[Any] = answer.json()["nodes"]
            return nodes

        real = {name: await listed(name) for name in lists}
        drilled = {name: await listed(name, mode="EXERCISE") for name in lists}
        open_real = await client.post(
            "/v1/batch/open-incidents", json={"keys": ["410100"], "args": {}}
        )
        in_force = await client.post(
            "/v1/batch/orders-in-force", json={"keys": ["410100"], "args": {}}
        )
        violations = (await client.get("/v1/violations")).json()

    assert real == {name: [] for name in lists}
    assert all(drilled.values()), {name: len(found) for name, found in drilled.items()}
    assert {one["exerciseId"] for found in drilled.values() for one in found} == {DRILL}
    assert open_real.json() == {"410100": []}
    assert in_force.json() == {"410100": []}
    assert violations == []


async def test_an_incident_of_one_exercise_is_no_duplicate_of_anothers_nor_of_a_real_one(
    org: Harness, officer: Any
) -> None:
    for id in (DRILL, OTHER):
        await started(org, id)
        await injected(org, "tunnel", id, incident=tunnel())
    body = {
        "jurisdiction": "410105",
        "emergencyType": "11B03",
        "title": "tunnel",
        "place": {"type": "Point", "coordinates": [113.6, 34.7]},
    }

    real = await officer.post("/v1/incidents", json=body)
    same = await officer.post(
        "/v1/incidents", json=body | {"mode": "EXERCISE", "exerciseId": DRILL}
    )

    assert real.status_code == 201, real.text
    assert (same.status_code, same.json()["slug"]) == (409, "possible-duplicate")
    assert len(same.json()["candidates"]) == 1


@pytest.mark.parametrize(
    ("mode", "running", "slug"),
    [("REAL", True, "exercise-mode-wrong"), ("EXERCISE", False, "exercise-not-on")],
)
async def test_nothing_is_begun_in_an_exercise_that_does_not_run_or_under_another_mode(
    org: Harness, officer: Any, mode: str, running: bool, slug: str
) -> None:
    if running:
        await started(org)
    body = {
        "jurisdiction": "410105",
        "emergencyType": "11B03",
        "title": "tunnel",
        "place": {"type": "Point", "coordinates": [113.6, 34.7]},
        "mode": mode,
        "exerciseId": DRILL,
    }

    answer = await officer.post("/v1/incidents", json=body)

    assert answer.json()["slug"] == slug


async def test_task_events_say_when_what_happened_and_under_which_level(org: Harness) -> None:
    await started(org)
    await org.deliver(city.activated(org, "started", city.activation(measures=(), **PLAYING)))
    shelters = (await reading.tasks(org))[0]

    org.clock.set(START + minutes(10))
    await org.run(commands.acknowledge_task, shelters.id, expected_version=1, caller=SCHOOLS)
    org.clock.set(START + minutes(50))
    await org.run(commands.complete_task, shelters.id, expected_version=2, caller=SCHOOLS)

    (done,) = await org.published("task.completed")
    told = done.body["task"]
    assert {
        name: told[name]
        for name in ("createdAt", "acknowledgedAt", "finishedAt", "level", "exerciseId")
    } == {
        "createdAt": "2026-06-01T08:00:00Z",
        "acknowledgedAt": "2026-06-01T08:10:00Z",
        "finishedAt": "2026-06-01T08:50:00Z",
        "level": ResponseLevel.LEVEL_II,
        "exerciseId": DRILL,
    }


async def test_a_task_late_because_this_system_was_away_says_so(org: Harness) -> None:
    await org.run(commands.beat)
    await org.deliver(city.activated(org, "started", city.activation(measures=())))
    org.clock.set(START + minutes(40))
    await org.run(commands.beat)

    await org.advance(START + minutes(61))

    overdue = {
        one.body["task"]["step"]: one.body["task"] for one in await org.published("task.overdue")
    }
    assert overdue["open"]["systemWasUp"] is False


def test_uptime_once_lost_is_not_found_again() -> None:
    task = domain.Task(
        id="tsk_1",
        activation_id="act_1",
        step="open",
        title_zh="开",
        title_en="open",
        organization_id=None,
        function="education",
        created_at=START,
        due_at=START,
        mode=Mode.REAL,
        jurisdiction="410100",
    )

    away = domain.tell_uptime(task, system_was_up=False)

    assert domain.tell_uptime(away, system_was_up=True).system_was_up is False

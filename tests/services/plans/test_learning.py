"""Responses and exercises speak against places of a plan; a planner decides, and figures tell after."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.policy import Grant
from chassis.unit_of_work import Caller
from services.plans import commands, domain, store
from tests.harness import START, Harness
from tests.services.plans import city, drill
from tests.services.plans.city import CITY, COMMAND, FLOOD, minutes
from vocabulary import ResponseLevel, WarningColour

PLANNER: dict[str, Any] = {"roles": ["planner"], "areas": [CITY], "subject": "lin"}
CHEN = domain.Signature(by=f"{COMMAND}/commander", reason="the gauges are low")


async def respond(plans: Harness, at: int, *, took: int, limit: int = 60) -> domain.Activation:
    """A real response from minute `at` on, whose pumps were out after `took` minutes, and its end."""
    plans.clock.set(minutes(at))
    await city.measure_nothing_unusual(plans)
    red = city.signal(f"sig_{at}", WarningColour.ORANGE, CITY)
    await city.hear_signal(plans, "issued", red)
    activation = await city.present(plans)
    done = drill.task(
        activation,
        "pumps-out",
        "DONE",
        limit=limit,
        owed=minutes(at),
        finished=minutes(at + took),
    )
    await drill.hear_task(plans, done)
    plans.clock.set(minutes(at + took + 1))
    over = city.signal(red.id, WarningColour.ORANGE, CITY, status="CANCELLED")
    await city.hear_signal(plans, "cancelled", over)
    await plans.advance(minutes(at + took + 200))  # the hold-down, and until late reports have come
    return activation


async def proposals(plans: Harness) -> list[domain.RevisionProposal]:
    found: list[domain.RevisionProposal] = await plans.read(store.proposals_of, "flood-410100")
    return found


async def test_a_response_that_was_late_opens_a_proposal_and_the_next_adds_to_it(
    plans: Harness,
) -> None:
    first = await respond(plans, 0, took=90)
    (opened,) = await proposals(plans)

    second = await respond(plans, 300, took=70)

    assert (opened.kind, opened.place, opened.plan_version) == ("STEP", "pumps-out", "2021.1")
    assert opened.rule == "learning@2026-11-27"
    (one,) = await proposals(plans)
    assert one.id == opened.id
    assert (one.evidence.rate.n, one.evidence.rate.as_planned, one.evidence.late) == (2, 0, 2)
    assert one.evidence.median_minutes == 80.0
    assert one.evidence.activations == tuple(sorted((first.id, second.id)))
    said = [each.event for each in await plans.published() if each.aggregate == "revision_proposal"]
    assert said == ["proposed", "supported"]


async def test_what_goes_as_planned_opens_nothing_and_one_failure_among_many_is_no_case(
    plans: Harness,
) -> None:
    for at in (0, 300, 600, 900):
        await respond(plans, at, took=50)
    await respond(plans, 1200, took=90)

    assert await proposals(plans) == []


async def test_an_exercise_speaks_as_a_response_does_and_a_cancelled_one_not(
    plans: Harness,
) -> None:
    for how in ("cancel", "complete"):
        exercise = await drill.begun(
            plans, drill.FILE.replace("at_minutes: 10\n", "at_minutes: 0\n")
        )
        await plans.advance(plans.clock.now())
        activation = await city.present(plans)
        overdue = drill.task(activation, "pumps-out", "OVERDUE", owed=plans.clock.now())
        await drill.hear_task(plans, overdue)
        plans.clock.set(plans.clock.now() + timedelta(minutes=100))
        if how == "complete":
            await drill.completed(plans, exercise.id)
        else:
            await plans.run(
                commands.cancel_exercise,
                exercise.id,
                by="director",
                reason="a real flood",
                expected_version=None,
                caller=drill.DIRECTOR,
            )
        await plans.advance(plans.clock.now() + timedelta(hours=3))
        found = await proposals(plans)
        assert len(found) == (how == "complete")

    assert (found[0].evidence.exercises, found[0].evidence.real) == ((exercise.id,), 0)
    assert found[0].evidence.not_done == 1


async def test_accepted_it_is_the_next_versions_draft_with_nothing_else_changed(
    plans: Harness,
) -> None:
    await respond(plans, 0, took=90)
    (one,) = await proposals(plans)
    body = {
        "amendments": [{"field": "time_limit_minutes", "value": "95"}],
        "reason": "the depot has moved",
        "expectedVersion": one.version,
    }

    async with plans.client(**PLANNER) as client:
        path = f"/v1/revision-proposals/{one.id}"
        accepted = await client.post(f"{path}/accept", json=body)
        again = await client.post(f"{path}/accept", json=body | {"expectedVersion": None})
        file = (await client.get("/v1/plans/flood-410100/versions/2021.2")).json()
        shown = await client.post("/v1/batch/revisions", json={"keys": [one.id]})

    assert accepted.status_code == 200, accepted.text
    assert (accepted.json()["state"], accepted.json()["draftVersion"]) == ("ACCEPTED", "2021.2")
    assert (again.status_code, again.json()["slug"]) == (409, "revision-already-decided")
    assert file["status"] == "DRAFT"
    assert file["text"] == FLOOD.replace('"2021.1"', '"2021.2"').replace(
        "time_limit_minutes: 60\n        after: [open-duty-room]",
        "time_limit_minutes: 95\n        after: [open-duty-room]",
    )
    diff = shown.json()[one.id]["diff"]
    assert "-        time_limit_minutes: 60\n+        time_limit_minutes: 95\n" in diff


async def test_the_next_versions_figures_stand_beside_the_ones_before(plans: Harness) -> None:
    await respond(plans, 0, took=90)
    (one,) = await proposals(plans)
    async with plans.client(**PLANNER) as client:
        body = {
            "amendments": [{"field": "time_limit_minutes", "value": "95"}],
            "reason": "the depot has moved",
        }
        await client.post(f"/v1/revision-proposals/{one.id}/accept", json=body)
    await city.publish(plans, "2021.2", expected=3)

    await respond(plans, 300, took=85, limit=95)

    async with plans.client(**PLANNER) as client:
        shown = await client.post("/v1/batch/revisions", json={"keys": [one.id]})
    found = shown.json()[one.id]
    rates = {
        when: (found[when]["rate"]["n"], found[when]["rate"]["asPlanned"])
        for when in ("before", "after")
    }
    assert rates == {"before": (1, 0), "after": (1, 1)}
    assert found["after"]["medianMinutes"] == 85.0
    assert [each.state for each in await proposals(plans)] == ["ACCEPTED"]


async def test_rejected_only_new_cases_ask_again(plans: Harness) -> None:
    await respond(plans, 0, took=90)
    (one,) = await proposals(plans)
    async with plans.client(**PLANNER) as client:
        path = f"/v1/revision-proposals/{one.id}/reject"
        rejected = await client.post(path, json={"reason": "the bridge was closed that day"})
    await plans.run(commands.learn_from, "flood-410100", "2021.1")
    after_rejection = len(await proposals(plans))

    await respond(plans, 300, took=80)

    assert (rejected.json()["state"], rejected.json()["reason"]) == (
        "REJECTED",
        "the bridge was closed that day",
    )
    assert after_rejection == 1
    first, second = await proposals(plans)
    assert (first.state, second.state, second.evidence.rate.n) == ("REJECTED", "OPEN", 1)


async def test_an_amendment_that_makes_no_plan_is_refused_and_nothing_is_kept(
    plans: Harness,
) -> None:
    await respond(plans, 0, took=90)
    (one,) = await proposals(plans)
    async with plans.client(**PLANNER) as client:
        path = f"/v1/revision-proposals/{one.id}/accept"

        async def refused(amendment: dict[str, str], **more: str) -> str:
            body = {"amendments": [amendment], "reason": "x"} | more
            slug: str = (await client.post(path, json=body)).json()["slug"]
            return slug

        assert await refused({"field": "colour", "value": "red"}) == "amendment-impossible"
        assert await refused({"field": "function", "value": "有关部门"}) == "plan-file-invalid"
        limit = {"field": "time_limit_minutes", "value": "95"}
        assert await refused(limit, draftVersion="2021.1") == "plan-version-taken"

    assert [each.state for each in await proposals(plans)] == ["OPEN"]
    assert len(await plans.read(store.versions_of, "flood-410100")) == 1


@pytest.mark.parametrize(
    "stranger",
    [{"roles": ["commander"], "areas": [CITY]}, {"roles": ["planner"], "areas": ["410102"]}],
)
async def test_only_planners_of_the_division_decide(
    plans: Harness, stranger: dict[str, Any]
) -> None:
    await respond(plans, 0, took=90)
    (one,) = await proposals(plans)

    async with plans.client(subject="stranger", **stranger) as client:
        answer = await client.post(
            f"/v1/revision-proposals/{one.id}/reject", json={"reason": "mine"}
        )

    assert answer.status_code in (403, 404)
    assert (await proposals(plans))[0].state == "OPEN"


async def test_conditions_that_people_correct_again_and_again_are_proposed(plans: Harness) -> None:
    commander = Caller(
        subject="chen",
        organization=COMMAND,
        grants=(Grant(role="commander", area=CITY, organization=COMMAND),),
    )
    for number in range(2):
        plans.clock.set(minutes(number * 2000))
        id = f"sig_{number}"
        await city.hear_signal(plans, "issued", city.signal(id, WarningColour.RED, CITY))
        proposed = await city.present(plans)
        assert proposed.proposed_level is ResponseLevel.LEVEL_II
        await plans.run(
            commands.decline_activation,
            proposed.id,
            by=CHEN,
            expected_version=None,
            caller=commander,
        )
        await city.hear_signal(
            plans, "cancelled", city.signal(id, WarningColour.RED, CITY, status="CANCELLED")
        )
        await city.measure_nothing_unusual(plans)
        await plans.advance(minutes(number * 2000 + 1500))

    (one,) = [each for each in await proposals(plans) if each.kind == "CONDITION"]
    assert one.place == "LEVEL_II"
    assert [each.kind for each in one.evidence.corrections] == ["DECLINED", "DECLINED"]
    assert (one.evidence.rate.n, one.evidence.rate.as_planned) == (2, 0)


async def test_heard_twice_or_weighed_twice_a_case_counts_once(plans: Harness) -> None:
    activation = await respond(plans, 0, took=90)
    done = drill.task(activation, "pumps-out", "DONE", finished=minutes(90))

    await drill.hear_task(plans, done)
    await plans.run(commands.learn_from, "flood-410100", "2021.1")
    await plans.run(commands.learn_from, "flood-410100", "2021.1")

    (one,) = await proposals(plans)
    assert (one.evidence.rate.n, one.version) == (1, 1)
    assert one.opened_at > START

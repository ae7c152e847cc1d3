"""The record of an exercise played in a rehearsal, brought to production: checked, kept, once."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chassis.settings import Deployment
from services.plans import commands, domain, store
from tests.harness import START, Harness
from tests.services.plans import city, drill
from tests.services.plans.city import CITY, FLOOD, minutes

DIRECTOR: dict[str, Any] = {
    "roles": ["planner"],
    "org": drill.OFFICE,
    "areas": [CITY],
    "subject": "director",
}


async def in_production(harness: Callable[..., Any]) -> Harness:
    """Another plan system with the same plan, whose clock nobody steps; the first answers no more."""
    opened: Harness = await harness("plans", deployment=Deployment.PRODUCTION)
    await city.settle(opened)
    await city.draft(opened)
    await city.publish(opened)
    return opened


async def exported(plans: Harness) -> bytes:
    """The record of an exercise that was played to its end."""
    exercise = await drill.begun(plans)
    await plans.advance(START + timedelta(minutes=11))
    activation = await city.present(plans)
    done = drill.task(activation, "pumps-out", "DONE", finished=minutes(75))
    await drill.hear_task(plans, done)
    await drill.hear_order(plans, activation, "issued")
    await drill.hear_obligation(plans, "obl_1", "owed", exercise_id=exercise.id)
    plans.clock.set(minutes(200))
    await drill.completed(plans, exercise.id)
    async with plans.client(**DIRECTOR) as client:
        answer = await client.get(f"/v1/exercises/{exercise.id}/record")
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_a_record_is_brought_once_and_counts_as_a_completed_exercise(
    plans: Harness, harness: Callable[..., Any]
) -> None:
    document = await exported(plans)
    production = await in_production(harness)
    production.clock.set(minutes(600))

    async with production.client(**DIRECTOR) as client:
        first = await client.post("/v1/exercises/records", content=document)
        again = await client.post("/v1/exercises/records", content=document)
        id = first.json()["id"]
        score = (await client.get(f"/v1/exercises/{id}/score")).json()
        activations = await client.get("/v1/activations", params={"mode": "EXERCISE"})

    assert (first.status_code, again.json()) == (201, first.json())
    sealed = msgspec.json.decode(document)
    assert {
        name: first.json()["provenance"][name] for name in ("deployment", "digest", "importedBy")
    } == {
        "deployment": "rehearsal",
        "digest": sealed["digest"],
        "importedBy": f"{drill.OFFICE}/director",
    }
    (said,) = [one for one in await production.published() if one.aggregate == "exercise"]
    assert (said.event, said.body["exercise"]["imported"]) == ("completed", True)
    assert {one["outcome"] for one in score["steps"]} == {"LATE", "NOT_ASKED"}
    assert [one["state"] for one in activations.json()["nodes"]] == ["ENDED"]
    kept = await production.read(store.find_exercise, id)
    assert kept is not None
    assert kept.drilled_at == minutes(200)
    plan = await production.read(store.read_plan, kept.version_id)
    assert [(one.at, one.exercise_id) for one in plan.drills] == [(minutes(200), id)]


async def test_what_happened_in_a_rehearsal_teaches_production(
    plans: Harness, harness: Callable[..., Any]
) -> None:
    document = await exported(plans)
    production = await in_production(harness)
    await production.run(commands.import_record, document, by="x", caller=drill.DIRECTOR)

    await production.advance(START + timedelta(hours=2))

    (drilled,) = await production.published("plan_version.drilled")
    assert drilled.body["at"].startswith("2026-06-01T08:00:00")  # brought before its own end
    (proposed,) = await production.published("revision_proposal.proposed")
    assert (proposed.body["proposal"]["kind"], proposed.body["proposal"]["place"]) == (
        "STEP",
        "pumps-out",
    )


@pytest.mark.parametrize(
    ("old", "new", "slug"),
    [
        (b'"minutes":75.0', b'"minutes":15.0', "exercise-record-invalid"),
        (b"uem-exercise-record/1", b"uem-exercise-record/9", "exercise-record-invalid"),
        (b'"COMPLETED"', b'"RUNNING"', "exercise-record-invalid"),
    ],
)
async def test_a_record_that_was_changed_is_refused(
    plans: Harness, harness: Callable[..., Any], old: bytes, new: bytes, slug: str
) -> None:
    document = await exported(plans)
    changed = document.replace(old, new)
    production = await in_production(harness)

    async with production.client(**DIRECTOR) as client:
        answer = await client.post("/v1/exercises/records", content=changed)

    assert changed != document
    assert (answer.status_code, answer.json()["slug"]) == (422, slug)
    assert await production.published("exercise.completed") == []


async def test_a_sealed_record_whose_score_does_not_follow_is_refused(plans: Harness) -> None:
    document = await exported(plans)
    record, _ = domain.read_record(document)
    plan = domain.parse(FLOOD)
    rosy = dataclasses.replace(
        record, score=dataclasses.replace(record.score, steps_on_time_rate=1.0)
    )

    domain.expect_score(record, plan)
    with pytest.raises(domain.ExerciseRecordInvalid):
        domain.expect_score(rosy, plan)


async def test_a_record_of_a_version_that_reads_otherwise_here_is_refused(
    plans: Harness, harness: Callable[..., Any]
) -> None:
    document = await exported(plans)
    elsewhere: Harness = await harness("plans")
    await city.draft(elsewhere, FLOOD.replace("time_limit_minutes: 15", "time_limit_minutes: 16"))

    with pytest.raises(domain.ExerciseRecordPlanDiffers):
        await elsewhere.run(commands.import_record, document, by="x", caller=drill.DIRECTOR)


async def test_what_is_not_over_has_no_record_and_what_was_played_here_is_not_replaced(
    plans: Harness,
) -> None:
    running = await drill.begun(plans)
    async with plans.client(**DIRECTOR) as client:
        early = await client.get(f"/v1/exercises/{running.id}/record")
        await client.post(f"/v1/exercises/{running.id}/complete", json={})
        document = (await client.get(f"/v1/exercises/{running.id}/record")).content
        own = await client.post("/v1/exercises/records", content=document)

    assert (early.status_code, early.json()["slug"]) == (409, "exercise-state-wrong")
    assert (own.status_code, own.json()["slug"]) == (409, "exercise-record-differs")

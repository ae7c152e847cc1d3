"""Laws that change or lapse while a response is in force: asked again, told once, in any order."""

from typing import Any

import pytest

from chassis.inbox import Outcome
from services.plans import store
from tests.harness import Harness
from tests.services.plans import city, law
from tests.services.plans.city import CITY, COMMAND, minutes
from tests.services.plans.law import COMMANDER, MEASURE, legal
from vocabulary import Duty, DutyKind, Mode, OrganizationKind

COMMITTEES = OrganizationKind.COMMITTEE
COMMANDS = OrganizationKind.SPECIAL_COMMAND


async def answers(plans: Harness) -> list[tuple[str, str, str]]:
    """Code and the verdicts before and after of every answer that was told to have changed."""
    told = await plans.published("activation.reanswered")
    return [
        (one["code"], one["before"]["answer"], one["after"]["answer"])
        for event in told
        for one in event.body["answers"]
    ]


async def test_a_law_that_changes_hands_refuses_what_is_in_force_and_says_so(plans: Harness):
    await law.respond(plans)
    before = legal(await city.present(plans))

    await law.hear_provision(plans, COMMITTEES)

    assert before == [(MEASURE, "ALLOWED", None)]
    assert legal(await city.present(plans)) == [(MEASURE, "REFUSED", "NOT_HELD")]
    assert await answers(plans) == [(MEASURE, "ALLOWED", "REFUSED")]
    (event,) = await plans.published("activation.reanswered")
    assert event.body["activation"]["measures"][0]["legal"]["gap"] == "NOT_HELD"
    assert event.body["activation"]["measures"][0]["automatic"] is False


async def test_a_law_heard_twice_is_asked_about_once(plans: Harness):
    await law.respond(plans)

    heard = [await law.hear_provision(plans, COMMITTEES, version=each) for each in (2, 2, 3)]

    assert heard == [Outcome.APPLIED, Outcome.SKIPPED, Outcome.APPLIED]
    assert len(await plans.published("activation.reanswered")) == 1


async def test_a_law_lapses_by_itself_and_what_rests_on_it_is_refused(plans: Harness):
    await law.hear_provision(plans, COMMANDS, valid_to=minutes(30))
    await law.respond(plans)
    early = await plans.advance(minutes(29))
    allowed = legal(await city.present(plans))

    fired = await plans.advance(minutes(30))

    key = f"provision/prv_{MEASURE}"
    assert (key in early, key in fired) == (False, True)
    assert allowed == [(MEASURE, "ALLOWED", None)]
    assert legal(await city.present(plans)) == [(MEASURE, "REFUSED", "NOT_IN_FORCE")]
    assert await answers(plans) == [(MEASURE, "ALLOWED", "REFUSED")]


async def test_a_law_comes_into_force_and_lapses_at_its_edges(plans: Harness):
    await law.hear_provision(plans, COMMANDS, valid_from=minutes(10), valid_to=minutes(20))
    await law.respond(plans)

    await plans.advance(minutes(60))

    assert [after for _, _, after in await answers(plans)] == ["ALLOWED", "REFUSED"]


async def test_a_law_that_is_prolonged_lapses_at_its_new_end_only(plans: Harness):
    await law.hear_provision(plans, COMMANDS, valid_to=minutes(10))
    await law.respond(plans)
    await law.hear_provision(plans, COMMANDS, valid_to=minutes(40))

    await plans.advance(minutes(39))
    between = await answers(plans)
    await plans.advance(minutes(40))

    assert between == []
    assert await answers(plans) == [(MEASURE, "ALLOWED", "REFUSED")]


async def test_a_law_on_other_measures_changes_nothing(plans: Harness):
    await law.respond(plans)

    await law.hear_provision(plans, COMMITTEES, measure="fly")

    assert await answers(plans) == []


async def test_a_law_allows_what_was_refused_and_an_override_asked_for_is_over(plans: Harness):
    id = await law.refused(plans)
    async with plans.client(**COMMANDER) as client:
        await client.post(f"/v1/activations/{id}/overrides", json=law.ASK)

    await law.hear_provision(plans, COMMITTEES, COMMANDS)

    assert await answers(plans) == [(MEASURE, "REFUSED", "ALLOWED")]
    (ended,) = await plans.published("override.ended")
    assert ended.body["override"]["endedBecause"] == (
        "the law does not refuse the measure any more"
    )


async def test_too_long_a_measure_is_refused_saying_how_long_is_allowed(plans: Harness):
    await law.respond(plans)

    await law.hear_provision(plans, COMMANDS, longest=600)

    (measure,) = (await city.present(plans)).content.measures
    assert (measure.duration_minutes, measure.legal.gap) == (720, "TOO_LONG")
    assert measure.legal.longest_minutes == 600


@pytest.mark.parametrize("known_first", [True, False])
async def test_whether_the_law_or_who_commands_is_heard_first_is_all_the_same(
    empty: Harness, known_first: bool
):
    await city.draft(empty)
    await city.publish(empty)

    async def hear_command() -> None:
        await city.hear_organization(empty, COMMAND, COMMANDS)

    if known_first:
        await hear_command()
    await law.respond(empty)
    await law.hear_provision(empty, COMMANDS)
    if not known_first:
        await hear_command()

    present = await city.present(empty)
    assert legal(present) == [(MEASURE, "ALLOWED", None)]
    assert present.content.measures[0].legal.duties == (Duty(DutyKind.NOTICE, "告知", "tell", 30),)


async def test_an_organization_that_becomes_another_kind_is_asked_about_again(plans: Harness):
    await law.respond(plans)
    kept = await plans.read(store.find_organization, COMMAND)

    await city.hear_organization(plans, COMMAND, OrganizationKind.DEPARTMENT)

    assert kept is not None
    assert await answers(plans) == [(MEASURE, "ALLOWED", "REFUSED")]


async def test_a_response_that_is_over_is_not_asked_about_again(plans: Harness):
    id = await law.respond(plans)
    async with plans.client(**COMMANDER) as client:
        await client.post(
            f"/v1/activations/{id}/end", json={"reason": "calm", "override": "org_x/mayor"}
        )

    await law.hear_provision(plans, COMMITTEES)

    assert await answers(plans) == []
    assert await plans.read(store.open_activations, Mode.REAL) == []


async def ask(plans: Harness, *questions: dict[str, Any]) -> Any:
    async with plans.client() as client:
        answer = await client.post("/v1/may", json={"questions": list(questions)})
    return answer.json()


async def test_many_questions_to_the_law_are_answered_at_once(plans: Harness):
    await law.settle(plans)
    about = {"measure": MEASURE, "area": CITY, "level": "LEVEL_III"}

    by_kind, by_id, unknown, then = await ask(
        plans,
        about | {"kind": "COMMITTEE"},
        about | {"organizationId": COMMAND},
        about | {"organizationId": "org_nobody"},
        about | {"kind": "COMMITTEE", "at": "1930-01-01T00:00:00Z"},
    )

    assert (by_kind["verdict"], by_kind["duties"][0]["withinMinutes"]) == ("ALLOWED", 30)
    assert (by_id["gap"], by_id["holders"]) == ("NOT_HELD", [law.COMMITTEE, law.PROVINCE])
    assert (unknown["verdict"], unknown["gap"]) == ("UNKNOWN", "HOLDER_UNKNOWN")
    assert then["gap"] == "NOT_IN_FORCE"


@pytest.mark.parametrize(
    ("holder", "slug"),
    [
        ({"kind": "MINISTRY"}, "invalid-input"),
        ({}, "holder-not-stated"),
        ({"kind": "COMMITTEE", "organizationId": COMMAND}, "holder-not-stated"),
    ],
)
async def test_a_question_about_nobody_or_an_unknown_kind_is_refused_at_its_place(
    plans: Harness, holder: dict[str, str], slug: str
):
    problem = await ask(plans, {"measure": MEASURE, "area": CITY} | holder)

    assert (problem["slug"], problem["field"]) == (slug, ["questions", "0", "kind"])

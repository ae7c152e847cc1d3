"""Plan versions: imported as drafts, published once, immutable, in force from their date."""

from datetime import timedelta

import pytest

from services.plans import domain, queries, store
from services.plans.domain.life_cycle import PlanVersionImmutable
from tests.harness import START, Harness
from tests.services.plans import city
from tests.services.plans.city import CITY, COMMAND, FLOOD, draft, minutes, publish, standing, told
from vocabulary import Mode, OrganizationKind, WarningColour

PLAN = "flood-410100"


async def test_a_draft_may_be_replaced_until_it_is_published(empty: Harness):
    first = await draft(empty)
    second = await draft(empty, FLOOD.replace("Zhengzhou flood", "City flood"))

    assert (first.version, second.version) == (1, 2)
    assert second.title_en == "City flood control plan"


async def test_a_published_version_is_never_edited(plans: Harness):
    with pytest.raises(PlanVersionImmutable) as refused:
        await draft(plans, FLOOD.replace("rain_3h_mm >= 50", "rain_3h_mm >= 40"))

    assert refused.value.slug == "plan-version-immutable"
    assert refused.value.extra["draft"] == "flood-410100@2021.2"
    assert refused.value.remedy is not None
    assert "version: '2021.2'" in refused.value.remedy


async def test_the_same_text_again_is_no_edit(plans: Harness):
    again = await draft(plans)

    assert again.status is domain.PlanStatus.PUBLISHED


async def test_a_published_plan_is_told_with_the_thresholds_that_it_watches(plans: Harness):
    (said,) = await plans.published("plan.state")

    plan = said.body["plan"]
    assert (said.id, plan["version"], plan["organizationId"]) == (PLAN, "2021.1", city.COMMAND)
    assert {
        "indicator": "rain_3h_mm",
        "comparison": ">=",
        "value": 150.0,
        "jurisdiction": CITY,
    } in (plan["thresholds"])


async def test_a_plan_published_while_its_conditions_hold_starts(empty: Harness):
    await city.settle(empty)
    await city.hear_signal(empty, "issued", city.signal("sig_1", WarningColour.ORANGE, CITY))
    await draft(empty)

    await publish(empty)

    assert await standing(empty) == ("IN_FORCE", "LEVEL_III", None)


async def test_a_version_rules_from_its_effective_date(empty: Harness):
    await city.settle(empty)
    await city.hear_signal(empty, "issued", city.signal("sig_1", WarningColour.ORANGE, CITY))
    tomorrow = (START + timedelta(days=1)).isoformat()
    await draft(empty, FLOOD.replace("2021-06-01", tomorrow))
    await publish(empty)
    before = await told(empty)

    await empty.advance(minutes(24 * 60))

    assert before == []
    assert await standing(empty) == ("IN_FORCE", "LEVEL_III", None)


async def test_what_is_in_force_keeps_the_version_under_which_it_was_started(plans: Harness):
    await city.measure_nothing_unusual(plans)
    await city.hear_reading(plans, city.reading("rain_3h_mm", 60.0, as_of=minutes(1)))
    stricter = FLOOD.replace('"2021.1"', '"2026.1"').replace("rain_3h_mm >= 50", "rain_3h_mm >= 90")
    await draft(plans, stricter)
    await publish(plans, "2026.1")

    await plans.advance(minutes(600))

    one = await city.present(plans)
    assert (one.level, one.plan_version) == ("LEVEL_III", "2021.1")


async def test_every_change_of_what_a_plan_says_is_recorded_with_its_inputs(plans: Harness):
    await city.hear_reading(plans, city.reading("rain_3h_mm", 60.0))

    kept = await plans.read(store.last_evaluation, PLAN, Mode.REAL)
    assert kept is not None
    inputs = {one.metric: one.value for one in kept.inputs}
    assert (inputs["rain_3h_mm"], inputs["population"]) == (60.0, 10_000_000.0)
    assert (kept.plan_version, kept.outcomes) == ("2021.1", (domain.Outcome.STARTED,))


async def test_a_record_stays_as_known_then_when_later_facts_tell_otherwise(plans: Harness):
    await city.hear_reading(plans, city.reading("rain_3h_mm", 60.0))
    kept = await plans.read(store.last_evaluation, PLAN, Mode.REAL)
    assert kept is not None
    then = await plans.read(queries.evaluation, kept.id)

    plans.clock.set(minutes(80))
    await city.hear_reading(plans, city.reading("rain_3h_mm", 160.0, as_of=minutes(5)))

    newer = await plans.read(store.last_evaluation, PLAN, Mode.REAL)
    assert await plans.read(queries.evaluation, kept.id) == then
    assert newer is not None
    assert newer.id != kept.id


async def test_a_reading_that_changes_no_answer_adds_no_record(plans: Harness):
    await city.hear_reading(plans, city.reading("rain_3h_mm", 60.0))
    before = await plans.read(store.last_evaluation, PLAN, Mode.REAL)

    await city.hear_reading(plans, city.reading("rain_3h_mm", 70.0, as_of=minutes(1)))

    assert await plans.read(store.last_evaluation, PLAN, Mode.REAL) == before


async def test_no_plan_that_lets_a_supervision_organization_command_is_published(empty: Harness):
    await city.settle(empty)
    kind = OrganizationKind.SUPERVISION_ORGANIZATION
    await city.hear_organization(empty, COMMAND, kind)
    await city.draft(empty)

    with pytest.raises(domain.SupervisorCommands) as refused:
        await city.publish(empty)

    assert refused.value.extra == {"organizationId": COMMAND}
    assert await empty.published("plan.state") == []

"""Incidents, warnings, indicators and reference copies heard: twice, late, and in both orders."""

from datetime import timedelta

import msgspec
import pytest

from chassis.inbox import Outcome
from contracts.guarantee import v1 as guarantee
from contracts.org import v1 as org
from services.plans import store
from tests.harness import START, Harness
from tests.services.plans import city
from tests.services.plans.city import CITY, LARGE, minutes, standing, told
from vocabulary import Grade, Mode, OrganizationKind, WarningColour


async def test_an_incident_is_answered_when_a_plan_is_in_force_and_belongs_to_it(plans: Harness):
    await city.hear_reading(plans, city.reading("rain_3h_mm", 60.0))

    await city.hear_incident(plans, "declared", city.incident("inc_1"))

    assert (await told(plans))[-1] == ("maintained", "LEVEL_III", None)
    one = await city.present(plans)
    assert (one.incident_id, one.weighed) == ("inc_1", ("inc_1",))


async def test_deaths_of_an_incident_propose_level_one_and_closing_it_withdraws(plans: Harness):
    await city.measure_nothing_unusual(plans)
    await city.hear_incident(plans, "declared", city.incident("inc_1", deaths=None))
    before = await told(plans)
    await city.hear_incident(plans, "facts_recorded", city.incident("inc_1", deaths=12.0))
    proposed = await standing(plans)
    await city.hear_incident(plans, "closed", city.incident("inc_1", status="CLOSED", deaths=12.0))
    await plans.advance(minutes(180))

    assert before == []
    assert proposed == ("PROPOSED", None, "LEVEL_I")
    assert await standing(plans) == ("ENDED", None, None)


async def test_a_regraded_incident_is_kept_with_its_grade(plans: Harness):
    await city.hear_incident(plans, "declared", city.incident("inc_1"))
    await city.hear_incident(plans, "regraded", city.incident("inc_1", grade=Grade.GRADE_II))
    await city.hear_incident(
        plans, "status_changed", city.incident("inc_1", status="RESPONDING", grade=Grade.GRADE_II)
    )

    (one,) = await plans.read(store.open_incidents, Mode.REAL)
    assert (one.grade, one.status) == (Grade.GRADE_II, "RESPONDING")


async def test_an_incident_in_an_exercise_is_not_real(plans: Harness):
    await city.hear_incident(
        plans, "declared", city.incident("inc_1", mode=Mode.EXERCISE, deaths=30.0)
    )

    one = await city.present(plans)
    assert one.mode is Mode.EXERCISE
    assert await plans.read(store.open_activations, Mode.REAL) == []


async def test_an_early_warning_is_kept_apart_from_signals(plans: Harness):
    await city.hear_warning(plans, "issued", city.warning("war_1", WarningColour.RED, CITY))

    assert await told(plans) == []
    (kept,) = await plans.read(store.standing_warnings, Mode.REAL)
    assert kept.colour is WarningColour.RED


@pytest.mark.parametrize("end", ["cancelled", "expired"])
async def test_an_early_warning_that_is_over_stands_no_more(plans: Harness, end: str):
    await city.hear_warning(plans, "issued", city.warning("war_1", WarningColour.RED, CITY))
    over = city.warning("war_1", WarningColour.RED, CITY, status=end.upper())

    await city.hear_warning(plans, end, over)

    assert await plans.read(store.standing_warnings, Mode.REAL) == []


async def test_an_early_warning_that_is_superseded_stands_until_its_update_is_heard(
    plans: Harness,
):
    old, new = (city.warning(id, WarningColour.RED, CITY) for id in ("war_1", "war_2"))
    over = city.warning("war_1", WarningColour.RED, CITY, status="SUPERSEDED")
    await city.hear_warning(plans, "issued", old)
    await city.hear_warning(plans, "superseded", over)
    between = await plans.read(store.standing_warnings, Mode.REAL)

    await city.hear_warning(plans, "issued", new)

    assert [one.id for one in between] == ["war_1"]
    assert [one.id for one in await plans.read(store.standing_warnings, Mode.REAL)] == ["war_2"]


async def test_a_late_older_reading_changes_nothing(plans: Harness):
    await city.hear_reading(plans, city.reading("rain_3h_mm", 60.0))
    late = START - timedelta(minutes=5)

    await city.hear_reading(plans, city.reading("rain_3h_mm", 160.0, as_of=late))

    assert await told(plans) == [("started", "LEVEL_III", None)]


async def test_an_older_reading_heard_first_gives_way_to_the_newer(plans: Harness):
    late = START - timedelta(minutes=5)
    await city.hear_reading(plans, city.reading("rain_3h_mm", 20.0, as_of=late))
    await city.hear_reading(plans, city.reading("rain_3h_mm", 60.0))

    assert await standing(plans) == ("IN_FORCE", "LEVEL_III", None)


async def test_the_same_reading_heard_twice_acts_once(plans: Harness):
    one = plans.event(
        city.reading("rain_3h_mm", 60.0),
        service="analytics",
        aggregate="indicator",
        event="changed",
        id="rain_3h_mm-410100",
        area=CITY,
    )

    outcomes = [await plans.deliver(one), await plans.deliver(one)]

    assert outcomes == [Outcome.APPLIED, Outcome.DUPLICATE]
    assert await told(plans) == [("started", "LEVEL_III", None)]


async def test_readings_of_an_exercise_never_mix_with_real_ones(plans: Harness):
    await city.hear_reading(plans, city.reading("rain_3h_mm", 60.0, mode=Mode.EXERCISE))
    await city.hear_reading(
        plans, city.reading("rain_3h_mm", 0.0, as_of=START + timedelta(minutes=1))
    )

    (drill,) = await plans.read(store.open_activations, Mode.EXERCISE)
    assert drill.level == "LEVEL_III"
    assert await plans.read(store.open_activations, Mode.REAL) == []


async def test_a_sustained_condition_is_weighed_again_when_it_is_due(plans: Harness):
    await city.hear_reading(plans, city.reading("rain_6h_mm", 60.0))
    before = await told(plans)

    await plans.advance(minutes(10))

    assert before == []
    assert await told(plans) == [("started", "LEVEL_IV", None)]


async def test_sustained_is_counted_from_event_time(plans: Harness):
    plans.clock.set(minutes(8))
    await city.hear_reading(plans, city.reading("rain_6h_mm", 60.0, as_of=START))

    await plans.advance(minutes(10))

    assert await told(plans) == [("started", "LEVEL_IV", None)]


async def test_a_reading_that_nobody_knows_is_kept_as_unknown(plans: Harness):
    await city.hear_reading(plans, city.reading("rain_3h_mm", None))

    (kept,) = await plans.read(store.newest_readings, Mode.REAL)
    assert kept.value is None


async def test_the_size_of_a_city_heard_after_its_signal_starts_what_the_signal_asks_for(
    empty: Harness,
):
    await city.draft(empty)
    await city.publish(empty)
    await city.hear_signal(empty, "issued", city.signal("sig_1", WarningColour.RED, LARGE))
    before = await told(empty)
    await city.settle(empty)

    assert before == []
    assert await standing(empty) == ("IN_FORCE", "LEVEL_III", "LEVEL_II")


async def test_reference_copies_heard_twice_are_kept_once(plans: Harness):
    await city.settle(plans)

    codes = [one.id for one in await plans.read(store.all_jurisdictions)]
    assert codes == sorted([CITY, *city.DISTRICTS])
    assert [one.id for one in await plans.read(store.all_organizations)] == [city.COMMAND]
    assert len(await plans.read(store.all_provisions)) == 2


async def test_an_indicator_that_no_plan_reads_is_kept_and_weighs_nothing(plans: Harness):
    before = await plans.read(store.last_evaluation, "flood-410100", Mode.REAL)

    await city.hear_reading(plans, city.reading("air_quality_index", 400.0))

    kept = await plans.read(store.newest_readings, Mode.REAL)
    assert "air_quality_index" in {one.indicator for one in kept}
    assert await plans.read(store.last_evaluation, "flood-410100", Mode.REAL) == before


async def hear_resource(
    plans: Harness, version: int, quantity: float, *, unit: str = "unit", of: str = "pump.mobile"
) -> Outcome:
    body = guarantee.ResourceState(
        resource=guarantee.Resource(
            id="res_1",
            name_zh="泵车",
            name_en="pump",
            kind="VEHICLE",
            capabilities=(of,),
            quantity=quantity,
            unit=unit,
            owner="org_pumps",
            jurisdiction=LARGE,
            readiness="READY",
        )
    )
    about = {"service": "guarantee", "aggregate": "resource", "event": "state"}
    return await plans.deliver(body, id="res_1", area=LARGE, version=version, **about)


async def test_a_resource_is_kept_as_it_was_last_told_in_either_order(empty: Harness):
    outcomes = [await hear_resource(empty, *one) for one in ((2, 5.0), (1, 9.0), (2, 5.0))]

    assert outcomes[0] is Outcome.APPLIED
    (kept,) = await empty.read(store.resources_within, CITY)
    assert (kept.quantity, kept.is_ready, kept.jurisdiction) == (5.0, True, LARGE)
    assert await empty.read(store.resources_within, "410200") == []


async def test_an_organization_is_kept_with_the_functions_that_it_holds(empty: Harness):
    plain = city.organization(city.COMMAND, OrganizationKind.SPECIAL_COMMAND).organization
    told = msgspec.structs.replace(plain, functions=("flood.command",))
    about = {"service": "org", "aggregate": "organization", "event": "state"}
    for _ in range(2):
        body = org.OrganizationState(organization=told)
        await empty.deliver(body, id=city.COMMAND, area=CITY, **about)

    (kept,) = await empty.read(store.all_organizations)
    assert kept.functions == ("flood.command",)

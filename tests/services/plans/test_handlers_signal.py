"""Signals heard: what they start and propose, run twice and in both orders."""

from datetime import timedelta

from chassis.inbox import Outcome
from contracts.guarantee import v1 as guarantee
from services.plans import queries, store
from tests.harness import START, Harness
from tests.services.plans import city
from tests.services.plans.city import CITY, LARGE, SMALL, minutes, standing, told
from vocabulary import Mode, WarningColour

RED, ORANGE, YELLOW = WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW
PROPOSED = [
    ("started", "LEVEL_III", "LEVEL_II"),
    ("proposed", "LEVEL_III", "LEVEL_II"),
]


async def test_a_red_signal_over_the_city_starts_level_three_and_proposes_level_two(
    plans: Harness,
):
    await city.hear_signal(plans, "issued", city.signal("sig_1", RED, CITY))

    assert await told(plans) == PROPOSED


async def test_a_proposal_carries_all_that_org_and_guarantee_act_on(plans: Harness):
    await city.hear_signal(plans, "issued", city.signal("sig_1", RED, CITY))

    (said,) = await plans.published("activation.proposed")
    one = said.body["activation"]
    assert one["cause"] == {"kind": "SIGNAL", "id": "sig_1"}
    assert one["state"] == "IN_FORCE"
    assert one["organizationId"] == city.COMMAND
    assert one["signBefore"] == (START + timedelta(minutes=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert {m["code"]: (m["automatic"], m["legal"]["answer"]) for m in one["measures"]} == {
        "inspect_tunnels": (True, "ALLOWED"),
        "suspend_classes": (False, "ALLOWED"),
    }
    assert [step["id"] for step in one["steps"]] == ["open-duty-room", "pumps-out"]
    assert one["requirements"] == [
        {
            "id": "pumps",
            "capability": "drainage.pump",
            "quantity": 20.0,
            "unit": "set",
            "withinMinutes": 60,
            "severity": 3,
        }
    ]


async def test_the_values_used_travel_with_the_event(plans: Harness):
    await city.hear_signal(plans, "issued", city.signal("sig_1", RED, SMALL))

    (said,) = await plans.published("activation.started")
    explanation = said.body["activation"]["explanation"]
    asked = {
        (one["level"], one["text"]): (one.get("met"), one["values"][0]["value"], one["noteEn"])
        for one in explanation["conditions"]
        if "red" in one["text"]
    }
    note = "covers 1 of 4 divisions, 10% of people, 20% of ground; the condition asks "
    assert asked["LEVEL_II", "signal_red_population_share >= 0.3"] == (
        False,
        0.1,
        note + "signal_red_population_share >= 0.3",
    )
    assert asked["LEVEL_III", "signal_red_population_share > 0"][:2] == (True, 0.1)
    assert explanation["level"] == "LEVEL_III"


async def test_the_same_issue_heard_twice_acts_once(plans: Harness):
    one = plans.event(
        guarantee.SignalIssued(signal=city.signal("sig_1", RED, CITY)),
        service="guarantee",
        aggregate="signal",
        event="issued",
        id="sig_1",
        area=CITY,
    )

    first, again = await plans.deliver(one), await plans.deliver(one)

    assert (first, again) == (Outcome.APPLIED, Outcome.DUPLICATE)
    assert await told(plans) == PROPOSED


async def test_a_second_signal_is_answered_and_the_proposal_stands(plans: Harness):
    await city.hear_signal(plans, "issued", city.signal("sig_1", RED, CITY))
    await city.hear_signal(plans, "issued", city.signal("sig_2", RED, LARGE))

    assert (await told(plans))[2:] == [("maintained", "LEVEL_III", "LEVEL_II")]
    found = await plans.read(queries.activations_by_cause, ["sig_1", "sig_2"], fields=None, args={})
    assert [len(found["sig_1"]), len(found["sig_2"])] == [1, 1]


async def test_a_signal_of_another_city_bears_on_nothing_here(plans: Harness):
    await city.hear_signal(plans, "issued", city.signal("sig_1", RED, "410200"))

    assert await told(plans) == []


async def test_signal_then_indicator_and_indicator_then_signal_stand_alike(plans: Harness):
    await city.hear_signal(plans, "issued", city.signal("sig_1", RED, LARGE))
    await city.hear_reading(plans, city.reading("rain_3h_mm", 160.0))

    assert await standing(plans) == ("IN_FORCE", "LEVEL_III", "LEVEL_I")


async def test_indicator_then_signal_stands_as_signal_then_indicator(plans: Harness):
    await city.hear_reading(plans, city.reading("rain_3h_mm", 160.0))
    await city.hear_signal(plans, "issued", city.signal("sig_1", RED, LARGE))

    assert await standing(plans) == ("IN_FORCE", "LEVEL_III", "LEVEL_I")


async def test_a_signal_that_ends_lowers_only_after_the_hold_down(plans: Harness):
    await city.measure_nothing_unusual(plans)
    orange = city.signal("sig_1", ORANGE, CITY)
    await city.hear_signal(plans, "issued", orange)
    await city.hear_signal(plans, "expired", city.signal("sig_1", ORANGE, CITY, status="EXPIRED"))

    before = await standing(plans)
    await plans.advance(minutes(59))
    held = await standing(plans)
    await plans.advance(minutes(60))

    assert before == held == ("IN_FORCE", "LEVEL_III", None)
    assert await standing(plans) == ("ENDED", None, None)
    (ended,) = await plans.published("activation.ended")
    assert ended.body["activation"]["cause"] == {"kind": "TIMER", "id": "flood-410100"}


async def test_nothing_is_lowered_while_no_gauge_reports(plans: Harness):
    await city.hear_signal(plans, "issued", city.signal("sig_1", ORANGE, CITY))
    await city.hear_signal(plans, "expired", city.signal("sig_1", ORANGE, CITY, status="EXPIRED"))

    await plans.advance(minutes(24 * 60))

    assert await standing(plans) == ("IN_FORCE", "LEVEL_III", None)


async def test_an_update_heard_before_what_it_replaces_was_ended_counts_alone(plans: Harness):
    await city.measure_nothing_unusual(plans)
    await city.hear_signal(plans, "issued", city.signal("sig_1", ORANGE, CITY))
    await city.hear_signal(
        plans, "issued", city.signal("sig_2", YELLOW, CITY, supersedes=("sig_1",))
    )
    over = city.signal("sig_1", ORANGE, CITY, status="SUPERSEDED")
    await city.hear_signal(plans, "superseded", over, by="sig_2")

    await plans.advance(minutes(60))

    assert await standing(plans) == ("IN_FORCE", "LEVEL_IV", None)


async def test_what_is_superseded_stands_until_its_update_is_heard(plans: Harness):
    await city.measure_nothing_unusual(plans)
    await city.hear_signal(plans, "issued", city.signal("sig_1", ORANGE, CITY))
    over = city.signal("sig_1", ORANGE, CITY, status="SUPERSEDED")
    await city.hear_signal(plans, "superseded", over, by="sig_2")
    await plans.advance(minutes(90))
    between = await standing(plans)

    await city.hear_signal(
        plans, "issued", city.signal("sig_2", YELLOW, CITY, supersedes=("sig_1",))
    )
    await plans.advance(minutes(150))

    assert between == ("IN_FORCE", "LEVEL_III", None)
    assert await standing(plans) == ("IN_FORCE", "LEVEL_IV", None)


async def test_a_cancelled_signal_covers_nothing(plans: Harness):
    await city.hear_signal(plans, "issued", city.signal("sig_1", ORANGE, CITY))
    over = city.signal("sig_1", ORANGE, CITY, status="CANCELLED")

    await city.hear_signal(plans, "cancelled", over)

    assert await plans.read(store.standing_signals, Mode.REAL) == []


async def test_an_exercise_starts_nothing_real(plans: Harness):
    drill = city.signal("sig_1", RED, CITY, mode=Mode.EXERCISE)
    await city.hear_signal(plans, "issued", drill)
    await city.hear_reading(plans, city.reading("rain_3h_mm", 160.0))

    said = [one for one in await plans.published() if one.aggregate == "activation"]
    levels = {one.subject.split(".")[0]: one.body["activation"] for one in said}
    assert {root: one.get("proposedLevel") for root, one in levels.items()} == {
        "uemx": "LEVEL_II",
        "uem": "LEVEL_I",
    }

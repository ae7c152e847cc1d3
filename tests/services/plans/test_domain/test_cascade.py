"""Plans that set off plans: what a response is as a fact, rounds to a rest, circles found."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.plans import domain
from tests.harness import START
from tests.services.plans.chain import (
    CHAIN,
    LANDSLIDE_PLAN,
    QUAKE,
    QUAKE_PLAN,
    ROADS_PLAN,
    Chain,
    ready,
    upon,
    written,
)
from tests.services.plans.city import CITY, SMALL
from tests.services.plans.player import LEVEL_I, LEVEL_II, LEVEL_III
from vocabulary import ResponseLevel

unhurried = settings(deadline=None)
ZERO: dict[str, float | None] = {"magnitude": 0.0, "deaths": 0.0, "rain_3h_mm": 0.0}
STEPS = {"magnitude": (0.0, 4.0, 6.0), "deaths": (0.0, 50.0), "rain_3h_mm": (0.0, 50.0, 100.0)}


def chain() -> Chain:
    """The three plans with every gauge at zero, weighed once."""
    played = Chain(values=dict(ZERO))
    played.hear()
    return played


def test_an_earthquake_sets_off_the_landslide_plan_and_that_the_road_plan_at_once():
    played = chain()

    played.hear(magnitude=6.5)

    assert played.levels() == {"landslide": LEVEL_III, "quake": LEVEL_II, "roads": LEVEL_III}
    assert played.told == [
        ("quake", "STARTED", "INDICATOR"),
        ("landslide", "STARTED", "ACTIVATION"),
        ("roads", "STARTED", "ACTIVATION"),
    ]


def test_the_explanation_names_the_response_that_set_it_off():
    played = chain()
    played.hear(magnitude=6.5)

    upstream, here = played.open["quake"], played.open["landslide"]

    (decisive,) = [one for one in here.explanation.conditions if one.met]
    (figure,) = decisive.values
    assert here.cause == domain.Cause(domain.CauseKind.ACTIVATION, upstream.id)
    assert (figure.metric, figure.value, figure.source) == ("response_11C01", 3.0, upstream.id)
    assert figure.observed_at == START
    assert decisive.note_en == (
        f"quake plan is in force at LEVEL_II ({upstream.id});"
        " the condition asks response_11C01 >= 3"
    )


def test_what_is_raised_above_raises_below_and_what_ends_above_ends_below_by_its_own_hold_down():
    played = chain()
    played.hear(magnitude=6.5)
    played.hear(deaths=60.0)
    raised = played.levels()

    played.hear(magnitude=0.0, deaths=0.0)
    played.wait(59)
    held = played.levels()
    played.wait(1)
    over_above = played.levels()
    played.wait(29)
    held_below = played.levels()
    played.wait(1)
    over_below = played.levels()
    played.wait(30)

    assert raised == held
    assert held == {"landslide": LEVEL_II, "quake": LEVEL_I, "roads": LEVEL_III}
    assert over_above == held_below == {"landslide": LEVEL_II, "roads": LEVEL_III}
    assert over_below == {"roads": LEVEL_III}
    assert played.levels() == {}


def test_a_response_below_or_beside_is_no_fact_here_and_one_above_is():
    district = ready(LANDSLIDE_PLAN)
    one = opened(QUAKE_PLAN, LEVEL_II)

    def severity(**about: Any) -> float | None:
        figures, _ = domain.responses(district, [replace(one, **about)], START)
        return figures["response_11C01"].value

    assert severity(jurisdiction=CITY) == 3.0
    assert severity(jurisdiction=SMALL) == 3.0
    assert severity(jurisdiction="410103") == 0.0
    assert severity(jurisdiction=SMALL + "001") == 0.0
    assert severity(emergency_type="11C01A") == 3.0
    assert severity(emergency_type="11B03") == 0.0
    assert severity(plan_id="landslide") == 0.0


def test_of_several_responses_the_most_severe_counts_and_of_equals_the_longest():
    district = ready(LANDSLIDE_PLAN)
    first, severe, late = (
        opened(QUAKE_PLAN, level, id=id, since=minutes)
        for level, id, minutes in (
            (LEVEL_III, "act_1", 0),
            (LEVEL_II, "act_2", 5),
            (LEVEL_II, "act_3", 9),
        )
    )

    def source(*standing: domain.Activation) -> str:
        figures, _ = domain.responses(district, standing, START)
        return figures["response_11C01"].source

    assert source(first, late, severe) == source(severe, first, late) == "act_2"


def test_a_plan_that_reads_its_own_kind_of_emergency_does_not_hold_itself_in_force():
    follower = written("district", QUAKE, {"LEVEL_III": upon(QUAKE, "LEVEL_II")}, place=SMALL)
    played = Chain(plans=(ready(QUAKE_PLAN), ready(follower)), values=dict(ZERO))
    played.hear()
    played.hear(magnitude=6.0)
    both = played.levels()

    played.hear(magnitude=0.0)
    played.wait(60 + 30)

    assert both == {"district": LEVEL_III, "quake": LEVEL_II}
    assert played.levels() == {}


def test_plans_that_would_hold_one_another_in_force_are_a_circle():
    back = written("quake-2", QUAKE, {"LEVEL_IV": upon("12C01", "LEVEL_IV")}, place=SMALL)
    others = [ready(LANDSLIDE_PLAN), ready(ROADS_PLAN)]

    with pytest.raises(domain.PlansInCircle) as refused:
        domain.check_circles(ready(back), others)

    assert refused.value.slug == "plans-in-circle"
    assert "quake-2 → landslide → roads → quake-2" in str(refused.value)


def test_a_chain_is_no_circle_and_neither_is_what_looks_up_to_a_wider_division():
    district = written("district", QUAKE, {"LEVEL_III": upon(QUAKE, "LEVEL_II")}, place=SMALL)
    every = [ready(text) for text in (*CHAIN, district)]

    for one in every:
        domain.check_circles(one, every)


def test_the_plans_that_a_change_may_reach_are_known_before_any_is_weighed():
    index = domain.index(tuple(map(ready, CHAIN)))

    assert index.reached(["quake"]) == {"quake", "landslide", "roads"}
    assert index.reached(["landslide"]) == {"landslide", "roads"}
    assert index.reached(["roads"]) == {"roads"}


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, float, int]]:
    count = draw(st.integers(0, 8))
    names = [draw(st.sampled_from(sorted(STEPS))) for _ in range(count)]
    return [
        (name, draw(st.sampled_from(STEPS[name])), draw(st.sampled_from((0, 20, 45, 90))))
        for name in names
    ]


@unhurried
@given(histories())
def test_the_same_history_gives_the_same_decisions_in_every_plan(history):
    def played() -> tuple[object, ...]:
        one = chain()
        for name, value, minutes in history:
            one.hear(**{name: value})
            one.wait(minutes)
        return one.told, one.levels(), one.look_again

    assert played() == played()


@unhurried
@given(st.permutations(sorted(STEPS)), st.permutations(sorted(STEPS)), st.data())
def test_the_order_of_independent_facts_does_not_matter_across_a_cascade(first, second, data):
    values = {name: data.draw(st.sampled_from(STEPS[name])) for name in sorted(STEPS)}

    one, other = chain(), chain()
    for played, order in ((one, first), (other, second)):
        for name in order:
            played.hear(**{name: values[name]})

    assert one.levels() == other.levels()
    assert one.look_again == other.look_again


@unhurried
@given(st.permutations(CHAIN), histories())
def test_the_order_in_which_the_plans_are_kept_does_not_matter(plans, history):
    one, other = chain(), Chain(plans=tuple(map(ready, plans)), values=dict(ZERO))
    other.hear()
    for played in (one, other):
        for name, value, minutes in history:
            played.hear(**{name: value})
            played.wait(minutes)

    assert one.levels() == other.levels()


@unhurried
@given(st.data())
def test_more_of_what_sets_off_the_first_plan_never_lowers_the_last(data):
    values = {name: data.draw(st.sampled_from(STEPS[name])) for name in sorted(STEPS)}
    name = data.draw(st.sampled_from(sorted(STEPS)))
    higher = data.draw(st.sampled_from([one for one in STEPS[name] if one >= values[name]]))

    less, more = chain(), chain()
    less.hear(**values)
    more.hear(**(values | {name: higher}))

    for plan_id in ("quake", "landslide", "roads"):
        assert not domain.is_above(less.levels().get(plan_id), more.levels().get(plan_id))


def opened(
    text: str, level: ResponseLevel, *, id: str = "act_1", since: int = 0
) -> domain.Activation:
    """An activation of the plan in force at the level."""
    played = Chain(plans=(ready(text),), values=ZERO | {"magnitude": 6.0})
    played.hear()
    (one,) = played.open.values()
    change = replace(one.history[-1], at=START + timedelta(minutes=since))
    return replace(one, id=domain.ActivationId(id), level=level, history=(change,))
